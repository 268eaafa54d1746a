//! From the start of the binary until it answers that it is ready, with 1,000 customers stored.

use std::time::{Duration, Instant};

use weighbridge::{Engine, Options};

use crate::rows;

pub async fn measure() {
    let folder = tempfile::tempdir().unwrap();
    Engine::init(&Options::at(folder.path())).await.unwrap();
    rows::filled(&folder.path().join("store.redb"), 1_000).await.close().await.unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = folder.path().join("weighbridge.toml");
    std::fs::write(&config, format!("listen = \"127.0.0.1:{port}\"\nlog = \"error\"\n")).unwrap();
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_weighbridge"))
            .args(["--data", folder.path().to_str().unwrap(), "serve", "--config", config.to_str().unwrap()])
            .spawn()
            .unwrap();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "it does not get ready");
            std::thread::sleep(Duration::from_micros(200));
        }
        times.push(begun.elapsed());
        std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        child.wait().unwrap();
    }
    times.sort_unstable();
    println!("start to ready, 1,000 customers: {} ms (median of 5)", times[2].as_millis());
}

//! A platform that says how many requests are left is left alone when none is.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::town::{Setting, Town};

/// A shop that has another page always, and allows one request an hour.
fn shop(asked: Arc<AtomicU64>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            asked.fetch_add(1, Ordering::Relaxed);
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let body = r#"{"data":[{"id":1,"number":"A","total":1,"status":"paid","customer":{"id":7}}],"next":"1"}"#;
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\nratelimit: \"hour\";r=0;t=3600\r\n";
            write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    address
}

#[test]
fn ends_a_run_as_rate_limited_where_the_platform_wants_an_hour() {
    let (town, asked) = (Town::settled(0, &Setting::default()), Arc::new(AtomicU64::new(0)));
    let document =
        Setting::default().document(&town.platforms).replace(&town.platforms.shop, &shop(Arc::clone(&asked)));
    town.apply(&document);
    let failed = town.fails(&["run", "acme/orders"], 1).json;
    assert_eq!(failed["failure"]["class"], "rate_limited", "{failed}");
    assert_eq!(failed["failure"]["code"], "egress.rate_limited", "{failed}");
    assert_eq!(asked.load(Ordering::Relaxed), 1, "the platform is asked once and then left alone");
}

//! What one small request costs: prints the CPU time of the client's own thread, the server's excluded.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement for a person at a terminal")]

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Map, json};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use weighbridge_egress::{Client, Credential, Parts, Reach, Request, Secret, Trusted};
use weighbridge_model::package::HostPattern;
use weighbridge_model::time::Timestamp;

const REQUESTS: u32 = 20_000;

fn main() {
    let port = serve();
    let pattern = format!("http://127.0.0.1:{port}");
    let scheme = json!({ "name": "main", "hosts": [pattern], "apply": { "kind": "bearer" } });
    let secrets = [("token", Secret::new("0123456789abcdef"))].into_iter().collect();
    let credential = Credential::new(serde_json::from_value(scheme).unwrap(), secrets, Map::new());
    let rule = HostPattern::parse(&pattern).unwrap().expand(&Map::new()).unwrap();
    let reach = Reach { manifest: vec![rule], granted: None, networks: vec!["127.0.0.1/32".parse().unwrap()] };
    let now = Arc::new(|| Timestamp::from_millis(0));
    let parts = Parts { credentials: vec![credential], ..Parts::new(reach, Trusted::new(None).unwrap(), now) };
    let client = Client::new(parts);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    for auth in [None, Some("main".to_owned())] {
        runtime.block_on(send(&client, &pattern, auth.clone(), 1_000));
        let (cpu, wall) = (cpu(), Instant::now());
        runtime.block_on(send(&client, &pattern, auth.clone(), REQUESTS));
        let (cpu, wall) = (self::cpu() - cpu, wall.elapsed());
        println!("auth {auth:?}: {:?} of CPU and {:?} of time a request", cpu / REQUESTS, wall / REQUESTS);
    }
}

async fn send(client: &Client, place: &str, auth: Option<String>, requests: u32) {
    for page in 0..requests {
        let request = Request {
            method: "GET".into(),
            url: format!("{place}/orders?page={page}"),
            headers: vec![("accept".into(), "application/json".into())],
            auth: auth.clone(),
            ..Request::default()
        };
        let mut response = client.send(request).await.unwrap();
        assert_eq!(response.body.read_all().await.unwrap().len(), 300);
    }
}

/// A server on a thread of its own; gives its port.
fn serve() -> u16 {
    let (sender, port) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap().port()).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let answer =
                    |_| async { Ok::<_, Infallible>(http::Response::new(Full::new(Bytes::from_static(&[120; 300])))) };
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(answer));
                tokio::spawn(connection);
            }
        });
    });
    port.recv().unwrap()
}

/// The CPU time of this thread so far (Linux).
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

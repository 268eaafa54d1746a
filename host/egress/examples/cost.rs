//! What one small request costs, and a large answer: prints the CPU time of the client's own thread, the server's
//! excluded.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement for a person at a terminal")]

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
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
const LARGE_BYTES: usize = 8 << 20;
/// Records as platforms answer them, of letters and digits that might begin a secret.
static RECORDS: LazyLock<Bytes> = LazyLock::new(|| {
    let record = |n: usize| format!("{{\"id\":{n},\"reference\":\"{:x}\",\"note\":\"0123 abcd\"}},\n", n * 0x9e37_79b9);
    (0..LARGE_BYTES / 40).map(record).collect::<String>().into()
});
const KINDS: [&str; 4] = ["none", "bearer", "hmac", "aws_sigv4"];

fn main() {
    let port = serve();
    let pattern = format!("http://127.0.0.1:{port}");
    let client = client(&pattern);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    for kind in KINDS {
        runtime.block_on(send(&client, &pattern, kind, 1_000));
        let (cpu, wall) = (cpu(), Instant::now());
        runtime.block_on(send(&client, &pattern, kind, REQUESTS));
        let (cpu, wall) = (self::cpu() - cpu, wall.elapsed());
        println!("{kind}: {:?} of CPU and {:?} of time a request", cpu / REQUESTS, wall / REQUESTS);
    }
    for kind in ["none", "bearer"] {
        // A client of its own, so that nothing went out yet that would be watched for.
        let client = self::client(&pattern);
        let cpu = cpu();
        for _ in 0..32 {
            runtime.block_on(get(&client, format!("{pattern}/large"), kind, LARGE_BYTES));
        }
        println!("{kind}: {:?} of CPU a MiB of the answer", (self::cpu() - cpu) / (32 * (LARGE_BYTES as u32 >> 20)));
    }
}

fn client(pattern: &str) -> Client {
    let send = json!({
        "sign": "{method}\n{target}\n{timestamp}\n{body_sha256_hex}",
        "headers": { "x-signature": "{signature}", "x-time": "{timestamp}" },
    });
    let applied = [
        json!({ "kind": "none" }),
        json!({ "kind": "bearer" }),
        json!({ "kind": "hmac", "algorithm": "sha256", "send": send }),
        json!({ "kind": "aws_sigv4", "region": "eu-central-1", "service": "s3" }),
    ];
    let names = ["token", "key", "access_key_id", "secret_access_key"];
    let credential = |(kind, apply): (&str, serde_json::Value)| {
        let scheme = json!({ "name": kind, "hosts": [pattern], "apply": apply });
        let secrets = names.map(|name| (name, Secret::new("0123456789abcdef0123456789abcdef"))).into_iter().collect();
        Credential::new(serde_json::from_value(scheme).unwrap(), secrets, Map::new())
    };
    let rule = HostPattern::parse(pattern).unwrap().expand(&Map::new()).unwrap();
    let reach = Reach { manifest: vec![rule], granted: None, networks: vec!["127.0.0.1/32".parse().unwrap()] };
    let credentials = KINDS.into_iter().zip(applied).map(credential).collect();
    let now = Arc::new(|| Timestamp::from_millis(1_749_988_800_000));
    Client::new(Parts { credentials, ..Parts::new(reach, Trusted::new(None).unwrap(), now) })
}

async fn send(client: &Client, place: &str, kind: &str, requests: u32) {
    for page in 0..requests {
        get(client, format!("{place}/orders?page={page}"), kind, 300).await;
    }
}

async fn get(client: &Client, url: String, kind: &str, bytes: usize) {
    let headers = vec![("accept".into(), "application/json".into())];
    let request = Request { method: "GET".into(), url, headers, auth: Some(kind.into()), ..Request::default() };
    let mut body = client.send(request).await.unwrap().body;
    let mut left = bytes;
    while left > 0 {
        left -= body.read(1 << 20).await.unwrap().len();
    }
    assert!(body.read(1).await.unwrap().is_empty());
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
                let answer = |request: http::Request<_>| async move {
                    let bytes = if request.uri().path() == "/large" { LARGE_BYTES } else { 300 };
                    Ok::<_, Infallible>(http::Response::new(Full::new(RECORDS.slice(..bytes))))
                };
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

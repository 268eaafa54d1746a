//! A host that listens, embedded in another program.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use weighbridge::{Engine, Options};
use weighbridge_server::{Callback, Server, Settings};

async fn serving(settings: Settings) -> (tempfile::TempDir, SocketAddr) {
    let folder = tempfile::tempdir().unwrap();
    Engine::init(&Options::at(folder.path())).await.unwrap();
    let engine = Engine::open(Options::at(folder.path())).await.unwrap();
    let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().with(settings).unwrap();
    let address = server.address().unwrap();
    tokio::spawn(server.serve(engine, Callback::under(&format!("http://{address}")).unwrap()));
    (folder, address)
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_told_so() {
    let settings = Settings { request_time: Duration::from_millis(200), ..Settings::default() };
    let (_folder, address) = serving(settings).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        "POST /api/v1/sessions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let length = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("request.too_slow"), "{answer}");
}

#[tokio::test]
async fn whoever_reads_nothing_loses_the_connection_and_the_next_one_has_its_place() {
    let settings = Settings { connections_max: 1, ..Settings::default() };
    let (_folder, address) = serving(settings).await;
    let mut greedy = TcpStream::connect(address).await.unwrap();
    let flooding = tokio::spawn(async move {
        let request = "GET /api/v1/openapi.json HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100);
        // Far more than what fits between the two, of which nothing is read.
        while greedy.write_all(request.as_bytes()).await.is_ok() {}
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut next = TcpStream::connect(address).await.unwrap();
    next.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    let early = tokio::time::timeout(Duration::from_secs(2), next.read_to_string(&mut answer)).await;
    assert!(early.is_err(), "there was to be no place yet: {answer}");
    tokio::time::timeout(Duration::from_secs(60), next.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    flooding.await.unwrap();
}

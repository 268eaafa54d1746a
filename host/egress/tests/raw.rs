//! A server that sends the bytes it is given, be they HTTP or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use weighbridge_egress::{Client, Credential, Limits, Parts, Reach, Request};

use super::platform::{now, rule, trusted};

/// What is sent for `/odd`. Any other path gets a plain answer with the path in it.
#[derive(Clone)]
pub(crate) enum Odd {
    /// These bytes; the connection stays open.
    Once(Vec<u8>),
    /// These bytes, and then the end of the connection.
    Closing(Vec<u8>),
    /// The first bytes, and then the others without an end, with a pause between.
    Endless(Vec<u8>, Vec<u8>, Duration),
}

pub(crate) struct Raw {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
    flooding: Arc<AtomicUsize>,
}

impl Raw {
    pub(crate) async fn start(odd: Odd) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let raw = Self { port, connections: Arc::default(), flooding: Arc::default() };
        let (connections, flooding) = (Arc::clone(&raw.connections), Arc::clone(&raw.flooding));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connections.fetch_add(1, SeqCst);
                tokio::spawn(serve(stream, odd.clone(), Arc::clone(&flooding)));
            }
        });
        raw
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(SeqCst)
    }

    /// Waits until nobody listens to an endless answer any more.
    pub(crate) async fn check_flood_is_over(&self) {
        for _ in 0..200 {
            if self.flooding.load(SeqCst) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the connection is still open");
    }

    pub(crate) fn place(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn client(&self, credentials: Vec<Credential>) -> Client {
        let networks = vec!["127.0.0.1/32".parse().unwrap()];
        let reach = Reach { manifest: vec![rule(&self.place())], granted: None, networks };
        let limits = Limits { response_bytes: 100_000, ..Limits::default() };
        Client::new(Parts { credentials, limits, ..Parts::new(reach, trusted(), now()) })
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        Request { method: method.into(), url: format!("{}{path}", self.place()), ..Request::default() }
    }
}

async fn serve(mut stream: TcpStream, odd: Odd, flooding: Arc<AtomicUsize>) {
    let mut seen = Vec::new();
    loop {
        let Some(end) = seen.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            let mut more = [0; 4096];
            match stream.read(&mut more).await {
                Ok(bytes @ 1..) => seen.extend_from_slice(&more[..bytes]),
                _ => return,
            }
            continue;
        };
        let head = String::from_utf8(seen.drain(..end + 4).collect()).unwrap();
        let path = head.split(' ').nth(1).unwrap();
        if path != "/odd" {
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{path}", path.len());
            stream.write_all(answer.as_bytes()).await.ok();
        } else if send(&mut stream, &odd, &flooding).await.is_none() {
            return;
        }
    }
}

/// Nothing when the connection is over.
async fn send(stream: &mut TcpStream, odd: &Odd, flooding: &AtomicUsize) -> Option<()> {
    match odd {
        Odd::Once(bytes) => stream.write_all(bytes).await.ok(),
        Odd::Closing(bytes) => {
            stream.write_all(bytes).await.ok();
            stream.shutdown().await.ok();
            None
        }
        Odd::Endless(first, others, pause) => {
            flooding.fetch_add(1, SeqCst);
            stream.write_all(first).await.ok();
            while stream.write_all(others).await.is_ok() {
                tokio::time::sleep(*pause).await;
            }
            flooding.fetch_sub(1, SeqCst);
            None
        }
    }
}

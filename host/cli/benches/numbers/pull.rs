//! Pages of 1,000 records a second: one that is asked for again, beside a bare hyper server that sends the same bytes, and
//! first pages, which are read from the shop, billed and kept, for 1, 8 and 64 clients at once.

use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use data_encoding::BASE64;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;

use crate::town::{Host, Setting, Town};

const RECORDS: u32 = 1_000;
const TIME: Duration = Duration::from_secs(4);
const CLIENTS: [usize; 3] = [1, 8, 64];

/// A connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
    request: String,
}

impl Client {
    fn new(address: &str, path: &str, credentials: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Basic {credentials}\r\n\r\n");
        Self { stream: BufReader::with_capacity(1 << 18, stream), request }
    }

    /// One page, whole.
    fn page(&mut self) -> Vec<u8> {
        self.stream.get_mut().write_all(self.request.as_bytes()).unwrap();
        let (mut line, mut length, mut status) = (String::new(), 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        assert!(status.contains(" 200 "), "{status}{}", String::from_utf8_lossy(&body));
        body
    }
}

/// Pages a second of all clients together.
fn rate(clients: Vec<Client>) -> f64 {
    let (begun, count) = (Instant::now(), clients.len());
    let threads = clients.into_iter().map(|mut client| {
        thread::spawn(move || {
            let mut pages = 0_u32;
            while begun.elapsed() < TIME {
                client.page();
                pages += 1;
            }
            pages
        })
    });
    let threads: Vec<_> = threads.collect();
    assert_eq!(threads.len(), count);
    let pages: u32 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    f64::from(pages) / begun.elapsed().as_secs_f64()
}

/// A server that knows nothing but these bytes.
fn bare(body: Vec<u8>) -> String {
    let body = Bytes::from(body);
    let (told, address) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap().to_string()).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let body = body.clone();
                let service = service_fn(move |_| {
                    let body = body.clone();
                    async move { Ok::<_, Infallible>(hyper::Response::new(Full::new(body))) }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
    });
    address.recv().unwrap()
}

/// A third party: its Connection ID and key as they are sent.
fn access(town: &Town, number: usize) -> String {
    let name = format!("client {number}");
    let made = town.works(&["service", "add", "acme", "--name", &name, "--endpoints", "orders"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    BASE64.encode(format!("{}:{}", text(&made["service"]["access_id"]), text(&made["key"])).as_bytes())
}

pub fn measure() {
    let setting = Setting { page: RECORDS, ..Setting::default() };
    let town = Town::settled(u64::from(RECORDS) * 3, &setting);
    let host = Host::start(&town);
    let first = format!("/pull/v1/orders/records?limit={RECORDS}");
    let clients: Vec<String> = (0..64).map(|number| access(&town, number)).collect();

    let page: Value = serde_json::from_slice(&Client::new(&host.address, &first, &clients[0]).page()).unwrap();
    let again = format!("{first}&cursor={}", page["next"].as_str().unwrap());
    let body = Client::new(&host.address, &again, &clients[0]).page();
    let bytes = body.len();
    let bare = bare(body);
    for count in [1, 8] {
        let of = |address: &str| (0..count).map(|_| Client::new(address, &again, &clients[0])).collect();
        // Side by side, so that both meet the same machine.
        let (mut ours, mut theirs) = (0.0_f64, 0.0_f64);
        for _ in 0..2 {
            ours = ours.max(rate(of(&host.address)));
            theirs = theirs.max(rate(of(&bare)));
        }
        println!(
            "a page of {RECORDS} records ({} kB) asked for again, {count} clients: {ours:.0} pages/s beside {theirs:.0} of \
             bare hyper (×{:.2})",
            bytes / 1_000,
            ours / theirs
        );
    }
    for count in CLIENTS {
        let pages = rate(clients.iter().take(count).map(|one| Client::new(&host.address, &first, one)).collect());
        println!("first pages of {RECORDS} records, read, billed and kept, {count} clients: {pages:.0} pages/s");
    }
}

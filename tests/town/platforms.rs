//! The two small platforms, in a process of their own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Ended when it is dropped.
pub struct Platforms {
    child: Child,
    pub shop: String,
    pub warehouse: String,
}

impl Platforms {
    pub fn start(orders: u64) -> Self {
        let (anywhere, orders) = ("127.0.0.1:0", orders.to_string());
        let words = ["platforms", "--calm", "--shop", anywhere, "--warehouse", anywhere, "--orders", &orders];
        let mut child = Command::new(super::BINARY).args(words).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value = serde_json::from_str(&line).unwrap();
        let at = |name: &str| addresses[name].as_str().unwrap().to_owned();
        Self { child, shop: at("shop"), warehouse: at("warehouse") }
    }

    /// The id of their process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What the warehouse counts.
    pub fn summary(&self) -> Value {
        serde_json::from_str(&self.ask("GET", "/summary", "")).unwrap()
    }

    /// Every line the warehouse has.
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The same, as they came.
    pub fn text(&self) -> String {
        self.ask("GET", "/lines", "")
    }

    /// The warehouse answers so late.
    pub fn slow(&self, ms: u64) {
        self.ask("POST", "/settings", &format!("{{\"slow_ms\": {ms}}}"));
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        request(self.warehouse.strip_prefix("http://").unwrap(), method, path, body)
    }
}

/// One request over a connection of its own; the body of the answer.
pub fn request(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

impl Drop for Platforms {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

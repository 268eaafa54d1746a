//! A client of the API.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub head: String,
    pub text: String,
}

impl Answered {
    /// Reads what came over the wire.
    pub fn parse(answer: &str) -> Self {
        let (head, text) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Self { status, head: head.to_owned(), text: text.to_owned() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The stable code of a problem; nothing where it is none.
    pub fn code(&self) -> String {
        serde_json::from_str::<Value>(&self.text)
            .ok()
            .and_then(|body| body["code"].as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// A header's value; names are compared in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The status and the code of a problem, which must have all that a problem has.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status, "{self:?}");
        for field in ["title", "next_step", "type"] {
            assert!(body[field].as_str().is_some_and(|text| text.len() > 9), "{field} of {self:?}");
        }
        (self.status, self.code())
    }

    /// What it gave, which must have worked.
    pub fn worked(self) -> Value {
        assert!(self.status < 300, "{}: {}", self.status, self.text);
        self.json()
    }
}

/// Whoever asks, by the secret that they send.
pub struct Client<'a> {
    pub address: &'a str,
    pub secret: Option<String>,
}

impl<'a> Client<'a> {
    pub const fn stranger(address: &'a str) -> Self {
        Self { address, secret: None }
    }

    pub fn with(address: &'a str, secret: &str) -> Self {
        Self { address, secret: Some(secret.to_owned()) }
    }

    pub fn get(&self, path: &str) -> Answered {
        self.ask("GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answered {
        self.ask("POST", path, Some(body))
    }

    /// A request under `/api/v1`.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answered {
        self.send(method, &format!("/api/v1{path}"), &[], body)
    }

    pub fn send(&self, method: &str, path: &str, lines: &[&str], body: Option<&Value>) -> Answered {
        let body = body.map(Value::to_string).unwrap_or_default();
        let kind = (!body.is_empty()).then_some("content-type: application/json");
        let secret = self.secret.as_ref().map(|secret| format!("authorization: Bearer {secret}"));
        let own = kind.into_iter().chain(secret.as_deref());
        ask(self.address, method, path, &own.chain(lines.iter().copied()).collect::<Vec<_>>(), &body)
    }
}

/// One request with these header lines.
pub fn ask(address: &str, method: &str, path: &str, lines: &[&str], body: &str) -> Answered {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{lines}");
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    Answered::parse(&raw(address, request.as_bytes()))
}

/// Sends bytes as they are, and reads all that comes back.
pub fn raw(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // A host that closes early may reset the connection: what came before counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

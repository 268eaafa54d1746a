//! A client of the API.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

/// What came back.
pub struct Answered {
    pub status: u16,
    pub head: String,
    pub text: String,
}

impl Answered {
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
        self.send(method, &format!("/api/v1{path}"), "", body)
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> Answered {
        let body = body.map(Value::to_string).unwrap_or_default();
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let secret = self.secret.as_ref().map(|secret| format!("authorization: Bearer {secret}\r\n"));
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{kind}{}{headers}content-length: {}\r\n\r\n{body}",
            self.address,
            secret.unwrap_or_default(),
            body.len(),
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Answered { status, head: head.to_lowercase(), text: text.to_owned() }
    }
}

//! A host that serves, and a third party in front of it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use data_encoding::BASE64;
use serde_json::Value;

use crate::town::{Host, Setting, Town};

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
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
        (self.status, body["code"].as_str().unwrap().to_owned())
    }
}

/// Sends bytes as they are, and reads all that comes back.
pub fn raw(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // A host that closes early may reset the connection: what came before counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// One request with these header lines.
pub fn send(address: &str, method: &str, path: &str, lines: &[&str], body: &str) -> Reply {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let request =
        format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{lines}{length}\r\n{body}");
    parse(&raw(address, request.as_bytes()))
}

pub fn parse(answer: &str) -> Reply {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Reply { status, head: head.to_owned(), body: body.to_owned() }
}

pub struct Desk {
    pub town: Town,
    pub host: Host,
    pub id: String,
    pub key: String,
    /// What the third party was told.
    pub message: String,
}

/// What the source says of its orders.
const SCHEMA: &str = r#"[customer.connection.configuration.streams.orders.schema]
type = "object"
[customer.connection.configuration.streams.orders.schema.properties]
id = { type = "integer", description = "The number of the order." }
number = { type = "string" }
total = { type = "string", description = "With <tax>." }
status = { enum = ["open", "paid"] }
customer = { type = "object", properties = { id = { type = "integer" } } }

"#;

impl Desk {
    pub fn new(orders: u64, words: &[&str]) -> Self {
        let town = Town::settled(orders, &Setting::default());
        Self::over(town, words)
    }

    /// The same, where the source says which fields its records have.
    pub fn with_schema(orders: u64) -> Self {
        let town = Town::bare(orders);
        town.works(&["init"]);
        town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
        town.install("rest");
        let document = Setting::default().document(&town.platforms);
        // The next connection begins after the orders' stream.
        let end = document.find("[[customer.connection]]\nname = \"warehouse\"").unwrap();
        let document = format!("{}{SCHEMA}{}", &document[..end], &document[end..]);
        town.apply(&document);
        Self::over(town, &[])
    }

    fn over(town: Town, words: &[&str]) -> Self {
        let host = Host::start(&town);
        let add = ["service", "add", "acme", "--name", "Outsourced CRM", "--endpoints", "orders"];
        let made = town.works(&[&add[..], words].concat());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (id, key) = (text(&made["service"]["access_id"]), text(&made["key"]));
        Self { host, id, key, message: text(&made["message"]), town }
    }

    pub fn basic(&self) -> String {
        format!("authorization: Basic {}", BASE64.encode(format!("{}:{}", self.id, self.key).as_bytes()))
    }

    pub fn get(&self, path: &str) -> Reply {
        self.get_as(path, &[])
    }

    pub fn get_as(&self, path: &str, lines: &[&str]) -> Reply {
        let basic = self.basic();
        send(&self.host.address, "GET", &format!("/pull/v1/{path}"), &[&[basic.as_str()], lines].concat(), "")
    }

    /// Says something of the service at the command line.
    pub fn service(&self, words: &[&str]) -> Value {
        self.town.works(&[&["service", words[0], "acme", "Outsourced CRM"], &words[1..]].concat())
    }
}

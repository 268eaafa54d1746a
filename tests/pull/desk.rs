//! A host that serves, and a third party in front of it.

use data_encoding::BASE64;
use serde_json::Value;

use crate::town::{Answered, Host, Setting, Town, ask};

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

    pub fn get(&self, path: &str) -> Answered {
        self.get_as(path, &[])
    }

    pub fn get_as(&self, path: &str, lines: &[&str]) -> Answered {
        let basic = self.basic();
        ask(&self.host.address, "GET", &format!("/pull/v1/{path}"), &[&[basic.as_str()], lines].concat(), "")
    }

    /// Says something of the service at the command line.
    pub fn service(&self, words: &[&str]) -> Value {
        self.town.works(&[&["service", words[0], "acme", "Outsourced CRM"], &words[1..]].concat())
    }
}

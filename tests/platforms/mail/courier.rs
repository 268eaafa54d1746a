//! Courier: one mailbox behind a password or a key, pages by their numbers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::server::{Asked, Platform, Said, Server, refused};

pub(super) const MAILBOX: &str = "ada@example.com";
pub(super) const PASSWORD: &str = "app-password-of-ada-1234";
pub(super) const KEY: &str = "courier-key-of-ada-567890";

#[derive(Default)]
pub(super) struct Box {
    pub(super) outbox: BTreeMap<String, Vec<Value>>,
    pub(super) archive: BTreeMap<String, Value>,
    pub(super) pages: Vec<usize>,
    pub(super) requests: u64,
}

struct Courier {
    mail: Vec<Value>,
    held: Mutex<Box>,
}

pub(super) struct Running {
    pub(super) server: Server,
    courier: Arc<Courier>,
}

fn mail(number: u32) -> Value {
    json!({
        "uid": number,
        "envelope": {
            "message_id": format!("<{number}/a@example.com>"),
            "sender": { "name": "Bo", "address": "bo@example.com" },
            "subject": format!("Invoice {number}"),
            "sent": format!("Wed, 01 Jul 2026 12:{:02}:00 +0200", number % 60),
        },
        "body": { "plain": format!("Total: {number}.234,50") },
    })
}

impl Running {
    pub(super) fn start(count: u32) -> Self {
        let courier = Arc::new(Courier { mail: (1..=count).map(mail).collect(), held: Mutex::default() });
        Self { server: Server::start(Arc::clone(&courier)), courier }
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Box) -> T) -> T {
        look(&self.courier.held.lock().unwrap())
    }
}

impl Platform for Courier {
    fn answer(&self, asked: &Asked) -> Said {
        let basic = data_encoding::BASE64.encode(format!("ada:{PASSWORD}").as_bytes());
        let signed_in =
            asked.header("authorization") == format!("Basic {basic}") || asked.header("x-courier-key") == KEY;
        if !signed_in {
            return refused(401, "who are you?");
        }
        if asked.header("accept") != "application/vnd.courier+json" {
            return refused(406, "ask for application/vnd.courier+json");
        }
        let steps: Vec<&str> = asked.steps.iter().map(String::as_str).collect();
        let ["api", "mailboxes", MAILBOX, rest @ ..] = steps.as_slice() else { return refused(404, "no such mailbox") };
        let mut held = self.held.lock().unwrap();
        held.requests += 1;
        if held.requests == 2 {
            return refused(418, "not so fast");
        }
        match (asked.method.as_str(), rest) {
            ("GET", ["mail"]) => {
                let (page, size) = (asked.number("page", 1), asked.number("per_page", 5));
                held.pages.push(page);
                let results: Vec<_> = self.mail.iter().skip((page - 1) * size).take(size).collect();
                (200, json!({ "results": results, "page": page }))
            }
            ("POST", ["outbox"]) => held.send(asked),
            ("PUT", ["archive", id]) => {
                held.archive.insert((*id).to_owned(), asked.json());
                (200, json!({ "uid": 9_000 + held.archive.len() }))
            }
            ("DELETE", ["archive", id]) => match held.archive.remove(*id) {
                Some(_) => (200, json!({})),
                None => refused(404, "it is not in the archive"),
            },
            _ => refused(404, "there is nothing here"),
        }
    }
}

impl Box {
    /// Each of up to ten mails is accepted or refused; the same key sends once.
    fn send(&mut self, asked: &Asked) -> Said {
        let mails = asked.json().as_array().unwrap().clone();
        let key = asked.header("x-courier-request").to_owned();
        assert!(!key.is_empty() && mails.len() <= 10, "a write has a key, and ten mails at most");
        let accepted = |(index, _): (usize, &Value)| json!({ "uid": 7_000 + index });
        let accepted: Vec<Value> = mails.iter().enumerate().map(accepted).collect();
        self.outbox.entry(key).or_insert(mails);
        (200, json!({ "accepted": accepted, "refused": [] }))
    }
}

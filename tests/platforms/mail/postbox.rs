//! Postbox: folders and messages behind tokens, pages by a cursor.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::server::{Asked, Platform, Said, Server, refused};

/// Who says whether a token is good.
pub(crate) enum Tokens {
    /// Postbox itself, for accounts without a person: its tokens come from `/token`.
    Own,
    /// An authorisation server, asked about every token (RFC 7662).
    Introspected { provider: String, secret: String },
}

#[derive(Default)]
struct Account {
    /// By folder and id.
    messages: BTreeMap<(String, String), Value>,
    sent: BTreeMap<String, Value>,
    asked: Vec<String>,
    introspected: u64,
}

struct Postbox {
    tokens: Tokens,
    account: Mutex<Account>,
}

pub(crate) struct Running {
    pub(crate) server: Server,
    postbox: Arc<Postbox>,
}

const TOKEN: &str = "postbox-own-token-0123456789";

/// So many messages in the inbox; every fortieth was deleted.
fn inbox(count: u32) -> BTreeMap<(String, String), Value> {
    let message = |number: u32| {
        let id = format!("m{number:04}");
        let changed_at = format!("2026-07-{:02}T10:{:02}:00Z", 1 + number / 60, number % 60);
        let message = json!({
            "id": id, "changed_at": changed_at, "deleted": number.is_multiple_of(40),
            "from": format!("Ada {number} <ada{number}@example.com>"),
            "to": ["bo@example.com"], "subject": format!("Offer {number}"), "text": "Good day.\n",
        });
        (("inbox".to_owned(), id), message)
    };
    (1..=count).map(message).collect()
}

impl Running {
    pub(crate) fn start(tokens: Tokens, messages: u32) -> Self {
        let account = Account { messages: inbox(messages), ..Account::default() };
        let postbox = Arc::new(Postbox { tokens, account: Mutex::new(account) });
        Self { server: Server::start(Arc::clone(&postbox)), postbox }
    }

    /// What was asked, as methods and paths with their queries.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.postbox.account.lock().unwrap().asked.clone()
    }

    pub(super) fn sent(&self) -> Vec<Value> {
        self.postbox.account.lock().unwrap().sent.values().cloned().collect()
    }

    pub(super) fn introspected(&self) -> u64 {
        self.postbox.account.lock().unwrap().introspected
    }

    /// A message changes, or is deleted.
    pub(super) fn change(&self, id: &str, changed_at: &str, deleted: bool) {
        let mut account = self.postbox.account.lock().unwrap();
        let message = account.messages.get_mut(&("inbox".to_owned(), id.to_owned())).unwrap();
        message["changed_at"] = changed_at.into();
        message["deleted"] = deleted.into();
    }
}

impl Platform for Postbox {
    fn answer(&self, asked: &Asked) -> Said {
        let steps: Vec<&str> = asked.steps.iter().map(String::as_str).collect();
        if let (Tokens::Own, ["token"]) = (&self.tokens, steps.as_slice()) {
            return (200, json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600 }));
        }
        let token = asked.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
        if !self.is_good(token) {
            return refused(401, "this token is not good");
        }
        let mut account = self.account.lock().unwrap();
        account.asked.push(format!("{} /{}", asked.method, steps.join("/")));
        match (asked.method.as_str(), steps.as_slice()) {
            ("GET", ["v1", "folders"]) => (
                200,
                json!({ "folders": [{ "id": "inbox", "name": "Inbox", "unread": 3 }, { "id": "old", "name": "Old" }] }),
            ),
            ("GET", ["v1", "folders", folder, "messages"]) => account.page(folder, asked),
            ("PUT", ["v1", "folders", folder, "messages", id]) => {
                account.messages.insert(((*folder).to_owned(), (*id).to_owned()), asked.json());
                (200, json!({ "id": id }))
            }
            ("DELETE", ["v1", "folders", folder, "messages", id]) => {
                let gone = account.messages.remove(&((*folder).to_owned(), (*id).to_owned()));
                gone.map_or_else(|| refused(404, "no such message"), |_| (200, json!({})))
            }
            ("POST", ["v1", "messages", "send"]) => account.send(asked),
            _ => refused(404, "there is nothing here"),
        }
    }
}

impl Account {
    fn page(&self, folder: &str, asked: &Asked) -> Said {
        let since = asked.parameter("changed_since").unwrap_or_default();
        let mut messages: Vec<&Value> = self
            .messages
            .iter()
            .filter(|((of, _), message)| of == folder && message["changed_at"].as_str().unwrap() >= since)
            .map(|(_, message)| message)
            .collect();
        messages.sort_by_key(|message| message["changed_at"].as_str().unwrap().to_owned());
        let limit = asked.number("limit", 10);
        let start = asked.parameter("cursor").map_or(0, |cursor| cursor.strip_prefix("at ").unwrap().parse().unwrap());
        let end = messages.len().min(start + limit);
        let next = if end < messages.len() { format!("at {end}").into() } else { Value::Null };
        (200, json!({ "items": messages[start..end], "page": { "next": next } }))
    }

    /// The same key sends once.
    fn send(&mut self, asked: &Asked) -> Said {
        let message = asked.json();
        if message["to"].as_array().is_none_or(Vec::is_empty) {
            return refused(422, "a message goes to somebody");
        }
        let key = asked.header("idempotency-key").to_owned();
        assert!(!key.is_empty(), "a write has a key");
        let count = self.sent.len();
        let sent = self.sent.entry(key).or_insert_with(|| {
            let mut message = message;
            message["id"] = format!("s{count}").into();
            message
        });
        (200, json!({ "id": sent["id"] }))
    }
}

impl Postbox {
    fn is_good(&self, token: &str) -> bool {
        match &self.tokens {
            Tokens::Own => token == TOKEN,
            Tokens::Introspected { provider, secret } => {
                self.account.lock().unwrap().introspected += 1;
                let answer = introspect(provider, secret, token);
                answer["active"] == true && answer["scope"].as_str().unwrap().split(' ').any(|scope| scope == "mail")
            }
        }
    }
}

fn introspect(provider: &str, secret: &str, token: &str) -> Value {
    let basic = data_encoding::BASE64.encode(format!("mail-api:{secret}").as_bytes());
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("token", token).finish();
    let mut stream = TcpStream::connect(provider).unwrap();
    write!(
        stream,
        "POST /token/introspection HTTP/1.1\r\nhost: {provider}\r\nconnection: close\r\nauthorization: Basic {basic}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

//! A warehouse that honours idempotency keys: a known key has no second effect, and answers 422 with another body.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Platform, answer};

/// What the warehouse has, and how it came there.
#[derive(Default)]
struct Stock {
    /// By id, for `PUT /lines`.
    by_id: BTreeMap<String, String>,
    /// In order, for `POST /lines`.
    appended: Vec<String>,
    /// What each key carried, and how often it came.
    keys: BTreeMap<String, (Vec<u8>, u64)>,
    /// Keys that came with another body.
    conflicts: u64,
    /// Each request waits so long after it took effect, as a slow platform does.
    slow_ms: u64,
    /// Lines are taken and counted, and not kept.
    forgetful: bool,
    taken: u64,
}

#[derive(Default)]
pub(crate) struct Warehouse(Mutex<Stock>);

impl Warehouse {
    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lines it has.
    pub(crate) fn lines(&self) -> usize {
        let stock = self.stock();
        stock.by_id.len() + stock.appended.len()
    }

    /// One of them, to look at.
    pub(crate) fn sample(&self) -> Option<String> {
        self.stock().by_id.values().next().cloned()
    }

    /// Takes lines under a key.
    fn take(&self, request: &Request<()>, body: &Bytes, keep: fn(&mut Stock, &str)) -> Response<Full<Bytes>> {
        let Some(key) = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()) else {
            return answer::error(400, "an Idempotency-Key is wanted");
        };
        let digest = Sha256::digest(body).to_vec();
        let mut stock = self.stock();
        if let Some((known, times)) = stock.keys.get_mut(key) {
            *times += 1;
            if *known != digest {
                stock.conflicts += 1;
                return answer::error(422, "this key came before, with another body");
            }
            return answer::json(200, &json!({ "repeated": true }));
        }
        stock.keys.insert(key.to_owned(), (digest, 1));
        let Ok(text) = std::str::from_utf8(body) else { return answer::error(400, "the body is not UTF-8") };
        text.lines().for_each(|line| keep(&mut stock, line));
        let slow = stock.slow_ms;
        drop(stock);
        if slow > 0 {
            std::thread::sleep(Duration::from_millis(slow));
        }
        answer::json(200, &json!({ "repeated": false }))
    }

    fn set(&self, body: &Bytes) -> Response<Full<Bytes>> {
        let wanted: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut stock = self.stock();
        stock.slow_ms = wanted["slow_ms"].as_u64().unwrap_or(0);
        stock.forgetful = wanted["forgetful"].as_bool().unwrap_or(false);
        answer::json(200, &wanted)
    }

    fn summary(&self) -> Response<Full<Bytes>> {
        let stock = self.stock();
        let repeated = stock.keys.values().filter(|(_, times)| *times > 1).count();
        let lines = stock.by_id.len() + stock.appended.len();
        answer::json(
            200,
            &json!({ "lines": lines, "keys": stock.keys.len(), "repeated_keys": repeated, "conflicts": stock.conflicts,
                "taken": stock.taken }),
        )
    }

    fn all(&self) -> Response<Full<Bytes>> {
        let stock = self.stock();
        let lines: Vec<&str> = stock.by_id.values().chain(&stock.appended).map(String::as_str).collect();
        answer::bytes(200, lines.join("\n").into())
    }
}

fn upsert(stock: &mut Stock, line: &str) {
    stock.taken += 1;
    if stock.forgetful {
        return;
    }
    let id = serde_json::from_str::<Value>(line).map(|record| record["id"].to_string()).unwrap_or_default();
    stock.by_id.insert(id, line.to_owned());
}

fn append(stock: &mut Stock, line: &str) {
    stock.taken += 1;
    if !stock.forgetful {
        stock.appended.push(line.to_owned());
    }
}

impl Platform for Warehouse {
    fn answer(&self, request: &Request<()>, body: &Bytes) -> Response<Full<Bytes>> {
        match (request.method().as_str(), request.uri().path()) {
            ("PUT", "/lines") => self.take(request, body, upsert),
            ("POST", "/lines") => self.take(request, body, append),
            ("GET", "/lines") => self.all(),
            ("GET", "/summary") => self.summary(),
            ("POST", "/settings") => self.set(body),
            _ => answer::error(404, "there are /lines, /summary and /settings"),
        }
    }
}

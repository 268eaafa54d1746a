//! A shop with a real catalogue: it pages, asks for patience, and fails now and then.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};

use super::{Platform, answer};

/// What the shop wants to see in `Authorization: Bearer …`.
pub(crate) const TOKEN: &str = "demo-token-that-no-connector-sees";

/// 5,994 round cut diamonds with their prices: every ninth row of the data set `diamonds` of the R package ggplot2 (MIT
/// licence, © ggplot2 authors).
const DIAMONDS: &str = include_str!("../demo/diamonds.csv");
const PAGE_MAX: usize = 1_000;

pub(crate) struct Shop {
    diamonds: Vec<String>,
    orders: Vec<String>,
    calm: bool,
    requests: AtomicU64,
}

impl Shop {
    pub(crate) fn new(orders: u64, calm: bool) -> Self {
        let diamonds = DIAMONDS.lines().skip(1).zip(1..).map(|(row, id)| diamond(id, row)).collect();
        Self { diamonds, orders: (1..=orders).map(order).collect(), calm, requests: AtomicU64::new(0) }
    }

    pub(crate) fn diamonds(&self) -> usize {
        self.diamonds.len()
    }

    /// Every seventh request comes too early, every eleventh meets a fault.
    fn trouble(&self) -> Option<Response<Full<Bytes>>> {
        let request = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        if self.calm {
            return None;
        }
        if request.is_multiple_of(7) {
            let mut response = answer::error(429, "slow down");
            response.headers_mut().insert("retry-after", http::HeaderValue::from_static("1"));
            return Some(response);
        }
        request.is_multiple_of(11).then(|| answer::error(503, "the shop stumbled; ask again"))
    }
}

impl Platform for Shop {
    fn answer(&self, request: &Request<()>, _body: &Bytes) -> Response<Full<Bytes>> {
        let token = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if token != Some(&format!("Bearer {TOKEN}")) {
            return answer::error(401, "who are you?");
        }
        if let Some(trouble) = self.trouble() {
            return trouble;
        }
        let records = match request.uri().path() {
            "/diamonds" => &self.diamonds,
            "/orders" => &self.orders,
            _ => return answer::error(404, "there are /diamonds and /orders"),
        };
        page(records, request)
    }
}

/// `{"data": […], "next": "…"}`, the records after `after` or with an id of at least `since`.
fn page(records: &[String], request: &Request<()>) -> Response<Full<Bytes>> {
    let number = |name| answer::parameter(request, name).and_then(|value| value.parse::<usize>().ok());
    let limit = number("limit").unwrap_or(100).clamp(1, PAGE_MAX);
    let since = number("since").map_or(0, |since| since.saturating_sub(1));
    let start = number("after").unwrap_or(since).min(records.len());
    let end = (start + limit).min(records.len());
    let mut body = String::with_capacity(limit * 350);
    body.push_str("{\"data\":[");
    body.push_str(&records[start..end].join(","));
    let next = if end < records.len() { format!("\"{end}\"") } else { "null".into() };
    let _ = write!(body, "],\"next\":{next}}}");
    answer::bytes(200, body.into())
}

fn diamond(id: u64, row: &str) -> String {
    let cells: Vec<&str> = row.split(',').map(|cell| cell.trim_matches('"')).collect();
    let [carat, cut, color, clarity, depth, table, price, x, y, z] = cells.as_slice() else { return "{}".into() };
    format!(
        r#"{{"id":{id},"carat":{carat},"cut":"{cut}","color":"{color}","clarity":"{clarity}","depth":{depth},"table":{table},"price_usd":{price},"size_mm":{{"x":{x},"y":{y},"z":{z}}}}}"#
    )
}

/// About 300 bytes, as an order of a real shop has.
fn order(id: u64) -> String {
    let (customer, cents) = (id * 7_919 % 100_003, id * 104_729 % 1_000_000);
    format!(
        r#"{{"id":{id},"number":"SO-{id:08}","customer":{{"id":{customer},"name":"Customer {customer:06}","country":"PL"}},"currency":"EUR","total":"{}.{:02}","lines":{},"status":"{}","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-02-01T00:00:00Z","note":"Please leave the parcel at the door."}}"#,
        cents / 100,
        cents % 100,
        id % 9 + 1,
        if id.is_multiple_of(5) { "open" } else { "paid" },
    )
}

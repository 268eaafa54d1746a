//! One platform in three languages, side by side: `cargo run --release -p weighbridge-workshop --example languages`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that fails says where, and prints a table"
)]

use std::path::Path;

use serde_json::{Map, json};
use weighbridge_forge::{BuildArgs, build};
use weighbridge_sandbox::{Answer, SyncMode};
use weighbridge_workshop::{Answered, Asked, Body, Drill, Header, Measured, Platform, ReadDrill, Venue, measure};

const RECORDS: u64 = 50_000;
const PAGE: u32 = 500;

/// A shop with many orders of about 300 bytes.
#[derive(Clone, Copy)]
struct Shop;

impl Venue for Shop {
    fn open(&self) -> Box<dyn Platform> {
        Box::new(*self)
    }
}

impl Platform for Shop {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        let number = |name: &str| -> u64 {
            let rest = asked.url.split_once(&format!("{name}=")).map_or("0", |(_, rest)| rest);
            rest.split('&').next().unwrap_or("0").parse().unwrap_or(0)
        };
        let (after, limit) = (number("after"), number("limit"));
        let orders: Vec<_> = (after + 1..=(after + limit).min(RECORDS)).map(order).collect();
        let body = Body::Text(format!("[{}]", orders.join(",")));
        Box::pin(std::future::ready(Some(Answered::Response { status: 200, headers: Vec::new(), body })))
    }
}

fn order(id: u64) -> String {
    let lines =
        "six pieces of something that has a long name, and a remark of whoever packed it, which is long as well";
    json!({
        "id": id, "number": format!("2026/{id}"), "customer": {"id": id % 997, "name": "Zażółć gęślą jaźń"},
        "total": "1234.50", "currency": "PLN", "placed_at": "2026-11-23T06:00:00Z", "lines": [lines, lines.len()],
    })
    .to_string()
}

#[tokio::main]
async fn main() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/languages");
    println!("| | package | compile | load | start | first call | records/s (of CPU time) | memory |");
    println!("|---|---|---|---|---|---|---|---|");
    for language in ["rust", "javascript", "python"] {
        let scratch = tempfile::tempdir().unwrap();
        let (folder, out) = (examples.join(language), scratch.path().to_owned());
        let built = build(&BuildArgs { folder, out, key: None, target: None, locked: false }, &mut |_| {}).unwrap();
        let package = std::fs::read(built.package).unwrap();
        let header = header();
        let measured = measure(package, &scratch.path().join("artefacts"), (&header, &Shop), PAGE).await.unwrap();
        assert_eq!(measured.records, RECORDS, "{language}");
        println!("{}", row(language, &measured));
    }
}

fn header() -> Header {
    let (stream, mode) = ("orders".to_owned(), SyncMode::FullRefresh);
    Header {
        version: 1,
        case: "many".into(),
        connector: "weighbridge.shop".into(),
        now_ms: 0,
        seed: 1,
        configuration: Map::from_iter([("base_url".to_owned(), json!("https://shop.example.com"))]),
        drill: Drill::Read(ReadDrill { stream, mode, records: PAGE, pages: 1_000, since: None, until: None }),
    }
}

fn row(language: &str, measured: &Measured) -> String {
    let per_second = |time: std::time::Duration| (measured.records as f64 / time.as_secs_f64()).round();
    format!(
        "| {language} | {:.2} MB | {:.2} s | {:.1} ms | {:.2} ms | {:.2} ms | {} ({}) | {:.1} MiB |",
        measured.bytes as f64 / 1e6,
        measured.compile.as_secs_f64(),
        measured.load.as_secs_f64() * 1e3,
        measured.start.as_secs_f64() * 1e3,
        measured.first_call.as_secs_f64() * 1e3,
        per_second(measured.wall),
        per_second(measured.cpu),
        measured.memory_bytes as f64 / f64::from(1 << 20),
    )
}

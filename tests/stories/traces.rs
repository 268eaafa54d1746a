//! A run is one trace at a collector, and a collector that is slow, away or unwilling costs no run anything.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use data_encoding::{BASE32HEX_NOPAD, BASE64, HEXLOWER};
use serde_json::Value;

use crate::town::{Figures, Host, Setting, Town, ask};

/// Takes what is sent, and answers with this status, or not at all.
pub struct Collector {
    pub address: String,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Collector {
    pub fn start(answers: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, bodies) = (listener.local_addr().unwrap().to_string(), Arc::<Mutex<Vec<String>>>::default());
        let kept = Arc::clone(&bodies);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || converse(stream, &kept, answers));
            }
        });
        Self { address, bodies }
    }

    /// Everything that was sent, heads and bodies.
    pub fn sent(&self) -> String {
        self.bodies.lock().unwrap().join("\n")
    }

    /// All spans so far, as a collector decodes them.
    fn spans(&self) -> Vec<Value> {
        let bodies = self.bodies.lock().unwrap();
        let spans = bodies.iter().flat_map(|body| {
            let json: Value = serde_json::from_str(body.split_once("\r\n\r\n").unwrap().1).unwrap();
            json["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone()
        });
        spans.collect()
    }
}

fn converse(mut stream: TcpStream, kept: &Mutex<Vec<String>>, answers: Option<u16>) {
    while let Some(request) = request(&mut stream) {
        kept.lock().unwrap().push(request);
        match answers {
            Some(status) => write!(stream, "HTTP/1.1 {status} So\r\ncontent-length: 2\r\n\r\n{{}}").unwrap(),
            None => std::thread::sleep(Duration::from_secs(60)),
        }
    }
}

fn request(stream: &mut TcpStream) -> Option<String> {
    let (mut bytes, mut part) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0_usize) {
                return Some(text);
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
        }
    }
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "after 30 seconds it is not so that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn traced(town: &Town, collector: &Collector) -> (Host, Figures) {
    let address = format!("127.0.0.1:{}", Host::free_port());
    let lines = format!("metrics = \"{address}\"\ntraces = \"http://{}\"", collector.address);
    (Host::start_configured(town, &lines), Figures { address })
}

/// What is said of a span, by name.
fn said(span: &Value) -> BTreeMap<String, String> {
    let said = span["attributes"].as_array().unwrap().iter();
    let of = |one: &Value| one["value"].as_object().unwrap().values().next().unwrap().to_string();
    said.map(|one| (one["key"].as_str().unwrap().to_owned(), of(one).trim_matches('"').to_owned())).collect()
}

#[test]
fn a_run_is_one_trace_with_all_of_its_parts() {
    let (town, collector) =
        (Town::settled(250, &Setting::transfer("schedule = { every = \"1s\" }")), Collector::start(Some(200)));
    let (host, figures) = traced(&town, &collector);
    let ended = || collector.spans().into_iter().find(|span| span["name"] == "run");
    wait_until("a run is told", || ended().is_some());
    let run = ended().unwrap();
    let said_of_run = said(&run);
    let id = BASE32HEX_NOPAD.decode(said_of_run["weighbridge.run"].to_uppercase().as_bytes()).unwrap();
    assert_eq!(run["traceId"], HEXLOWER.encode(&id), "a run is found by its id");
    assert_eq!(
        (said_of_run["weighbridge.state"].as_str(), said_of_run["weighbridge.cause"].as_str()),
        ("succeeded", "schedule")
    );
    let spans = collector.spans();
    let parts: Vec<_> = spans.iter().filter(|span| span["traceId"] == run["traceId"]).collect();
    let names: BTreeSet<&str> = parts.iter().map(|span| span["name"].as_str().unwrap()).collect();
    for name in ["gate", "open", "batch", "read", "transform", "write", "settle", "request"] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
    let ids: BTreeSet<&str> = parts.iter().map(|span| span["spanId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), parts.len(), "ids are unique");
    for span in &parts {
        let parent = span["parentSpanId"].as_str();
        assert!(parent.map_or(span["name"] == "run", |parent| ids.contains(parent)), "{span}");
        let of = |name: &str| span[name].as_str().unwrap().parse::<u64>().unwrap();
        assert!(of("startTimeUnixNano") <= of("endTimeUnixNano"), "{span}");
        let texts: Vec<String> = said(span).into_values().collect();
        assert!(texts.iter().all(|text| !text.contains(['/', '?', ' ', '@'])), "{texts:?}");
    }
    let request = parts.iter().find(|span| span["name"] == "request").unwrap();
    assert_eq!(said(request)["http.response.status_code"], "200");
    wait_until("spans are counted", || figures.value("weighbridge_trace_spans_total{outcome=\"sent\"}") > 8.0);
    assert_eq!(figures.value("weighbridge_trace_spans_total{outcome=\"dropped\"}"), 0.0);
    let before = collector.spans().len();
    assert_eq!(host.terminate(), 0);
    assert!(collector.spans().len() >= before, "what was left is told at the end");
}

#[test]
fn a_page_that_a_third_party_pulls_is_a_trace_without_its_key_or_its_name() {
    let (town, collector) = (Town::settled(5, &Setting::default()), Collector::start(Some(200)));
    let (host, _figures) = traced(&town, &collector);
    let made = town.works(&["service", "add", "acme", "--name", "Outsourced CRM", "--endpoints", "orders"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, key) = (text(&made["service"]["access_id"]), text(&made["key"]));
    let basic = format!("authorization: Basic {}", BASE64.encode(format!("{id}:{key}").as_bytes()));
    assert_eq!(ask(&host.address, "GET", "/pull/v1/orders/records", &[&basic], "").status, 200);
    let pulls = || collector.spans().into_iter().filter(|span| span["name"] == "pull").collect::<Vec<_>>();
    wait_until("a pull is told", || !pulls().is_empty());
    let pull = pulls().remove(0);
    assert!(said(&pull).contains_key("weighbridge.run") && pull["kind"] == 2, "{pull}");
    let of_it = |span: &&Value| span["traceId"] == pull["traceId"];
    let spans = collector.spans();
    let names: BTreeSet<&str> = spans.iter().filter(of_it).map(|span| span["name"].as_str().unwrap()).collect();
    for name in ["gate", "open", "read", "transform", "seal", "settle", "request"] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
    let sent = collector.sent();
    assert!(!sent.contains(&key) && !sent.contains("Outsourced") && !sent.contains(&id), "{sent}");
}

#[test]
fn a_collector_that_never_answers_slows_no_run_and_no_stop() {
    let (town, collector) =
        (Town::settled(50, &Setting::transfer("schedule = { every = \"1s\" }")), Collector::start(None));
    let (host, figures) = traced(&town, &collector);
    wait_until("runs succeed", || figures.value("weighbridge_runs_ended_total{state=\"succeeded\"}") >= 4.0);
    assert!(!collector.sent().is_empty(), "it was asked");
    assert_eq!(figures.value("weighbridge_trace_spans_total{outcome=\"sent\"}"), 0.0);
    let begun = Instant::now();
    assert_eq!(host.terminate(), 0);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn spans_that_a_collector_refuses_are_dropped_and_counted() {
    let (town, collector) =
        (Town::settled(5, &Setting::transfer("schedule = { every = \"1s\" }")), Collector::start(Some(400)));
    let (host, figures) = traced(&town, &collector);
    wait_until("they are dropped", || figures.value("weighbridge_trace_spans_total{outcome=\"dropped\"}") > 0.0);
    assert!(town.logged().contains("the collector of traces took no spans"), "{}", town.logged());
    assert_eq!(host.terminate(), 0);
}

#[test]
fn a_collector_that_would_be_told_in_the_clear_is_refused_before_a_host_serves() {
    let town = Town::bare(1);
    let file = town.path("weighbridge.toml");
    std::fs::write(&file, "traces = \"http://collector.example.com:4318\"\n").unwrap();
    let checked = town.fails(&["config", "check", "--config", file.to_str().unwrap()], 2);
    assert!(checked.json["faults"][0].as_str().unwrap().contains("traces: "), "{}", checked.json);
}

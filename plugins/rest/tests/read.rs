//! Walking over streams.

use serde_json::{Value, json};
use weighbridge_rest::Rest;
use weighbridge_sdk::source::{Limit, ReadRequest, SyncMode};
use weighbridge_sdk::testing::{Scripted, ScriptedHost, Sent, read_all, read_from};
use weighbridge_sdk::{Connector, FailureClass, config};

fn host(read: Value) -> ScriptedHost {
    let host = ScriptedHost::install();
    let stream = json!({"read": read, "primary_key": ["id"]});
    host.configure(json!({"base_url": "https://a.example/v1/", "auth": "bearer", "streams": {"orders": stream}}));
    host
}

fn ids(records: &[Value]) -> Vec<u64> {
    records.iter().map(|record| record["id"].as_u64().unwrap()).collect()
}

fn number(sent: &Sent, parameter: &str) -> u64 {
    let query = sent.url.split_once('?').unwrap().1;
    let values = query.split('&').filter_map(|pair| pair.split_once('='));
    values.into_iter().find(|(name, _)| *name == parameter).unwrap().1.parse().unwrap()
}

fn records(range: std::ops::Range<u64>) -> Vec<Value> {
    range.map(|id| json!({ "id": id })).collect()
}

#[test]
fn reads_numbered_pages_whatever_the_limit() {
    for limit in [1, 2, 3, 4, 7, 100] {
        let host = host(json!({"path": "/orders", "records": "/data", "pagination": {"kind": "page"}}));
        host.answers(|sent| {
            let page = number(sent, "page");
            (200, json!({"data": records((page - 1) * 3..(page * 3).min(8)).into_iter().collect::<Vec<_>>()})).into()
        });
        let read = read_all::<Rest>("orders", limit);
        assert_eq!(ids(&read.unwrap()), (0..8).collect::<Vec<_>>(), "limit {limit}");
        assert_eq!(host.sent()[0].auth.as_deref(), Some("bearer"));
    }
}

#[test]
fn reads_by_offset_until_a_short_page() {
    let host = host(json!({
        "path": "/orders", "page_size": 3, "size_parameter": "n", "pagination": {"kind": "offset", "last": "short"},
    }));
    host.expects("GET", "https://a.example/v1/orders?n=3&offset=0", (200, json!(records(0..3))));
    host.expects("GET", "https://a.example/v1/orders?n=3&offset=3", (200, json!(records(3..4))));
    assert_eq!(ids(&read_all::<Rest>("orders", 100).unwrap()), [0, 1, 2, 3]);
}

#[test]
fn reads_by_a_cursor_in_the_answer() {
    let pagination = json!({"kind": "cursor", "parameter": "after", "pointer": "/meta/next"});
    let host =
        host(json!({"path": "/orders", "records": "/data/items", "pagination": pagination, "query": {"open": "yes"}}));
    let first = json!({"meta": {"next": "a b"}, "data": {"items": records(0..2)}});
    let last = json!({"data": {"items": records(2..3)}, "meta": {"next": null}});
    host.expects("GET", "https://a.example/v1/orders?open=yes", (200, first));
    host.expects("GET", "https://a.example/v1/orders?open=yes&after=a%20b", (200, last));
    assert_eq!(ids(&read_all::<Rest>("orders", 100).unwrap()), [0, 1, 2]);
}

#[test]
fn reads_by_the_link_header() {
    let host = host(json!({"path": "/orders", "pagination": {"kind": "link"}}));
    let link = r#"<https://a.example/v1/x>; rel="prev", </v1/orders?p=2>; rel="next""#;
    let first = Scripted::from((200, json!(records(0..2)))).header("Link", link);
    host.expects("GET", "https://a.example/v1/orders", first);
    host.expects("GET", "https://a.example/v1/orders?p=2", (200, json!(records(2..3))));
    assert_eq!(ids(&read_all::<Rest>("orders", 100).unwrap()), [0, 1, 2]);
}

#[test]
fn passes_records_on_untouched() {
    let host = host(json!({"path": "/orders", "records": "/data"}));
    host.expects(
        "GET",
        "https://a.example/v1/orders",
        (200, "{\"data\": [ {\"id\": 1,\n \"price\": 1.10} ], \"x\": [[{}]]}"),
    );
    let request =
        ReadRequest { stream: "orders".to_owned(), mode: SyncMode::FullRefresh, start: None, since: None, until: None };
    let rest = Rest::new(config::get().unwrap()).unwrap();
    let page = rest.read(request).unwrap().next(Limit { records: 10, bytes: 1000 }).unwrap();
    assert_eq!(page.records.into_bytes(), b"{\"id\": 1,  \"price\": 1.10}\n");
}

#[test]
fn keeps_within_the_bytes_of_a_page() {
    let host = host(json!({"path": "/orders"}));
    host.answers(|_| (200, json!(records(0..5))).into());
    let request =
        ReadRequest { stream: "orders".to_owned(), mode: SyncMode::FullRefresh, start: None, since: None, until: None };
    let mut reader = Rest::new(config::get().unwrap()).unwrap().read(request).unwrap();
    let page = reader.next(Limit { records: 10, bytes: 27 }).unwrap();
    assert_eq!((page.records.count(), page.records.len(), page.more), (3, 27, true));
    assert_eq!(reader.next(Limit { records: 10, bytes: 5 }).unwrap_err().code, "source.record_too_large");
}

#[test]
fn asks_for_what_changed_since_the_last_walk() {
    let incremental = json!({"parameter": "since", "field": "at", "ordered": true});
    let host = host(json!({"path": "/orders", "incremental": incremental}));
    let changed = json!([{"id": 1, "at": "2026-01-02"}, {"id": 2, "at": "2026-01-03"}]);
    host.expects("GET", "https://a.example/v1/orders", (200, changed));
    host.expects("GET", "https://a.example/v1/orders?since=2026-01-03", (200, json!([])));
    host.expects("GET", "https://a.example/v1/orders?since=2026-01-03", (200, json!([{"id": 3, "at": "2026-01-04"}])));
    host.expects("GET", "https://a.example/v1/orders?since=2026-01-04", (200, json!([])));
    let mut place = None;
    for expected in [vec![1, 2], vec![], vec![3], vec![]] {
        let (read, next) = read_from::<Rest>("orders", SyncMode::Incremental, place, 100).unwrap();
        assert_eq!(ids(&read), expected);
        place = next;
    }
}

#[test]
fn delivers_what_it_has_before_it_fails() {
    let host = host(json!({"path": "/orders", "pagination": {"kind": "page"}}));
    host.expects("GET", "https://a.example/v1/orders?page=1", (200, json!(records(0..2))));
    host.expects("GET", "https://a.example/v1/orders?page=2", Scripted::from((429, "slow")).header("retry-after", "1"));
    host.expects("GET", "https://a.example/v1/orders?page=2", Scripted::from((429, "slow")).header("retry-after", "1"));
    let request =
        ReadRequest { stream: "orders".to_owned(), mode: SyncMode::FullRefresh, start: None, since: None, until: None };
    let mut reader = Rest::new(config::get().unwrap()).unwrap().read(request).unwrap();
    let limit = Limit { records: 10, bytes: 1000 };
    assert_eq!(reader.next(limit).unwrap().records.count(), 2);
    let failure = reader.next(limit).unwrap_err();
    assert!(matches!(failure.class, FailureClass::RateLimited));
    assert_eq!(failure.retry_after_ms, Some(1000));
}

#[test]
fn fails_when_the_records_are_not_where_they_should_be() {
    for (body, code) in
        [("{}", "rest.records_missing"), ("<html>", "rest.not_json"), ("{\"data\": [1]}", "rest.record_malformed")]
    {
        let host = host(json!({"path": "/orders", "records": "/data"}));
        host.answers(move |_| (200, body).into());
        assert_eq!(read_all::<Rest>("orders", 9).unwrap_err().code, code);
    }
}

#[test]
fn refuses_to_read_a_partition_that_the_settings_forget() {
    let host = ScriptedHost::install();
    let streams = json!({"all": {"read": {"path": "/all"}}, "own": {"read": {"path": "/of/{partition}"}}});
    host.configure(json!({"base_url": "https://a.example", "partition": "a/b", "streams": streams}));
    host.expects("GET", "https://a.example/of/a%2Fb", (200, "[]"));
    assert_eq!(read_all::<Rest>("all", 9).unwrap_err().code, "rest.partition_unused");
    assert!(read_all::<Rest>("own", 9).unwrap().is_empty());
}

#[test]
fn describes_its_streams() {
    let _host = host(json!({"path": "/orders", "incremental": {"parameter": "since", "field": "at", "ordered": true}}));
    let catalog = Rest::new(config::get().unwrap()).unwrap().discover().unwrap();
    let expected = json!({"streams": [{
        "stream": "orders", "direction": "source", "modes": ["full_refresh", "incremental"],
        "primary_key": ["id"], "cursor_field": "at", "resumable": true,
    }]});
    assert_eq!(serde_json::to_value(catalog).unwrap(), expected);
}

#[test]
fn gives_records_that_are_marked_as_deleted_as_removals() {
    for limit in [1, 2, 100] {
        let host = host(json!({"path": "/orders", "removed": "/state/gone"}));
        let rows = json!([{"id": 1}, {"id": 2, "state": {"gone": true}}, {"id": 3, "state": {"gone": false}}, {"id": 4, "state": {"gone": true}}]);
        host.answers(move |_| (200, rows.clone()).into());
        let request =
            ReadRequest { stream: "orders".into(), mode: SyncMode::FullRefresh, start: None, since: None, until: None };
        let connector = Rest::new(config::get().unwrap()).unwrap();
        let mut reader = connector.read(request).unwrap();
        let (mut records, mut removed) = (Vec::new(), Vec::new());
        loop {
            let page = reader.next(Limit { records: limit, bytes: 10_000 }).unwrap();
            assert!(page.records.count() + page.removed.count() <= limit);
            records.extend(page.records.into_bytes());
            removed.extend(page.removed.into_bytes());
            if !page.more {
                break;
            }
        }
        assert_eq!(removed, b"{\"id\":2}\n{\"id\":4}\n");
        assert_eq!(records.iter().filter(|byte| **byte == b'\n').count(), 2);
    }
}

#[test]
fn refuses_removals_of_a_stream_without_a_key() {
    let host = ScriptedHost::install();
    let stream = json!({"read": {"path": "/orders", "removed": "gone"}});
    host.configure(json!({"base_url": "https://a.example", "streams": {"orders": stream}}));
    assert_eq!(read_all::<Rest>("orders", 10).unwrap_err().code, "rest.removed_without_key");
}

/// What the walk after one that saw this value asks for.
fn asked_after(high: &Value, overlap: u32) -> Result<String, weighbridge_sdk::Failure> {
    let host =
        host(json!({"path": "/orders", "incremental": {"parameter": "since", "field": "at", "overlap": overlap}}));
    host.answers(move |_| (200, json!([])).into());
    let place = json!({"high": high, "done": true}).to_string().into_bytes();
    read_from::<Rest>("orders", SyncMode::Incremental, Some(place), 100)?;
    Ok(host.sent()[0].url.split_once("since=").unwrap().1.to_owned())
}

#[test]
fn begins_before_the_highest_value_and_writes_it_as_the_platform_did() {
    for (high, overlap, asked) in [
        (json!("2026-03-01T00:00:30Z"), 60, "2026-02-28T23%3A59%3A30Z"),
        (json!("2026-03-01T00:00:30.250Z"), 60, "2026-02-28T23%3A59%3A30.250Z"),
        (json!("2026-03-01T00:00:30+05:30"), 60, "2026-02-28T23%3A59%3A30%2B05%3A30"),
        (json!("2026-03-01T00:00:30-0330"), 60, "2026-02-28T23%3A59%3A30-03%3A30"),
        (json!("2026-03-01 00:00:30"), 60, "2026-02-28%2023%3A59%3A30"),
        (json!("2026-03-01T00:00"), 60, "2026-02-28T23%3A59%3A00"),
        (json!("2026-03-01"), 2, "2026-02-27"),
        (json!(1_772_323_230), 60, "1772323170"),
        (json!(5), 60, "-55"),
        (json!(10.5), 2, "8.5"),
        (json!("2026-03-01T00:00:30Z"), 0, "2026-03-01T00%3A00%3A30Z"),
        (json!("order 12"), 0, "order%2012"),
    ] {
        assert_eq!(asked_after(&high, overlap).unwrap(), asked, "{high} less {overlap}");
    }
}

#[test]
fn refuses_an_overlap_where_nothing_can_be_taken_off() {
    for high in [json!("order 12"), json!(""), json!("-009999-01-01"), json!("2026-13-01")] {
        let failure = asked_after(&high, 60).unwrap_err();
        assert_eq!((failure.class, failure.code.as_str()), (FailureClass::Config, "rest.overlap_unusable"), "{high}");
    }
}

#[test]
fn finds_with_an_overlap_what_the_platform_showed_late_and_goes_on_from_the_highest_value_all_the_same() {
    let incremental = json!({"parameter": "since", "field": "at", "ordered": true, "overlap": 2});
    let host = host(json!({"path": "/orders", "incremental": incremental}));
    host.expects("GET", "https://a.example/v1/orders", (200, json!([{"id": 1, "at": "2026-01-05"}])));
    let late = json!([{"id": 2, "at": "2026-01-04"}, {"id": 1, "at": "2026-01-05"}]);
    host.expects("GET", "https://a.example/v1/orders?since=2026-01-03", (200, late));
    host.expects("GET", "https://a.example/v1/orders?since=2026-01-03", (200, json!([])));
    let mut place = None;
    for expected in [vec![1], vec![2, 1], vec![]] {
        let (read, next) = read_from::<Rest>("orders", SyncMode::Incremental, place, 100).unwrap();
        assert_eq!(ids(&read), expected);
        place = next;
    }
}

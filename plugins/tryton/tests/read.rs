//! Walking over streams.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};
use weighbridge_sdk::source::{ReadRequest, SyncMode};
use weighbridge_sdk::testing::{Scripted, ScriptedHost, Sent, read_all, read_from};
use weighbridge_sdk::{Connector, FailureClass, config};
use weighbridge_tryton::Tryton;

/// A row of the scripted table: its id, and the second of its last change.
type Table = Rc<RefCell<Vec<(i64, i64)>>>;

fn at(second: i64) -> Value {
    json!({"__class__": "datetime", "year": 2026, "month": 3, "day": 29, "hour": 1, "minute": second / 60, "second": second % 60, "microsecond": 5})
}

fn second(wire: &Value) -> i64 {
    wire["hour"].as_i64().unwrap() * 3600 - 3600
        + wire["minute"].as_i64().unwrap() * 60
        + wire["second"].as_i64().unwrap()
}

/// Answers `search_read` the way Tryton does, for the domains this connector sends.
fn answer(table: &[(i64, i64)], sent: &Sent) -> Scripted {
    let call = sent.json();
    let params = &call["params"];
    let count = usize::try_from(params[2].as_i64().unwrap()).unwrap();
    if params[3][0][1] == "DESC" {
        let field = params[4][0].as_str().unwrap();
        let latest = table.iter().map(|(_, changed)| *changed).max();
        let rows: Vec<Value> = latest
            .filter(|_| field == "create_date")
            .map(|latest| json!({"id": 1, field: at(latest)}))
            .into_iter()
            .collect();
        return (200, json!(rows)).into();
    }
    let after = params[0][0][2].as_i64().unwrap();
    let since = params[0].get(1).map_or(i64::MIN, |changed| second(&changed[1][0][2]));
    let rows = table.iter().filter(|(id, changed)| *id > after && *changed >= since).take(count);
    let row = |(id, changed): &(i64, i64)| {
        json!({
            "id": id, "name": format!("N{id}"), "code": "AD-02", "type": "parish", "parent": null, "active": 1,
            "country.": {"code": "AD", "id": 7}, "country": 7, "create_date": at(*changed), "write_date": null,
        })
    };
    (200, json!(rows.map(row).collect::<Vec<_>>())).into()
}

fn host(rows: Vec<(i64, i64)>) -> (ScriptedHost, Table) {
    let host = ScriptedHost::install();
    host.configure(json!({"base_url": "https://erp.example/", "database": "my db", "overlap_s": 60}));
    let table = Rc::new(RefCell::new(rows));
    let own = Rc::clone(&table);
    host.answers(move |sent| answer(&own.borrow(), sent));
    (host, table)
}

fn ids(records: &[Value]) -> Vec<i64> {
    records.iter().map(|record| record["id"].as_i64().unwrap()).collect()
}

#[test]
fn reads_every_record_once_whatever_the_limit() {
    for limit in [1, 2, 3, 10] {
        let (host, _) = host((1..=7).map(|id| (id * 10, 0)).collect());
        assert_eq!(ids(&read_all::<Tryton>("subdivisions", limit).unwrap()), [10, 20, 30, 40, 50, 60, 70]);
        assert_eq!(host.sent()[0].url, "https://erp.example/my%20db/rpc/");
        assert_eq!(host.sent()[0].auth.as_deref(), Some("session"));
    }
}

#[test]
fn gives_records_in_plain_words() {
    let (_host, _) = host(vec![(1, 61)]);
    let expected = json!({
        "id": 1, "code": "AD-02", "name": "N1", "type": "parish", "country": "AD", "parent_id": null, "active": true,
        "changed_at": "2026-03-29T01:01:01.000005Z",
    });
    assert_eq!(read_all::<Tryton>("subdivisions", 10).unwrap(), [expected]);
}

#[test]
fn reads_exactly_what_changed_since_the_walk_before() {
    let (_host, table) = host((1..=20).map(|id| (id, 100 + id)).collect());
    let (first, place) = read_from::<Tryton>("subdivisions", SyncMode::Incremental, None, 6).unwrap();
    assert_eq!(first.len(), 20);
    for row in [2, 3, 19] {
        table.borrow_mut()[row].1 = 130;
    }
    let (second, place) = read_from::<Tryton>("subdivisions", SyncMode::Incremental, place, 6).unwrap();
    assert_eq!(ids(&second), [3, 4, 20]);
    let (third, _) = read_from::<Tryton>("subdivisions", SyncMode::Incremental, place, 6).unwrap();
    assert!(third.is_empty());
}

#[test]
fn finds_what_a_long_transaction_committed_late() {
    let (_host, table) = host((1..=5).map(|id| (id, 200)).collect());
    let (_, place) = read_from::<Tryton>("subdivisions", SyncMode::Incremental, None, 10).unwrap();
    table.borrow_mut().push((6, 150));
    table.borrow_mut().push((7, 120));
    let (late, _) = read_from::<Tryton>("subdivisions", SyncMode::Incremental, place, 10).unwrap();
    assert_eq!(ids(&late), [6], "150 lies in the overlap of a minute, 120 does not");
}

#[test]
fn keeps_its_checkpoint_small_after_a_mass_import() {
    let (_host, _) = host((1..=5000).map(|id| (id, if id % 2 == 0 { 10 } else { id % 60 })).collect());
    let (_, place) = read_from::<Tryton>("subdivisions", SyncMode::Incremental, None, 1000).unwrap();
    assert!(place.unwrap().len() < 64 << 10);
}

#[test]
fn maps_what_tryton_answers_to_classes() {
    for (status, class, code) in [
        (401, FailureClass::Auth, "tryton.session_expired"),
        (403, FailureClass::Auth, "tryton.forbidden"),
        (404, FailureClass::Config, "tryton.database_missing"),
        (423, FailureClass::Transient, "tryton.record_changed"),
        (429, FailureClass::RateLimited, "tryton.429"),
        (500, FailureClass::Transient, "tryton.500"),
    ] {
        let (host, _) = host(Vec::new());
        host.answers(move |_| (status, "<title>x</title>\n<p>It&#39;s so.</p>").into());
        let failure = read_all::<Tryton>("countries", 1).unwrap_err();
        assert_eq!((failure.code.as_str(), failure.class as u8), (code, class as u8));
        assert!(failure.message.ends_with("It's so."), "{}", failure.message);
    }
}

#[test]
fn refuses_bounds_and_checkpoints_that_are_none() {
    let (_host, _) = host(Vec::new());
    let open = |since: Option<&str>, start: Option<&[u8]>| {
        let request = ReadRequest {
            stream: "parties".to_owned(),
            mode: SyncMode::Incremental,
            start: start.map(<[u8]>::to_vec),
            since: since.map(str::to_owned),
            until: None,
        };
        Tryton::new(config::get().unwrap()).unwrap().read(request).map(|_| ()).map_err(|failure| failure.code)
    };
    assert_eq!(open(Some("2026-02-30"), None), Err("tryton.bound_malformed".to_owned()));
    assert_eq!(open(None, Some(b"x")), Err("tryton.checkpoint_malformed".to_owned()));
    assert_eq!(open(Some("2026-02-28T23:59:59.5Z"), None), Ok(()));
}

#[test]
fn refuses_a_partition() {
    let (host, _) = host(Vec::new());
    host.configure(json!({"base_url": "https://erp.example", "database": "a", "partition": "7"}));
    assert_eq!(read_all::<Tryton>("parties", 1).unwrap_err().code, "tryton.partition_unsupported");
}

//! Sending records.

use serde_json::{Value, json};
use weighbridge_rest::Rest;
use weighbridge_sdk::destination::WriteMode;
use weighbridge_sdk::testing::{Scripted, ScriptedHost, remove, write};
use weighbridge_sdk::{FailureClass, http};

fn host(stream: Value) -> ScriptedHost {
    let host = ScriptedHost::install();
    host.configure(
        json!({"base_url": "https://a.example", "streams": {"orders": stream}, "statuses": {"418": "transient"}}),
    );
    host
}

fn records(count: u64) -> Vec<Value> {
    (0..count).map(|id| json!({ "id": id })).collect()
}

#[test]
fn sends_one_record_a_request_under_its_own_key() {
    let host = host(json!({"upsert": {"method": "PUT", "path": "/orders/{id}", "id": "/number"}}));
    host.expects("PUT", "https://a.example/orders/0", (200, json!({"number": 70})));
    host.expects("PUT", "https://a.example/orders/1", (201, json!({"number": "x71"})));
    let receipt = write::<Rest>("orders", WriteMode::Upsert, &records(2)).unwrap();
    assert_eq!(receipt.assigned, [(0, "70".to_owned()), (1, "x71".to_owned())]);
    let keys: Vec<String> = host.sent().iter().map(|sent| sent.header("idempotency-key").unwrap().to_owned()).collect();
    assert_eq!(keys, ["KEY-0", "KEY-1"]);
    assert_eq!(host.sent()[1].json(), json!({"id": 1}));
}

#[test]
fn sends_many_records_a_request() {
    for (body, expected) in [("lines", "{\"id\":0}\n{\"id\":1}\n"), ("array", "[{\"id\":0},{\"id\":1}]")] {
        let host = host(json!({"create": {
            "method": "POST", "path": "/orders", "body": body, "records": 2, "results": "/made", "id": "/id",
        }}));
        host.answers(|_| (200, json!({"made": [{"id": "a"}, {"id": "b"}]})).into());
        let receipt = write::<Rest>("orders", WriteMode::Append, &records(3)).unwrap();
        assert_eq!(host.sent()[0].body, expected.as_bytes());
        let keys: Vec<String> =
            host.sent().iter().map(|sent| sent.header("idempotency-key").unwrap().to_owned()).collect();
        assert_eq!(keys, ["KEY-0-2", "KEY-2"]);
        assert_eq!(receipt.assigned.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1, 2]);
    }
}

#[test]
fn rejects_the_one_record_that_is_not_accepted() {
    let host = host(json!({"upsert": {"method": "PUT", "path": "/orders/{id}"}}));
    host.answers(|sent| if sent.url.ends_with("/1") { (422, "no such article").into() } else { (200, "").into() });
    let receipt = write::<Rest>("orders", WriteMode::Upsert, &records(3)).unwrap();
    assert_eq!((receipt.taken, receipt.rejected.len()), (3, 1));
    let rejection = &receipt.rejected[0];
    assert_eq!((rejection.index, rejection.code.as_str(), rejection.retryable), (1, "http.422", false));
    assert!(rejection.message.contains("no such article"));
}

#[test]
fn has_each_of_several_rejected_records_come_again() {
    let host = host(json!({"create": {"method": "POST", "path": "/orders", "body": "array", "records": 10}}));
    host.answers(|_| (422, "one of them is wrong").into());
    let receipt = write::<Rest>("orders", WriteMode::Append, &records(2)).unwrap();
    assert!(receipt.rejected.iter().all(|rejection| rejection.retryable));
    assert_eq!(receipt.rejected.len(), 2);
}

#[test]
fn reads_the_list_of_rejected_records() {
    let rejections = json!({"list": "/errors", "index": "/row", "message": "/why"});
    let host = host(json!({"create": {
        "method": "POST", "path": "/orders", "body": "array", "records": 2, "rejections": rejections,
    }}));
    host.expects("POST", "https://a.example/orders", (200, "{}"));
    host.expects(
        "POST",
        "https://a.example/orders",
        (207, json!({"errors": [{"row": 1, "code": "E1", "why": "old"}]})),
    );
    let receipt = write::<Rest>("orders", WriteMode::Append, &records(4)).unwrap();
    assert_eq!(receipt.rejected.len(), 1);
    let rejection = &receipt.rejected[0];
    assert_eq!((rejection.index, rejection.code.as_str(), rejection.message.as_str()), (3, "E1", "old"));
}

#[test]
fn rejects_those_that_a_refused_request_names_and_sends_the_others_again() {
    let host = host(json!({"create": {
        "method": "POST", "path": "/orders", "body": "array", "records": 3, "rejections": {"list": ""},
    }}));
    host.answers(|_| (422, json!([{"index": 1, "code": "E1", "message": "old"}])).into());
    let receipt = write::<Rest>("orders", WriteMode::Append, &records(3)).unwrap();
    let seen: Vec<(u32, &str, bool)> =
        receipt.rejected.iter().map(|one| (one.index, one.code.as_str(), one.retryable)).collect();
    assert_eq!(seen, [(0, "http.422", true), (1, "E1", false), (2, "http.422", true)]);
}

#[test]
fn maps_statuses_to_classes() {
    for (status, class) in
        [(401, "Auth"), (403, "Auth"), (429, "RateLimited"), (500, "Transient"), (404, "Config"), (418, "Transient")]
    {
        let host = host(json!({"create": {"method": "POST", "path": "/orders"}}));
        host.answers(move |_| Scripted::from((status, "x")).header("Retry-After", "7"));
        let failure = write::<Rest>("orders", WriteMode::Append, &records(1)).unwrap_err();
        assert!(format!("{:?}", failure.class).ends_with(class), "{status}");
        assert_eq!(failure.retry_after_ms, Some(7000));
    }
}

#[test]
fn comes_again_with_the_rest_when_its_requests_are_used_up() {
    let host = host(json!({"create": {"method": "POST", "path": "/orders"}}));
    let mut count = 0;
    host.answers(move |_| {
        count += 1;
        if count == 3 { Scripted::refused(http::Refusal::Budget) } else { (200, "").into() }
    });
    assert_eq!(write::<Rest>("orders", WriteMode::Append, &records(4)).unwrap().taken, 4);
    let keys: Vec<String> = host.sent().iter().map(|sent| sent.header("idempotency-key").unwrap().to_owned()).collect();
    assert_eq!(keys, ["KEY-0", "KEY-1", "KEY-2", "KEY-2", "KEY-3"]);
}

#[test]
fn removes_records_that_may_be_gone_already() {
    let host = host(json!({
        "upsert": {"method": "PUT", "path": "/orders/{id}"},
        "delete": {"method": "DELETE", "path": "/orders/{id}", "body": "none"},
    }));
    host.expects("DELETE", "https://a.example/orders/0", (204, ""));
    host.expects("DELETE", "https://a.example/orders/1", (404, ""));
    let receipt = remove::<Rest>("orders", WriteMode::Upsert, &records(2)).unwrap();
    assert_eq!((receipt.taken, receipt.rejected.len()), (2, 0));
}

#[test]
fn rejects_a_record_that_lacks_the_field_of_the_path() {
    let _host = host(json!({"upsert": {"method": "PUT", "path": "/orders/{number}"}}));
    let receipt = write::<Rest>("orders", WriteMode::Upsert, &records(1)).unwrap();
    assert_eq!(receipt.rejected[0].code, "rest.field_missing");
}

#[test]
fn refuses_modes_and_settings_that_do_not_fit() {
    let _host = host(json!({"create": {"method": "POST", "path": "/orders", "records": 5}}));
    let failure = write::<Rest>("orders", WriteMode::Append, &records(1)).unwrap_err();
    assert!(matches!(failure.class, FailureClass::Config));
    let failure = write::<Rest>("orders", WriteMode::Upsert, &records(1)).unwrap_err();
    assert!(matches!(failure.class, FailureClass::Unsupported));
    assert_eq!(write::<Rest>("x", WriteMode::Upsert, &records(1)).unwrap_err().code, "rest.stream_missing");
}

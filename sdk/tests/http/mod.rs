//! Requests, answers and what their statuses mean.

use serde_json::json;
use weighbridge_sdk::http::{self, Refusal, failure_of};
use weighbridge_sdk::testing::{Scripted, ScriptedHost};

#[test]
fn sends_what_was_built() {
    let host = ScriptedHost::install();
    host.expects("POST", "https://a.example/x?q=a%20b%26", (201, json!({"id": 7})));
    let request = http::post("https://a.example/x").query("q", "a b&").auth("key").header("x-y", "z");
    let answer: serde_json::Value = request.json(&json!([1])).unwrap().send().unwrap().ok().unwrap().json().unwrap();
    assert_eq!(answer["id"], 7);
    let sent = &host.sent()[0];
    assert_eq!((sent.auth.as_deref(), sent.header("X-Y"), sent.json()), (Some("key"), Some("z"), json!([1])));
}

#[test]
fn maps_statuses_to_classes() {
    for (status, class) in [
        (401, "Auth"),
        (403, "Auth"),
        (429, "RateLimited"),
        (500, "Transient"),
        (302, "Config"),
        (404, "Config"),
        (400, "System"),
    ] {
        assert!(format!("{:?}", failure_of(status, &[], b"").class).ends_with(class), "{status}");
    }
}

#[test]
fn tells_when_to_come_again() {
    let host = ScriptedHost::install();
    host.expects("GET", "https://a.example/", Scripted::from((503, "slow down")).header("Retry-After", "3"));
    let failure = http::get("https://a.example/").send().unwrap().ok().err().unwrap();
    assert_eq!((failure.code.as_str(), failure.retry_after_ms), ("http.503", Some(3000)));
    assert!(failure.message.contains("slow down"));
}

#[test]
fn fails_when_the_host_refuses() {
    let host = ScriptedHost::install();
    host.expects("GET", "https://a.example/", Scripted::refused(Refusal::Budget));
    let failure = http::get("https://a.example/").send().err().unwrap();
    assert!(failure.is_budget());
}

//! Orders, read from a platform that is written down here.

use weighbridge_example_rust::Shop;
use serde_json::json;
use weighbridge_sdk::testing::{Scripted, ScriptedHost, read_all};

#[test]
fn reads_every_order_once() {
    let host = ScriptedHost::install();
    host.configure(json!({"base_url": "https://shop.example.com"}));
    host.expects("GET", "https://shop.example.com/orders?after=0&limit=2", (200, json!([{"id": 1}, {"id": 2}])));
    host.expects("GET", "https://shop.example.com/orders?after=2&limit=2", (200, json!([{"id": 5}])));
    assert_eq!(read_all::<Shop>("orders", 2).unwrap(), [json!({"id": 1}), json!({"id": 2}), json!({"id": 5})]);
    assert_eq!(host.sent()[0].auth.as_deref(), Some("token"));
}

#[test]
fn fails_when_the_platform_asks_to_slow_down() {
    let host = ScriptedHost::install();
    host.configure(json!({"base_url": "https://shop.example.com"}));
    host.answers(|_| Scripted::from((429, "slow down")).header("retry-after", "2"));
    assert_eq!(read_all::<Shop>("orders", 2).unwrap_err().retry_after_ms, Some(2000));
}

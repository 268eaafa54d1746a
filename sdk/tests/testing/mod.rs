//! The scripted host itself.

use weighbridge_sdk::testing::ScriptedHost;
use weighbridge_sdk::{clock, log};

#[test]
fn lets_time_pass_without_waiting() {
    let host = ScriptedHost::install();
    host.set_now_ms(5);
    clock::sleep_ms(10);
    assert_eq!(clock::now_ms(), 15);
    log::info("read");
    assert_eq!(host.log(), ["read"]);
}

#[test]
#[should_panic(expected = "1 expected requests were never made")]
fn fails_when_an_expected_request_was_never_made() {
    let host = ScriptedHost::install();
    host.expects("GET", "https://a.example/", (200, ""));
}

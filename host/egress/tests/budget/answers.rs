//! Every way in which platforms say how long they want to be left alone.

use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};
use weighbridge_model::time::Timestamp;

use crate::answer::{HOLD_MAX, hold};

fn check(status: u16, headers: &[(&str, &str)], wanted_s: Option<u64>) {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    // 2025-06-15T12:00:00Z.
    let now = Timestamp::from_millis(1_749_988_800_000);
    let held = hold(StatusCode::from_u16(status).unwrap(), &map, now);
    assert_eq!(held, wanted_s.map(Duration::from_secs), "{status} {headers:?}");
}

#[test]
fn reads_retry_after_of_a_refusal() {
    check(429, &[("retry-after", "7")], Some(7));
    check(503, &[("retry-after", " 7 ")], Some(7));
    check(429, &[("retry-after", "Sun, 15 Jun 2025 12:00:30 GMT")], Some(30));
    check(429, &[("retry-after", "Sunday, 15-Jun-25 12:00:30 GMT")], Some(30));
}

#[test]
fn lets_a_retry_after_be_that_says_nothing() {
    check(200, &[("retry-after", "7")], None);
    check(301, &[("retry-after", "7")], None);
    for value in ["", "0", "-1", "soon", "1.5.0", "Sun, 15 Jun 2025 11:00:00 GMT", "99999999999999999999999"] {
        check(429, &[("retry-after", value)], None);
    }
}

#[test]
fn reads_the_drafts_headers_in_all_their_forms() {
    check(200, &[("ratelimit", r#""default";r=0;t=30"#)], Some(30));
    check(200, &[("ratelimit", r#""minute";r=3;t=30, "day";r=0;t=600"#)], Some(600));
    check(200, &[("ratelimit", r#""minute";r=0;t=30"#), ("ratelimit", r#""day";r=0;t=600"#)], Some(600));
    check(200, &[("ratelimit", r#""a\",;r=5";pk=:x:;r=0;t=9"#)], Some(9));
    check(200, &[("ratelimit", "limit=10, remaining=0, reset=30")], Some(30));
    check(200, &[("ratelimit-limit", "10"), ("ratelimit-remaining", "0"), ("ratelimit-reset", "30")], Some(30));
}

#[test]
fn reads_the_headers_that_platforms_made_up() {
    let x = |reset: &'static str| [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)];
    check(200, &x("30"), Some(30));
    check(403, &x("1749988830"), Some(30));
    check(200, &x("1749988830000"), Some(30));
    check(200, &x("29.2"), Some(30));
    check(200, &x("1749988700"), None);
    check(200, &x("soon"), None);
}

#[test]
fn goes_on_while_anything_remains() {
    check(200, &[("ratelimit", r#""default";r=1;t=30"#)], None);
    check(200, &[("ratelimit", "limit=10, remaining=1, reset=30")], None);
    check(200, &[("ratelimit-remaining", "1"), ("ratelimit-reset", "30")], None);
    check(200, &[("x-ratelimit-remaining", "0")], None);
    check(200, &[("ratelimit", r#""default";r=0"#)], None);
    check(200, &[("ratelimit", r#""r=0;t=30""#)], None);
}

#[test]
fn takes_the_longest_and_never_longer_than_some_hours() {
    check(429, &[("retry-after", "7"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30")], Some(30));
    check(429, &[("retry-after", "40"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30")], Some(40));
    check(429, &[("retry-after", "999999999")], Some(HOLD_MAX.as_secs()));
    check(429, &[("retry-after", "18446744073709551615")], Some(HOLD_MAX.as_secs()));
}

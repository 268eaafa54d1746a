//! A pace for everybody, said in headers.

use crate::town::{Host, Town, ask};

#[test]
fn strangers_are_told_what_is_left_and_when_to_come_again() {
    let town = Town::bare(0);
    town.works(&["init"]);
    let host = Host::start_configured(&town, "stranger_requests_per_minute = 3");
    let again = || ask(&host.address, "GET", "/api/v1/tenants", &[], "");
    for left in ["2", "1", "0"] {
        let reply = again();
        assert_eq!(reply.problem(), (401, "access.not_signed_in".into()));
        assert_eq!(reply.header("ratelimit-policy"), Some("\"address\";q=3;w=60"));
        assert!(reply.header("ratelimit").unwrap().starts_with(&format!("\"address\";r={left};t=")), "{reply:?}");
    }
    let reply = again();
    assert_eq!(reply.problem(), (429, "request.rate_limited".into()));
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert!(host.ask("/healthz").starts_with("ok"), "health is for everybody");
}

#[test]
fn pages_of_strangers_are_opened_no_faster_than_operations_are_asked_for() {
    let town = Town::bare(0);
    town.works(&["init"]);
    for path in ["/connect/wbcl_nothing", "/oauth/callback?state=nothing", "/join/wbl_nothing"] {
        let host = Host::start_configured(&town, "stranger_requests_per_minute = 1");
        let status = || ask(&host.address, "GET", path, &[], "").status;
        assert_ne!(status(), 429, "{path}");
        assert_eq!(status(), 429, "{path}");
        host.terminate();
    }
}

#[test]
fn addresses_that_a_proxy_names_are_counted_apart() {
    let town = Town::bare(0);
    town.works(&["init"]);
    let host = Host::start_configured(&town, "stranger_requests_per_minute = 1\nbehind_proxy = [\"127.0.0.0/8\"]");
    let status = |from: &str| {
        let line = format!("x-forwarded-for: 203.0.113.99, {from}");
        ask(&host.address, "GET", "/api/v1/tenants", &[&line], "").status
    };
    assert_eq!((status("203.0.113.1"), status("203.0.113.1"), status("203.0.113.2")), (401, 429, 401));
}

//! Who is let in, and what everybody else is told.

use super::desk::Desk;
use crate::town::ask;

#[test]
fn the_right_key_is_let_in_as_basic_and_as_bearer() {
    let desk = Desk::new(3, &[]);
    assert_eq!(desk.get("ping").json()["access"], "open");
    let bearer = format!("authorization: Bearer {}:{}", desk.id, desk.key);
    let reply = ask(&desk.host.address, "GET", "/pull/v1/ping", &[&bearer], "");
    assert_eq!((reply.status, reply.json()["endpoints"][0].as_str()), (200, Some("orders")));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[test]
fn everybody_else_gets_401_with_a_challenge_and_is_slowed_down() {
    let desk = Desk::new(1, &[]);
    let address = &desk.host.address;
    let none = ask(address, "GET", "/pull/v1/ping", &[], "");
    assert_eq!(none.problem(), (401, "api_key.missing".into()));
    assert!(none.header("www-authenticate").unwrap().starts_with("Basic realm="));
    let mut mistyped = desk.key.clone();
    mistyped.replace_range(5..6, if &mistyped[5..6] == "a" { "b" } else { "a" });
    for (id, key, code) in [
        (desk.id.as_str(), mistyped.as_str(), "api_key.mistyped"),
        (desk.id.as_str(), "wb_short", "api_key.malformed"),
        ("wbc_00000000000000000000000000", desk.key.as_str(), "external_service.unknown"),
        ("nobody", desk.key.as_str(), "external_service.unknown"),
    ] {
        let line = format!("authorization: Bearer {id}:{key}");
        assert_eq!(ask(address, "GET", "/pull/v1/ping", &[&line], "").problem(), (401, code.into()));
    }
    // They are counted by the minute, which may have turned meanwhile.
    let takes_a_while = || {
        let begun = std::time::Instant::now();
        ask(address, "GET", "/pull/v1/ping", &[], "");
        begun.elapsed() > std::time::Duration::from_millis(90)
    };
    assert!((0..8).any(|_| takes_a_while()), "several wrong ones in a minute take a while");
    assert_eq!(desk.get("ping").status, 200, "the right key is let in all the same");
}

#[test]
fn a_key_in_the_address_is_refused_and_must_be_rotated() {
    let desk = Desk::new(1, &[]);
    for path in [format!("ping?api_key={}", desk.key), format!("orders/records?x=%77{}", &desk.key[1..])] {
        let reply = desk.get(&path);
        assert_eq!(reply.problem(), (400, "api_key.in_address".into()));
        assert!(!reply.text.contains(&desk.key));
    }
}

#[test]
fn an_access_that_has_not_begun_answers_a_ping_and_nothing_else() {
    let desk = Desk::new(1, &["--window", r#"{"start": "2090-01-01", "end": "2091-01-01"}"#]);
    let ping = desk.get("ping").json();
    assert_eq!((ping["access"].as_str(), ping["begins"].as_str()), (Some("not_started"), Some("2089-12-31T23:00:00Z")));
    let reply = desk.get("orders/records");
    assert_eq!(reply.problem(), (403, "external_service.not_started".into()));
    assert_eq!(reply.json()["until"], "2089-12-31T23:00:00Z");
}

#[test]
fn an_access_that_is_over_off_or_elsewhere_is_told_so() {
    let desk = Desk::new(1, &[]);
    assert_eq!(desk.get("lines/records").problem(), (403, "external_service.scope".into()));
    desk.service(&["switch", "--switch", "off"]);
    assert_eq!(desk.get("orders/records").problem(), (403, "external_service.off".into()));
    assert_eq!(desk.get("ping").problem(), (403, "external_service.off".into()));
    desk.service(&["switch", "--switch", "on"]);
    desk.service(&["change", "--window", r#"{"start": "2020-01-01", "end": "2021-01-01"}"#]);
    assert_eq!(desk.get("orders/records").problem(), (403, "external_service.ended".into()));
    desk.service(&["change", "--window", "{}"]);
    desk.town.customer("status = \"inactive\"");
    let inactive = desk.get("orders/records");
    assert_eq!(inactive.problem(), (403, "customer.inactive".into()));
    let next = inactive.json()["next_step"].as_str().unwrap().to_owned();
    assert!(next.starts_with("Ask whoever gave you this access"), "a third party activates nobody: {next}");
}

#[test]
fn whoever_asks_too_fast_is_told_when_to_ask_again() {
    let desk = Desk::new(1, &["--rate-per-minute", "2"]);
    assert_eq!((desk.get("ping").status, desk.get("ping").status), (200, 200));
    let reply = desk.get("ping");
    assert_eq!(reply.problem(), (429, "external_service.rate".into()));
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

#[test]
fn a_ping_says_closed_and_why_while_the_gate_would_give_no_page_and_open_when_it_would_again() {
    let desk = Desk::new(1, &[]);
    let open = desk.get("ping").json();
    assert_eq!((open["access"].as_str(), open["closed"].is_null()), (Some("open"), true), "{open}");
    desk.town.works(&["customer", "deactivate", "acme"]);
    let closed = desk.get("ping").json();
    assert_eq!(
        (closed["access"].as_str(), closed["closed"]["code"].as_str()),
        (Some("closed"), Some("customer.inactive"))
    );
    assert_eq!(closed["closed"]["code"].as_str(), Some(desk.get("orders/records").code().as_str()));
    assert!(closed["closed"]["next_step"].as_str().unwrap().starts_with("Ask whoever gave you"), "{closed}");
    desk.town.works(&["customer", "activate", "acme"]);
    assert_eq!(desk.get("ping").json()["access"], "open");
}

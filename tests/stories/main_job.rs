//! From an empty folder to a bill.

use crate::town::{Setting, Town};

#[test]
pub(crate) fn moves_every_record_and_bills_it_once() {
    let town = Town::settled(500, &Setting::default());
    let run = town.works(&["run", "acme/orders"]);
    assert_eq!((&run["state"], &run["counts"]["delivered"]), (&"succeeded".into(), &500.into()));
    assert_eq!(town.platforms.summary()["lines"], 500);
    let billed = town.billed();
    assert_eq!((&billed["records"], &billed["runs"]), (&500.into(), &1.into()));
    let bytes: usize = town.platforms.text().lines().map(|line| line.len() + 1).sum();
    assert_eq!(billed["bytes"].as_u64().unwrap(), bytes as u64, "what is billed is what was delivered, to the byte");
    let line = &town.platforms.lines()[0];
    assert_eq!(line.as_object().unwrap().len(), 6, "six fields were mapped: {line}");
    let history = town.works(&["history", "acme/orders"]);
    assert_eq!(history["runs"].as_array().unwrap().len(), 1);
}

#[test]
fn moves_nothing_before_the_customer_is_active_and_says_why() {
    let town = Town::settled(10, &Setting { customer: String::new(), ..Setting::default() });
    let refused = town.fails(&["run", "acme/orders"], 3);
    assert_eq!(refused.json["refusal"]["code"], "customer.inactive");
    let explained = town.works(&["explain", "acme/orders"]);
    assert_eq!((&explained["allowed"], &explained["refusal"]), (&false.into(), &"customer.inactive".into()));
    town.customer("status = \"active\"");
    assert_eq!(town.works(&["explain", "acme/orders"])["allowed"], true);
    town.works(&["run", "acme/orders"]);
}

#[test]
fn explains_a_window_as_of_another_day() {
    let town = Town::settled(10, &Setting::default());
    town.customer("window = { start = \"2020-01-01\", end = \"2031-03-31\" }");
    let at = |day: &str| town.works(&["explain", "acme/orders", "--at", day]);
    assert_eq!(at("2031-03-30")["changes_at"], "2031-03-30T22:00:00Z", "midnight in Warsaw, in summer time");
    assert_eq!(at("2031-03-30")["allowed"], true);
    assert_eq!(at("2031-03-31")["refusal"], "customer.ended");
    assert_eq!(at("2019-12-31")["refusal"], "customer.not_started");
}

#[test]
fn installs_nothing_from_a_publisher_that_is_not_trusted() {
    let town = Town::bare(0);
    town.works(&["init", "--tenant", "Partner", "--zone", "Europe/Warsaw"]);
    let package = town.package();
    let package = package.to_str().unwrap();
    assert!(town.fails(&["connector", "install", package], 2).errors.contains("connector.unknown_publisher"));
    town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
    assert_eq!(town.works(&["connector", "verify", package])["verified"], true);
    town.works(&["connector", "install", package]);
    assert_eq!(town.works(&["connector", "inspect", package])["manifest"]["name"], "weighbridge.rest");
}

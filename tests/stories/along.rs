//! Streams that move together: a document names the one that goes along, and starting the first one moves both.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::town::{Host, Setting, Town};

/// The shop's orders a second time, of which only the open ones go on.
const ALONG: &str = r#"
[[customer.endpoint]]
name = "orders for the books"
description = "Orders of the shop, for another use."
direction = "source"
connection = "shop"
stream = "orders"

[[customer.mapping]]
name = "open ones"
filter = [{ field = "/status", equals = "open" }]
rules = [{ copy = "/id" }, { copy = "/number", to = "/book" }]

[[customer.transfer]]
name = "open orders"
source = "orders for the books"
destination = "lines"
mapping = "open ones"
sync = "full_refresh"
write = "append"
"#;

/// A town whose document gives the one along with the other, which stands before it.
fn town(orders: u64) -> Town {
    let town = Town::settled(orders, &Setting::default());
    let document = Setting::transfer("along = [\"open orders\"]").document(&town.platforms);
    town.apply(&document.replace("[[customer.transfer]]", &format!("{ALONG}\n[[customer.transfer]]")));
    town
}

/// Both have ended, the newest first.
fn ended(town: &Town) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let runs = town.works(&["run", "list", "acme"])["items"].as_array().unwrap().clone();
        if runs.len() > 1 && runs.iter().all(|run| run["ended_at"].is_string()) {
            return runs;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "both were to move: {runs:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn both_move_with_counts_of_their_own_when_the_first_one_is_started_at_a_running_host() {
    let town = town(40);
    let _host = Host::start(&town);
    let started = town.works(&["transfer", "start", "acme", "orders"]);
    let runs = ended(&town);
    assert_eq!(runs.len(), 2, "each has one run: {runs:?}");
    let shown = |name: &str| {
        let run = runs.iter().find(|run| run["transfer_name"] == name).unwrap_or_else(|| panic!("{name}: {runs:?}"));
        town.works(&["run", "show", "acme", run["id"].as_str().unwrap()])
    };
    let (first, other) = (shown("orders"), shown("open orders"));
    assert_eq!((&first["id"], &first["transfer_name"]), (&started["run"], &json!("orders")));
    assert_eq!(other["transfer_name"], "open orders");
    let count = |run: &Value, of: &str| run[of].as_u64().unwrap();
    let counts = |run: &Value| ["read", "delivered", "filtered"].map(|of| count(run, of));
    let open = town.platforms.lines().iter().filter(|line| line["book"].is_string()).count() as u64;
    assert!((1..40).contains(&open), "some of them are open, and some are not: {open}");
    assert_eq!((first["state"].as_str(), counts(&first)), (Some("succeeded"), [40, 40, 0]));
    assert_eq!((other["state"].as_str(), counts(&other)), (Some("succeeded"), [40, open, 40 - open]));
    assert_eq!(town.billed()["records"], 40 + open);
    assert_eq!(town.billed()["runs"], 2);
}

#[test]
fn the_one_that_goes_along_moves_alone_when_it_is_started_itself() {
    let town = town(10);
    let host = Host::start(&town);
    let started = town.works(&["transfer", "start", "acme", "open orders"]);
    let begun = Instant::now();
    while town.works(&["run", "show", "acme", started["run"].as_str().unwrap()])["ended_at"].is_null() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it was to move");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(host.terminate(), 0);
    let runs = town.works(&["run", "list", "acme"])["items"].as_array().unwrap().clone();
    let names: Vec<_> = runs.iter().map(|run| run["transfer_name"].clone()).collect();
    assert_eq!(names, ["open orders"]);
}

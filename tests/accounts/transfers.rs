//! Transfers: switched with what stops said first, scheduled with the next times shown, and seen with their newest run.

use serde_json::{Value, json};

use crate::town::{Setting, Town};

fn settled() -> Town {
    Town::settled(20, &Setting::default())
}

#[test]
fn off_is_asked_again_with_what_stops_and_on_is_not() {
    let town = settled();
    let asked = town.fails(&["transfer", "switch", "acme", "orders", "--switch", "off"], 2);
    let said = format!("{} {}", asked.json, asked.errors);
    assert!(said.contains("confirmation.needed") && said.contains("transfer orders"), "{said}");
    assert_eq!(town.works(&["transfer", "show", "acme", "orders"])["switch"], "on");
    let off = town.works(&["transfer", "switch", "acme", "orders", "--switch", "off", "--confirm"]);
    assert_eq!(off["switch"], "off");
    assert_eq!(
        town.works(&["transfer", "switch", "acme", "orders", "--switch", "off"])["switch"],
        "off",
        "it is off already"
    );
    assert_eq!(town.works(&["transfer", "switch", "acme", "orders", "--switch", "on"])["switch"], "on");
}

fn fires(town: &Town, schedule: &Value) -> Value {
    let schedule = schedule.to_string();
    town.works(&["transfer", "fires", "acme", "--schedule", &schedule, "--after", "2026-03-28T12:00", "--count", "3"])
}

#[test]
fn a_schedule_that_is_being_written_tells_its_next_times_and_changes_nothing() {
    let town = settled();
    let tried = fires(&town, &json!({ "cron": "30 2 * * *", "zone": "Europe/Warsaw" }));
    // In the night of 29 March the clock goes from two to three, so that half past two is not there.
    let expected = ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"];
    assert_eq!((&tried["fires"], &tried["zone"]), (&json!(expected), &json!("Europe/Warsaw")));
    assert_eq!(town.works(&["transfer", "show", "acme", "orders"])["schedule"], Value::Null);
}

#[test]
fn a_schedule_that_fires_never_is_refused_with_what_is_wrong() {
    let town = settled();
    let wrong = town.fails(&["transfer", "fires", "acme", "--schedule", r#"{ "cron": "61 * * * *" }"#], 2);
    let said = format!("{} {}", wrong.json, wrong.errors);
    assert!(said.contains("schedule"), "{said}");
}

#[test]
fn a_transfer_is_seen_with_its_schedule_as_it_was_written_and_its_newest_run() {
    let town = settled();
    assert_eq!(town.works(&["transfer", "show", "acme", "orders"])["newest_run"], Value::Null);
    town.works(&["run", "acme/orders"]);
    let schedule = r#"{ "every": "6h", "hours": ["08:00-18:00"], "jitter_ms": 500, "paused": true }"#;
    let changed = town.works(&["transfer", "change", "acme", "orders", "--schedule", schedule]);
    let seen = &changed["schedule"];
    assert_eq!(
        (&seen["every"], &seen["hours"], &seen["jitter_ms"]),
        (&json!("6h"), &json!(["08:00-18:00"]), &json!(500))
    );
    assert_eq!((&seen["paused"], &seen["cron"]), (&json!(true), &Value::Null));
    assert_eq!(changed["newest_run"]["state"], "succeeded");
}

#[test]
fn a_schedule_that_names_no_time_takes_the_schedule_away_and_one_with_hours_alone_is_refused() {
    let town = settled();
    let change = |schedule: &'static str| ["transfer", "change", "acme", "orders", "--schedule", schedule];
    town.works(&change(r#"{ "every": "6h" }"#));
    town.fails(&change(r#"{ "hours": ["08:00-18:00"] }"#), 2);
    assert_eq!(town.works(&["transfer", "show", "acme", "orders"])["schedule"]["every"], "6h");
    let changed = town.works(&change(r#"{ "jitter_ms": 500, "paused": true }"#));
    assert_eq!(changed["schedule"], Value::Null);
    assert_eq!(town.works(&change("{}"))["schedule"], Value::Null);
}

#[test]
fn an_empty_number_of_the_customer_takes_away_the_one_that_an_endpoint_had() {
    let town = settled();
    let number = |text: &'static str| {
        let changed = town.works(&["endpoint", "change", "acme", "orders", "--partition", text]);
        changed["partition"].clone()
    };
    assert_eq!(number("4711"), "4711");
    assert_eq!(number(""), Value::Null);
    let seen = town.works(&["endpoint", "show", "acme", "orders"]);
    assert_eq!((&seen["partition"], &seen["stream"]), (&Value::Null, &json!("orders")));
}

#[test]
fn a_transfer_that_stands_still_says_whom_a_customers_people_ask() {
    let town = settled();
    town.works(&["connection", "switch", "acme", "shop", "--switch", "off", "--confirm"]);
    let told = town.works(&["transfer", "explain", "acme", "orders"]);
    assert_eq!((&told["code"], &told["ask"]), (&json!("connection.off"), &json!("you")));
    town.works(&["connection", "switch", "acme", "shop", "--switch", "on"]);
    town.works(&["transfer", "switch", "acme", "orders", "--switch", "off", "--confirm"]);
    let told = town.works(&["transfer", "explain", "acme", "orders"]);
    assert_eq!((&told["code"], &told["ask"]), (&json!("transfer.off"), &json!("partner")));
}

#[test]
fn a_transfer_reads_as_its_source_can_and_one_that_could_not_is_refused() {
    let town = Town::settled(3, &Setting::default());
    let endpoints = town.works(&["endpoint", "list", "acme"]);
    let id = |name: &str| {
        let found = endpoints["items"].as_array().unwrap().iter().find(|one| one["name"] == name);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (source, destination) = (id("orders"), id("lines"));
    let add = |name: &'static str| {
        ["transfer", "add", "acme", "--name", name, "--source", &source, "--destination", &destination]
            .map(str::to_owned)
    };
    let added = town.works(&add("as it can").each_ref().map(String::as_str));
    assert_eq!(added["sync"], "full_refresh");
    let more = ["--sync", "incremental"].map(str::to_owned);
    let words = [&add("as it cannot")[..], &more].concat();
    let refused = town.fails(&words.iter().map(String::as_str).collect::<Vec<_>>(), 2).errors;
    assert!(refused.contains("everything has to be read each time"), "{refused}");
    let refused = town.fails(&["transfer", "change", "acme", "as it can", "--sync", "incremental"], 2).errors;
    assert!(refused.contains("everything has to be read each time"), "{refused}");
    assert_eq!(town.works(&["transfer", "list", "acme"])["items"].as_array().unwrap().len(), 2);
}

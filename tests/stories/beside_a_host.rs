//! Commands beside a serving host.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use crate::town::{Host, Setting, Town};

#[test]
fn runs_on_a_schedule_and_answers_for_health() {
    let town = Town::settled(50, &Setting::transfer("schedule = { every = \"1s\" }"));
    let host = Host::start(&town);
    assert_eq!((host.ask("/healthz").as_str(), host.ask("/readyz").as_str()), ("ok\n", "ready\n"));
    let begun = Instant::now();
    while town.billed()["runs"].as_u64().unwrap_or(0) < 4 {
        assert!(
            begun.elapsed() < Duration::from_secs(25),
            "a schedule of every second makes no four runs in 25 seconds"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(host.terminate(), 0, "it drains and ends");
    let runs = town.works(&["history", "acme/orders", "--limit", "100"]);
    let occurrences: Vec<_> = runs["runs"].as_array().unwrap().iter().map(|run| run["cause"].clone()).collect();
    assert!(occurrences.len() >= 4 && occurrences.iter().all(|cause| cause == "schedule"), "{runs}");
}

#[test]
fn commands_that_change_something_are_carried_out_by_the_host() {
    let town = Town::settled(10, &Setting::default());
    let host = Host::start(&town);
    town.works(&["explain", "acme/orders"]);
    town.works(&["doctor"]);
    assert_eq!(town.works(&["run", "acme/orders"])["counts"]["delivered"], 10);
    town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
    town.works(&["connector", "install", town.package().to_str().unwrap()]);
    town.customer("status = \"inactive\"");
    let refused = town.fails(&["run", "acme/orders"], 3);
    assert_eq!(refused.json["refusal"]["code"], "customer.inactive", "{refused:?}");
    assert!(town.fails(&["run", "acme/nothing"], 2).errors.contains("transfer.not_found"));
    assert!(town.apply_fails("[tenant]\nnaem = \"Partner\"\n").contains("naem"));
    let socket = town.path("data/operator.sock");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(host.terminate(), 0);
    assert!(!socket.exists());
}

#[test]
fn a_key_that_is_revoked_beside_a_host_stops_what_it_runs() {
    let town = Town::settled(3_000, &Setting { page: 10, ..Setting::transfer("schedule = { every = \"1s\" }") });
    town.platforms.slow(20);
    let host = Host::start(&town);
    wait_for_lines(&town);
    let key = fs::read_to_string(town.public_key()).unwrap();
    let key = key.parse::<weighbridge_model::package::PublicKey>().unwrap().id().to_string();
    town.works(&["trust", "revoke", &key, "--reason", "it was stolen"]);
    std::thread::sleep(Duration::from_millis(300));
    let lines = arrived(&town);
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(arrived(&town), lines, "it went on after the revocation");
    assert!(lines < 3_000);
    assert_eq!(host.terminate(), 0);
    let runs = town.works(&["history", "acme/orders"]);
    assert!(runs.to_string().contains("connector.revoked"), "{runs}");
}

#[test]
fn a_command_answers_that_the_store_is_in_use_where_nobody_serves() {
    let town = Town::settled(2_000, &Setting { page: 10, ..Setting::default() });
    town.platforms.slow(20);
    let mut running = town.start(&["run", "acme/orders"]);
    wait_for_lines(&town);
    town.works(&["history"]);
    town.works(&["trust", "list"]);
    town.works(&["connector", "list"]);
    town.works(&["connector", "audit", "weighbridge"]);
    for words in [
        &["run", "acme/orders"][..],
        &["trust", "add", "weighbridge", town.public_key().to_str().unwrap()],
        &["connector", "install", town.package().to_str().unwrap()],
    ] {
        assert!(town.fails(words, 4).errors.contains("store.in_use"));
    }
    running.kill().unwrap();
    running.wait().unwrap();
}

fn arrived(town: &Town) -> u64 {
    town.platforms.summary()["lines"].as_u64().unwrap()
}

fn wait_for_lines(town: &Town) {
    let begun = Instant::now();
    while arrived(town) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing arrives");
        std::thread::sleep(Duration::from_millis(20));
    }
}

//! Commands beside a serving host.

use std::time::{Duration, Instant};

use crate::town::{Host, Setting, Town};

#[test]
fn runs_on_a_schedule_and_answers_for_health_and_metrics() {
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
    let metrics = host.ask("/metrics");
    assert!(metrics.contains("weighbridge_runs_ended_total{state=\"succeeded\"}"), "{metrics}");
    assert!(metrics.contains("invariant_violations_total 0"), "{metrics}");
    assert_eq!(host.terminate(), 0, "it drains and ends");
    let runs = town.works(&["history", "acme/orders", "--limit", "100"]);
    let occurrences: Vec<_> = runs["runs"].as_array().unwrap().iter().map(|run| run["cause"].clone()).collect();
    assert!(occurrences.len() >= 4 && occurrences.iter().all(|cause| cause == "schedule"), "{runs}");
}

#[test]
fn reads_beside_a_host_and_writes_answer_that_the_store_is_in_use() {
    let town = Town::settled(10, &Setting::default());
    let host = Host::start(&town);
    town.works(&["history"]);
    town.works(&["explain", "acme/orders"]);
    town.works(&["doctor"]);
    town.works(&["trust", "list"]);
    town.works(&["connector", "list"]);
    town.works(&["connector", "audit", "weighbridge"]);
    for words in [
        &["run", "acme/orders"][..],
        &["trust", "add", "weighbridge", town.public_key().to_str().unwrap()],
        &["trust", "revoke", "weighbridge", "--reason", "it leaked"],
        &["connector", "install", town.package().to_str().unwrap()],
    ] {
        assert!(town.fails(words, 4).errors.contains("store.in_use"));
    }
    assert_eq!(host.terminate(), 0);
    town.works(&["run", "acme/orders"]);
}

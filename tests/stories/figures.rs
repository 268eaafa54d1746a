//! A host shows how it stands in figures, at an address of their own and to whom the operator says.

use std::fs;
use std::time::{Duration, Instant};

use crate::town::{Figures, Host, Setting, Town, ask};

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "after 30 seconds it is not so that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn figures_say_what_moved_and_how_late_it_was() {
    let town = Town::settled(50, &Setting::transfer("schedule = { every = \"1s\" }"));
    let (host, figures) = Host::start_measured(&town);
    let value = |series: &str| figures.value(series);
    wait_until("two runs succeeded", || value("weighbridge_runs_ended_total{state=\"succeeded\"}") >= 2.0);
    let page = figures.page();
    assert!(value("weighbridge_records_total{outcome=\"delivered\"}") >= 50.0, "{page}");
    assert!(value("weighbridge_batches_settled_total") >= 1.0 && value("weighbridge_ledger_entries") >= 1.0, "{page}");
    assert!(value("weighbridge_schedule_lateness_seconds_count") >= 2.0, "{page}");
    assert!(value("weighbridge_gate_duration_seconds_bucket{le=\"+Inf\"}") >= 2.0, "{page}");
    assert!(value("weighbridge_store_commit_duration_seconds_count") >= 4.0, "{page}");
    assert!(value("weighbridge_egress_requests_total{outcome=\"2xx\"}") >= 2.0, "{page}");
    assert_eq!((value("weighbridge_customers"), value("weighbridge_transfers")), (1.0, 1.0), "{page}");
    for zero in [
        "weighbridge_invariant_violations_total{invariant=\"run.unbalanced\"}",
        "weighbridge_invariant_violations_total{invariant=\"ledger.unbalanced\"}",
        "weighbridge_refusals_total{code=\"customer.inactive\"}",
        "weighbridge_batches_in_doubt",
        "weighbridge_frozen",
    ] {
        assert_eq!(value(zero), 0.0, "{zero}: {page}");
    }
    assert!(value("process_resident_memory_bytes") > 1e6 && value("process_cpu_seconds_total") > 0.0, "{page}");
    town.works(&["customer", "deactivate", "acme"]);
    wait_until("a refusal is counted", || value("weighbridge_refusals_total{code=\"customer.inactive\"}") > 0.0);
    assert_eq!(host.terminate(), 0);
}

#[test]
fn a_batch_in_doubt_shows_with_its_age_until_it_is_given_up() {
    let town = Town::settled(200, &Setting::default());
    town.stops_in_the_middle();
    town.works(&["customer", "deactivate", "acme"]);
    let (_host, figures) = Host::start_measured(&town);
    wait_until("it is in doubt", || figures.value("weighbridge_batches_in_doubt") == 1.0);
    assert!(figures.value("weighbridge_batches_in_doubt_age_seconds") > 0.0);
    assert_eq!(figures.value("weighbridge_transfers_unfinished"), 1.0);
    let open = town.works(&["doubt", "list-host"]);
    town.works(&["batch", "write-off", open["items"][0]["batch"].as_str().unwrap(), "--confirm"]);
    wait_until("nothing is in doubt", || figures.value("weighbridge_batches_in_doubt") == 0.0);
}

#[test]
fn the_public_address_shows_no_figures_and_the_other_one_shows_nothing_else() {
    let town = Town::bare(1);
    town.works(&["init"]);
    let (host, figures) = Host::start_measured(&town);
    assert!(host.ask("/metrics").starts_with("there is /healthz"), "{}", host.ask("/metrics"));
    for path in ["/", "/healthz", "/console", "/api/v1/customers", "/metrics/"] {
        assert_eq!(ask(&figures.address, "GET", path, &[], "").status, 404, "{path}");
    }
    assert_eq!(ask(&figures.address, "POST", "/metrics", &[], "").status, 405);
    let page = ask(&figures.address, "GET", "/metrics", &[], "");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/plain; version=0.0.4; charset=utf-8")));
}

#[test]
fn a_key_that_the_operator_gave_is_shown_by_whoever_reads() {
    let town = Town::bare(1);
    town.works(&["init"]);
    fs::write(town.path("figures.key"), "a key of figures\n").unwrap();
    let address = format!("127.0.0.1:{}", Host::free_port());
    let host = Host::start_configured(&town, &format!("metrics = \"{address}\"\nmetrics_key = \"figures.key\""));
    let asked = |lines: &[&str]| ask(&address, "GET", "/metrics", lines, "").status;
    assert_eq!(asked(&["authorization: Bearer a key of figures"]), 200);
    for lines in [&[][..], &["authorization: Bearer another of them"], &["authorization: Basic a key of figures"]] {
        assert_eq!(asked(lines), 401, "{lines:?}");
    }
    assert_eq!(host.terminate(), 0);
    let told = town.works(&["audit", "host"]).to_string();
    assert!(told.contains("access.not_signed_in") && told.contains("127.0.0.1"), "{told}");
}

#[test]
fn a_host_that_would_show_figures_to_everybody_does_not_start() {
    let town = Town::bare(1);
    town.works(&["init"]);
    let file = town.path("weighbridge.toml");
    let begin = |lines: &str| {
        fs::write(&file, format!("listen = \"127.0.0.1:0\"\n{lines}\n")).unwrap();
        town.run(&["serve", "--config", file.to_str().unwrap()])
    };
    let refused = begin("metrics = \"0.0.0.0:0\"");
    assert!(refused.code == 2 && refused.errors.contains("metrics_key"), "{refused:?}");
    fs::write(town.path("figures.key"), "a key of figures\n").unwrap();
    let refused = begin("metrics = \"0.0.0.0:0\"\nmetrics_key = \"figures.key\"");
    assert!(refused.code != 0 && refused.errors.contains("listen.unprotected"), "{refused:?}");
}

/// What a page of a host costs, and whether what moves waits for it: see `ARCHITECTURE.md`.
#[test]
fn figures_are_read_many_at_once_while_a_transfer_moves() {
    let town = Town::settled(2_000, &Setting { page: 10, ..Setting::transfer("schedule = { every = \"1s\" }") });
    let (_host, figures) = Host::start_measured(&town);
    let address = figures.address.clone();
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let figures = Figures { address: address.clone() };
            std::thread::spawn(move || (0..50).for_each(|_| assert!(figures.page().contains("weighbridge_build_info"))))
        })
        .collect();
    readers.into_iter().for_each(|reader| reader.join().unwrap());
    wait_until("everything moved", || figures.value("weighbridge_records_total{outcome=\"delivered\"}") >= 2_000.0);
}

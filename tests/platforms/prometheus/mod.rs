//! A real Prometheus reads the figures of a host that moves something.

pub(crate) mod expressions;
mod server;

use serde_json::Value;

use self::server::Prometheus;
pub(crate) use self::server::promtool;
use crate::town::{Host, Setting, Town};

fn said(output: &std::process::Output) -> String {
    [&output.stdout[..], &output.stderr].concat().iter().map(|byte| char::from(*byte)).collect()
}

/// A town whose transfer runs every second, and what reads its host.
fn watched() -> (Town, Host, crate::town::Figures, Prometheus) {
    let town = Town::settled(20, &Setting::transfer("schedule = { every = \"1s\" }"));
    let (host, figures) = Host::start_measured(&town);
    let prometheus = Prometheus::of(&figures.address);
    (town, host, figures, prometheus)
}

#[test]
fn prometheus_reads_what_a_host_moves_and_every_alert_and_panel_answers() {
    if !super::wanted("Prometheus") {
        return;
    }
    let (_town, host, figures, prometheus) = watched();
    let succeeded = "sum(weighbridge_runs_ended_total{state=\"succeeded\"})";
    prometheus.wait_until("three runs were seen", |it| !it.series(&format!("{succeeded} >= 3")).is_empty());
    prometheus.wait_until("a backup was taken", |it| !it.series("weighbridge_backup_age_seconds").is_empty());
    assert_eq!(prometheus.value("up"), 1.0);
    assert!(prometheus.value("sum(weighbridge_records_total{outcome=\"delivered\"})") >= 20.0);
    assert!(prometheus.value("weighbridge_schedule_lateness_seconds_count") >= 3.0);
    assert_eq!(prometheus.value("sum(weighbridge_invariant_violations_total)"), 0.0);

    for expression in expressions::of_dashboard() {
        prometheus.series(&expression);
    }
    prometheus.wait_until("all rules were evaluated", |it| rules(it).iter().all(|rule| rule["health"] != "unknown"));
    let rules = rules(&prometheus);
    assert!(rules.len() > 10 && rules.iter().all(|rule| rule["health"] == "ok"), "{rules:#?}");

    // Of every metric but those of crashes, which there were none of, there is a series.
    for metric in weighbridge_server::metrics::METRICS {
        let series = format!("{{__name__=~\"{0}|{0}_count\"}}", metric.name);
        assert_eq!(prometheus.series(&series).is_empty(), metric.name == "weighbridge_guest_stops_total", "{series}");
    }
    let checked = promtool(&["check", "metrics"], &figures.page());
    assert!(checked.status.success(), "{}", said(&checked));

    assert_eq!(host.terminate(), 0);
    prometheus.wait_until("it is seen that the host is down", |it| it.value("up") == 0.0);
}

fn rules(prometheus: &Prometheus) -> Vec<Value> {
    let groups = prometheus.ask("rules?type=alert");
    let groups = groups["data"]["groups"].as_array().unwrap().clone();
    groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
}

#[test]
fn alerts_are_well_formed_and_fire_when_they_should() {
    if !super::wanted("Prometheus") {
        return;
    }
    for words in [&["check", "rules", "alerts.yml"][..], &["test", "rules", "alerts.test.yml"]] {
        let checked = promtool(words, "");
        assert!(checked.status.success(), "{words:?}: {}", said(&checked));
    }
}

#[test]
fn a_page_that_is_not_as_it_should_be_is_caught() {
    if !super::wanted("Prometheus") {
        return;
    }
    let checked = promtool(&["check", "metrics"], "# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n");
    assert!(!checked.status.success(), "a gauge that is named as a counter");
}

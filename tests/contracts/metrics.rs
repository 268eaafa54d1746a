//! `schemas/metrics.md`: every metric; and alerts and a dashboard that name no other, and no verb that there is not.

use std::collections::BTreeSet;

use weighbridge_server::metrics::{METRICS, Metric};

use super::{check, file};
use crate::platforms::prometheus::expressions::{metric_of, names_in, of_dashboard};
use crate::town::BINARY;

const HEAD: &str = "# Metrics

How a host stands in figures: `metrics = \"127.0.0.1:9464\"` in its configuration, and `GET /metrics` there, in the text format that
Prometheus reads. No label is anybody's name or id; what bounds its values stands beside it. A count begins at 0 when the host is
started. This page is made of the code by a test, and never edited by hand:

    WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests contracts

Alerts on them: `host/deploy/prometheus/alerts.yml`; a dashboard for Grafana: `host/deploy/grafana/dashboard.json`.

| Name | Type | Labels | What it means |
|---|---|---|---|
";

fn row(metric: &Metric) -> String {
    let labels = metric.labels.iter().map(|(label, bound)| format!("`{label}`: {bound}"));
    let labels: Vec<String> = labels.collect();
    format!("| `{}` | {} | {} | {} |\n", metric.name, metric.kind.word(), labels.join("; "), metric.help)
}

fn alerts() -> String {
    std::fs::read_to_string(file("host/deploy/prometheus/alerts.yml")).unwrap()
}

#[test]
fn the_page_of_metrics_is_what_the_code_says() {
    let rows: String = METRICS.iter().map(row).collect();
    check("schemas/metrics.md", &format!("{HEAD}{rows}"));
}

#[test]
fn alerts_and_the_dashboard_name_only_metrics_that_there_are() {
    let there: BTreeSet<&str> = METRICS.iter().map(|metric| metric.name).collect();
    let tests = std::fs::read_to_string(file("host/deploy/prometheus/alerts.test.yml")).unwrap();
    for text in [alerts(), tests, of_dashboard().join("\n")] {
        let named = names_in(&text);
        assert!(named.len() > 8, "{named:?}");
        for name in named {
            assert!(there.contains(metric_of(&name)), "there is no metric {name}");
        }
    }
}

#[test]
fn the_dashboard_shows_every_metric() {
    let shown: BTreeSet<String> = names_in(&of_dashboard().join("\n"));
    let shown: BTreeSet<&str> = shown.iter().map(|name| metric_of(name)).collect();
    let missing: Vec<&str> = METRICS.iter().map(|metric| metric.name).filter(|name| !shown.contains(name)).collect();
    assert!(missing.is_empty(), "no panel shows {missing:?}");
}

#[test]
fn panels_have_ids_of_their_own_and_none_lies_over_another() {
    let text = std::fs::read_to_string(file("host/deploy/grafana/dashboard.json")).unwrap();
    let dashboard: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut ids, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{}", panel["title"]);
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().unwrap());
        assert!(x + w <= 24, "{}", panel["title"]);
        let cells = (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y)));
        cells.for_each(|cell| assert!(taken.insert(cell), "{} lies over another", panel["title"]));
    }
}

#[test]
fn a_name_that_there_is_not_is_found() {
    let names =
        names_in("rate(weighbridge_runs_endd_total{state=\"x\"}[5m]) / weighbridge_gate_duration_seconds_count");
    let wanted = ["weighbridge_gate_duration_seconds_count", "weighbridge_runs_endd_total"].map(str::to_owned);
    assert_eq!(names, BTreeSet::from(wanted));
    assert_eq!(metric_of("weighbridge_gate_duration_seconds_count"), "weighbridge_gate_duration_seconds");
}

#[test]
fn every_alert_says_what_it_is_and_what_to_do_and_has_a_test() {
    let tests = std::fs::read_to_string(file("host/deploy/prometheus/alerts.test.yml")).unwrap();
    let alerts = alerts();
    let each: Vec<&str> = alerts.split("- alert: ").skip(1).collect();
    for alert in &each {
        let name = alert.lines().next().unwrap();
        for part in ["severity: ", "summary: ", "description: ", "next_step: "] {
            assert!(alert.contains(part), "{name} has no {part}");
        }
        let is_tried =
            tests.contains(name) || (name.starts_with("WeighbridgeDisk") && tests.contains("WeighbridgeDisk.*"));
        assert!(is_tried, "{name} has no test");
    }
    assert!(each.len() > 10);
}

#[test]
fn every_verb_that_an_alert_names_is_one() {
    let alerts = alerts();
    let quoted = alerts.split('`').skip(1).step_by(2).filter_map(|text| text.strip_prefix("weighbridge "));
    let verbs: BTreeSet<&str> = quoted.map(|text| text.split(" --").next().unwrap_or_default()).collect();
    assert!(verbs.len() > 6, "{verbs:?}");
    for verb in verbs {
        let help = std::process::Command::new(BINARY).args(verb.split(' ')).arg("--help").output().unwrap();
        assert!(help.status.success(), "weighbridge {verb}");
    }
}

//! What the alerts and the dashboard ask Prometheus for, read from their files.

use std::collections::BTreeSet;

use serde_json::Value;

use super::server::deployed;

/// Every expression of the dashboard, with the interval that Grafana would put in.
pub(crate) fn of_dashboard() -> Vec<String> {
    let text = std::fs::read_to_string(deployed("grafana/dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row");
    let targets = panels.flat_map(|panel| panel["targets"].as_array().unwrap());
    let annotations = dashboard["annotations"]["list"].as_array().unwrap().iter();
    let all = targets.chain(annotations).map(|target| target["expr"].as_str().unwrap());
    let all: Vec<String> = all.map(|text| text.replace("$__rate_interval", "1m").replace("$instance", ".+")).collect();
    assert!(all.len() > 20 && all.iter().all(|expression| !expression.contains('$')), "{all:?}");
    all
}

/// The names of our metrics in a text, as its series name them.
pub(crate) fn names_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let ours = words.filter(|word| word.starts_with("weighbridge_") || word.starts_with("process_"));
    ours.map(str::to_owned).collect()
}

/// The metric that a series is of.
pub(crate) fn metric_of(series: &str) -> &str {
    ["_bucket", "_sum", "_count"].iter().find_map(|ending| series.strip_suffix(ending)).unwrap_or(series)
}

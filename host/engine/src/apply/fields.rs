//! Which fields of a thing a document changes, in a document's words. What stands in them is not told: some are secrets.

use serde::Serialize;
use serde_json::Value;

/// How a document says what a row calls otherwise, or keeps for itself.
const WORDS: &[(&str, Option<&str>)] = &[
    ("label", Some("name")),
    ("place", Some("connection, stream or partition")),
    ("capabilities_off", Some("off")),
    ("grant", Some("hosts, networks or folders")),
    ("secrets", Some("secrets (replaced)")),
    ("oauth_client", Some("oauth_client (replaced)")),
    ("authorities", Some("ca (replaced)")),
    ("client_certificate", Some("client_certificate (replaced)")),
    ("entered_by", None),
    ("inactivity", None),
    ("workflow_version", None),
];

/// The fields in which two rows differ.
pub(super) fn that_differ<T: Serialize>(before: Option<&T>, after: &T) -> Vec<String> {
    let [before, after] = [before, Some(after)].map(|row| serde_json::to_value(row).unwrap_or_default());
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return Vec::new() };
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differing = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    differing.filter_map(|name| word(name)).map(str::to_owned).collect()
}

fn word(field: &str) -> Option<&str> {
    WORDS.iter().find(|(known, _)| *known == field).map_or(Some(field), |(_, word)| *word)
}

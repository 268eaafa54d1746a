//! Which crate may know which: read from the manifests, dependencies of tests apart.

use super::{Source, sources};

/// Every crate with the crates of this repository that it may name.
const EDGES: &[(&str, &[&str])] = &[
    ("host/model", &[]),
    ("host/model/fuzz", &["weighbridge-model"]),
    ("host/vault", &["weighbridge-model"]),
    ("host/store", &["weighbridge-model"]),
    ("host/sandbox", &["weighbridge-model"]),
    ("host/egress", &["weighbridge-model"]),
    (
        "host/engine",
        &["weighbridge-egress", "weighbridge-model", "weighbridge-sandbox", "weighbridge-store", "weighbridge-vault"],
    ),
    ("host/server", &["weighbridge", "weighbridge-model"]),
    (
        "host/cli",
        &[
            "weighbridge",
            "weighbridge-forge",
            "weighbridge-model",
            "weighbridge-server",
            "weighbridge-store",
            "weighbridge-workshop",
        ],
    ),
    ("host/release", &["weighbridge-forge", "weighbridge-model"]),
    ("host/workshop", &["weighbridge-egress", "weighbridge-model", "weighbridge-sandbox"]),
    ("examples/languages/rust", &["weighbridge-sdk"]),
    ("sdk", &[]),
    ("sdk/forge", &["weighbridge-model"]),
    (
        "tests/campaign",
        &[
            "weighbridge",
            "weighbridge-model",
            "weighbridge-native",
            "weighbridge-oracle",
            "weighbridge-outage",
            "weighbridge-stage",
            "weighbridge-store",
        ],
    ),
    ("tests/campaign/known-bad", &["weighbridge-outage"]),
    ("tests/native", &["weighbridge", "weighbridge-store"]),
    ("tests/oracle", &["weighbridge-model"]),
    ("tests/outage", &[]),
    ("tests/planted", &["weighbridge-sdk"]),
    ("tests/simulators", &[]),
    ("tests/smith", &[]),
    ("tests/stage", &["weighbridge-model", "weighbridge-store"]),
];

/// A connector knows the guest crate; an example is a program of an embedder's.
const FAMILIES: &[(&str, &[&str])] = &[("plugins/", &["weighbridge-sdk"]), ("examples/", &["weighbridge"])];

fn allowed(folder: &str) -> Option<&'static [&'static str]> {
    let named = EDGES.iter().find(|(name, _)| *name == folder);
    named.or_else(|| FAMILIES.iter().find(|(name, _)| folder.starts_with(name))).map(|(_, edges)| *edges)
}

/// The dependencies that a build has: those of one target too, those of tests not.
fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let tables = targets.into_iter().flat_map(toml::Table::values).filter_map(toml::Value::as_table);
    let named = |table: &toml::Table, key: &str| -> Vec<String> {
        let dependencies = table.get(key).and_then(toml::Value::as_table);
        dependencies.into_iter().flatten().map(|(name, value)| real_name(name, value)).collect()
    };
    let all = std::iter::once(manifest).chain(tables);
    all.flat_map(|table| [named(table, "dependencies"), named(table, "build-dependencies")].concat()).collect()
}

/// A dependency may go by another name.
fn real_name(name: &str, value: &toml::Value) -> String {
    value.get("package").and_then(toml::Value::as_str).unwrap_or(name).to_owned()
}

fn faults(source: &Source) -> Vec<String> {
    let Some(folder) = source.path.strip_suffix("/Cargo.toml") else { return Vec::new() };
    let Some(allowed) = allowed(folder) else { return vec![source.fault(1, "no rule says what this crate may know")] };
    let ours = dependencies(&source.text.parse().unwrap()).into_iter().filter(|name| name.starts_with("weighbridge"));
    let wrong = ours.filter(|name| !allowed.contains(&name.as_str()));
    wrong.map(|name| source.fault(1, &format!("this crate may not know `{name}`"))).collect()
}

#[test]
fn crates_know_only_those_further_in() {
    super::check(&sources(&["Cargo.toml"]), faults);
}

#[test]
fn every_crate_of_the_rule_is_there() {
    for (folder, _) in EDGES {
        assert!(super::root().join(folder).join("Cargo.toml").exists(), "{folder}");
    }
}

#[test]
fn an_edge_that_points_outwards_is_caught() {
    let check = |path: &str, text: &str, wanted: &str| {
        super::check_bites(faults, path, text, &[&format!("{path}:1: this crate may not know `{wanted}`")]);
    };
    check("host/vault/Cargo.toml", "[dependencies]\nweighbridge-store.workspace = true", "weighbridge-store");
    check("host/model/Cargo.toml", "[build-dependencies]\nweighbridge-vault = { path = \"x\" }", "weighbridge-vault");
    check("sdk/Cargo.toml", "[target.'cfg(unix)'.dependencies]\nweighbridge-model = \"1\"", "weighbridge-model");
    check("plugins/rest/Cargo.toml", "[dependencies]\nm = { package = \"weighbridge-model\" }", "weighbridge-model");
    check("host/server/Cargo.toml", "[dependencies]\nweighbridge-store = \"1\"", "weighbridge-store");
}

#[test]
fn an_edge_of_tests_and_one_that_points_inwards_are_let_be() {
    let text = "[dependencies]\nweighbridge-model = \"1\"\n[dev-dependencies]\nweighbridge-store = \"1\"";
    super::check_bites(faults, "host/vault/Cargo.toml", text, &[]);
}

#[test]
fn a_crate_that_no_rule_names_is_caught() {
    let wanted = "host/extra/Cargo.toml:1: no rule says what this crate may know";
    super::check_bites(faults, "host/extra/Cargo.toml", "[dependencies]", &[wanted]);
}

//! What a person or a platform wrote is sealed in a row, so no row type has a bare text.

use std::collections::BTreeSet;

use super::{Source, check_bites, sources};

/// The files whose types stand in rows.
const FILES: &[&str] = &[
    "host/model/src/access/actor.rs",
    "host/model/src/audit.rs",
    "host/model/src/batch.rs",
    "host/model/src/connection.rs",
    "host/model/src/customer.rs",
    "host/model/src/deletion.rs",
    "host/model/src/endpoint.rs",
    "host/model/src/errand.rs",
    "host/model/src/event/address.rs",
    "host/model/src/event/delivery.rs",
    "host/model/src/event/marks.rs",
    "host/model/src/event/mod.rs",
    "host/model/src/failing.rs",
    "host/model/src/gate/code.rs",
    "host/model/src/gate/level.rs",
    "host/model/src/grant.rs",
    "host/model/src/hook.rs",
    "host/model/src/integration.rs",
    "host/model/src/meter/amounts.rs",
    "host/model/src/meter/balance.rs",
    "host/model/src/meter/chain.rs",
    "host/model/src/meter/entry.rs",
    "host/model/src/meter/quota.rs",
    "host/model/src/meter/reserve.rs",
    "host/model/src/package/installed.rs",
    "host/model/src/package/revocation.rs",
    "host/model/src/package/trust.rs",
    "host/model/src/people.rs",
    "host/model/src/run.rs",
    "host/model/src/schedule/mod.rs",
    "host/model/src/self_managed.rs",
    "host/model/src/service/keys.rs",
    "host/model/src/service/mod.rs",
    "host/model/src/service/pull.rs",
    "host/model/src/tenant.rs",
    "host/model/src/time.rs",
    "host/model/src/transfer.rs",
    "host/store/src/rows.rs",
    "host/store/src/tables.rs",
];

/// Types that may have texts, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("Contact", "it stands in a row as sealed JSON only"),
    ("EgressGrant", "it stands in a row as sealed JSON only"),
    ("Receipt", "it stands in a row as sealed JSON only"),
    ("Revocable", "it is an argument, and never kept"),
    ("TrustStore", "names of publishers and connectors are public, and say nothing of a customer"),
    ("TableFacts", "it is made of the code, and never kept"),
    ("Wording", "a cron expression, a zone and hours of a day say when, and nothing of whom"),
    ("TrustError", "an error is shown, and never kept"),
];

/// The words for texts: nobody can see what is in them.
const TEXTS: [&str; 4] = ["String", "str", "Value", "RawValue"];

/// The type that a line begins, if its fields follow.
fn type_begun(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = rest.strip_prefix("struct ").or_else(|| rest.strip_prefix("enum "))?;
    rest.ends_with('{').then(|| rest.split(|letter: char| !letter.is_alphanumeric()).next()).flatten()
}

fn has_text(line: &str) -> bool {
    let field = line.trim_start();
    let said = field.starts_with("//") || field.starts_with('#');
    !said && field.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| TEXTS.contains(&word))
}

fn faults(source: &Source) -> Vec<String> {
    let mut current = None;
    let mut faults = Vec::new();
    for (number, line) in source.lines() {
        current = type_begun(line).or(current).filter(|_| line != "}");
        if let Some(name) = current.filter(|_| has_text(line))
            && !EXCEPTIONS.iter().any(|(exception, _)| *exception == name)
        {
            faults.push(source.fault(number, &format!("`{name}` stands in a row and has a bare text: seal it")));
        }
    }
    faults
}

fn row_sources() -> Vec<Source> {
    let found: Vec<Source> = sources(&[".rs"]).into_iter().filter(|one| FILES.contains(&one.path.as_str())).collect();
    assert_eq!(found.len(), FILES.len(), "a file of the list is gone");
    found
}

#[test]
fn row_types_have_no_bare_text() {
    super::check(&row_sources(), faults);
}

#[test]
fn every_type_of_a_table_is_looked_at() {
    let files = row_sources();
    let defined: BTreeSet<&str> = files.iter().flat_map(|one| one.text.lines().filter_map(defined_type)).collect();
    let tables = files.iter().find(|one| one.path.ends_with("/tables.rs")).unwrap();
    let rows: Vec<&str> = tables.text.lines().filter_map(row_of_table).collect();
    assert!(rows.len() > 20, "the tables are not found");
    for row in rows {
        assert!(defined.contains(row), "`{row}` stands in a table, and its file is not in the list");
    }
}

fn defined_type(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
    rest.split(|letter: char| !letter.is_alphanumeric()).next()
}

/// `Hosts = 1 "host", HostScope, () => HostRow;`
fn row_of_table(line: &str) -> Option<&str> {
    line.strip_prefix("    ")
        .filter(|line| line.starts_with(char::is_uppercase))?
        .split_once(" => ")?
        .1
        .strip_suffix(';')
}

#[test]
fn a_bare_text_is_caught() {
    let text =
        "pub struct Row {\n    /// A String.\n    pub name: Option<String>,\n    pub of: BTreeMap<u8, Value>,\n}\n";
    let wanted = [
        "a.rs:3: `Row` stands in a row and has a bare text: seal it",
        "a.rs:4: `Row` stands in a row and has a bare text: seal it",
    ];
    check_bites(faults, "a.rs", text, &wanted);
    let variant = "pub enum Row {\n    One(String),\n}\n";
    check_bites(faults, "a.rs", variant, &["a.rs:2: `Row` stands in a row and has a bare text: seal it"]);
}

#[test]
fn a_sealed_field_a_newtype_and_a_function_are_let_be() {
    let text = "pub struct Row {\n    pub name: Sealed,\n}\npub struct Name(String);\nfn show() -> String {\n}\n";
    check_bites(faults, "a.rs", text, &[]);
}

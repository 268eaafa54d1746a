//! `schemas/manifest.schema.json`, and the authors' page that is made of it: every key of a manifest.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use weighbridge_model::package::Manifest;

use super::check;

const SCHEMA: &str = "schemas/manifest.schema.json";
const PAGE: &str = "sdk/docs/src/manifest.md";
const DEFINITIONS: &str = "#/$defs/";

const HEAD: &str = "# Manifest reference

Everything that a host knows of a connector before it runs any of it. You write it as `connector.toml`; `version` and `contract` may be left out there, and
`{ \"$file\" = \"schemas/order.json\" }` stands for what that file holds. In the package it is JSON, signed with the code. A key that is none, and one that stands
there twice, are errors.

This page is made of `schemas/manifest.schema.json`, which editors understand as well, and that is made of the code. Neither is edited by hand:

    WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests contracts
";

fn schema() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.into_generator().into_root_schema_for::<Manifest>().to_value()
}

/// The type that a schema refers to, in whichever way.
fn named(schema: &Value) -> Option<&str> {
    let direct = schema["$ref"].as_str();
    let either = || schema["anyOf"].as_array()?.iter().find_map(|one| one["$ref"].as_str());
    direct.or_else(either)?.strip_prefix(DEFINITIONS)
}

/// What a value is, in a few words; what has a part of its own on the page is linked to.
fn shape(schema: &Value, definitions: &Map<String, Value>) -> String {
    if let Some(name) = named(schema) {
        let is_text = definitions[name]["type"] == "string" && definitions[name].get("enum").is_none();
        return if is_text { "text".into() } else { format!("[{name}](#{})", name.to_lowercase()) };
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or("any"),
        one => one.as_str().unwrap_or("any"),
    };
    match types {
        "array" => format!("list of {}", shape(&schema["items"], definitions)),
        "object" if schema["additionalProperties"].is_object() => {
            format!("table of {}", shape(&schema["additionalProperties"], definitions))
        }
        "object" => "table".into(),
        "string" => schema["const"].as_str().map_or("text".into(), |text| format!("`{text}`")),
        "any" => "any".into(),
        other => other.into(),
    }
}

/// What is said of it, without links into the code.
fn plain(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().replace("[`", "`").replace("`]", "`")
}

/// The same as a cell of a table.
fn cell(schema: &Value) -> String {
    plain(schema).replace('\n', " ").replace('|', "\\|")
}

fn keys(schema: &Value, definitions: &Map<String, Value>, page: &mut String) {
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    page.push_str("\n| key | | what it is |\n|---|---|---|\n");
    let mut rows: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
    rows.retain(|(_, one)| one.get("const").is_none());
    rows.sort_by_key(|(key, _)| !required.contains(key.as_str()));
    for (key, one) in rows {
        let needed = if required.contains(key.as_str()) { ", required" } else { "" };
        let _ = writeln!(page, "| `{key}` | {}{needed} | {} |", shape(one, definitions), cell(one));
    }
}

fn part(name: &str, schema: &Value, definitions: &Map<String, Value>, page: &mut String) {
    let _ = write!(page, "\n## {name}\n\n{}\n", plain(schema));
    let cases = schema["oneOf"].as_array();
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        let _ = writeln!(page, "\nOne of {}.", words.join(", "));
    } else if let Some(cases) = cases {
        for case in cases {
            let _ = match case["const"].as_str() {
                Some(word) => writeln!(page, "\n- `{word}`: {}", cell(case)),
                None => write!(
                    page,
                    "\n**`{}`** {}\n",
                    case["properties"]["kind"]["const"].as_str().unwrap_or(name),
                    cell(case)
                ),
            };
            if case["properties"].as_object().is_some_and(|keys| keys.len() > 1) {
                keys(case, definitions, page);
            }
        }
    } else if schema["properties"].is_object() {
        keys(schema, definitions, page);
    }
}

/// Each type after the one that names it first.
fn order(schema: &Value, definitions: &Map<String, Value>, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix(DEFINITIONS));
            if let Some(name) = name.filter(|name| !found.iter().any(|one| one == name)) {
                found.push(name.to_owned());
                order(&definitions[name], definitions, found);
            }
            fields.iter().filter(|(key, _)| *key != "$defs").for_each(|(_, field)| order(field, definitions, found));
        }
        Value::Array(items) => items.iter().for_each(|item| order(item, definitions, found)),
        _ => {}
    }
}

fn page(schema: &Value) -> String {
    let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
    let mut page = HEAD.to_owned();
    keys(schema, &definitions, &mut page);
    let mut found = Vec::new();
    order(schema, &definitions, &mut found);
    for name in &found {
        let one = &definitions[name];
        if one["type"] != "string" || one.get("enum").is_some() {
            part(name, one, &definitions, &mut page);
        }
    }
    page
}

#[test]
fn the_schema_and_the_page_of_manifests_are_what_the_code_says() {
    let schema = schema();
    check(SCHEMA, &format!("{}\n", serde_json::to_string_pretty(&schema).unwrap()));
    check(PAGE, &page(&schema));
}

#[test]
fn every_manifest_of_this_repository_is_taken_by_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = super::file("plugins");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path().join("connector.toml");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut whole: Map<String, Value> = toml::from_str(&text).unwrap();
        for key in ["version", "contract"] {
            whole.entry(key).or_insert("0.1.0".into());
        }
        // What says where its component is, is the forge's, and no part of a manifest.
        whole.remove("component");
        let whole = Value::Object(whole);
        let faults: Vec<String> = validator.iter_errors(&whole).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        count += 1;
    }
    assert!(count > 5, "the walk lost its way");
}

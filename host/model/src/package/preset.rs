//! The fixed configuration of a connector that has no code of its own: signed with the manifest, and put under what a person
//! fills in.
//!
//! A text of a preset may name settings of the connector's own form in braces. What is filled in there goes to the component and
//! nowhere else: hosts, and all that is done with credentials, are looked up in the person's settings and never in a preset, so
//! that a preset widens nothing.

use serde_json::{Map, Value};

use super::manifest::Manifest;

/// What is wrong with a preset: its place in the manifest, and why.
pub(super) fn fault(manifest: &Manifest) -> Option<(String, String)> {
    let preset = &manifest.preset;
    let own = manifest.configuration.get("properties").and_then(Value::as_object);
    if let Some(both) = preset.keys().find(|key| own.is_some_and(|own| own.contains_key(*key))) {
        let why = format!("`{both}` is a setting of the form too; it is fixed here or filled in there, and not both");
        return Some((format!("/preset/{both}"), why));
    }
    if preset.contains_key("partition") {
        return Some(("/preset/partition".into(), "the partition is an endpoint's, and put in by the host".into()));
    }
    let outward = outward(manifest);
    if let Some(key) = preset.keys().find(|key| mentions(&outward, &format!("{{{key}}}"))) {
        let why = format!("hosts and sign-ins cannot name `{key}` of the preset; write what it stands for");
        return Some((format!("/preset/{key}"), why));
    }
    let unsure = names(manifest).find(|name| mentions_any(preset, name) && !is_always_there(manifest, name))?;
    let why =
        format!("the preset names the setting `{unsure}`, which may be left empty; require it, or give it a default");
    Some((format!("/configuration/properties/{unsure}"), why))
}

/// What the host itself reads settings for.
fn outward(manifest: &Manifest) -> Value {
    serde_json::to_value((&manifest.hosts, &manifest.auth)).unwrap_or_default()
}

fn names(manifest: &Manifest) -> impl Iterator<Item = &String> {
    manifest.configuration.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys)
}

fn is_always_there(manifest: &Manifest, name: &str) -> bool {
    let required = manifest.configuration.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().any(|one| one == name);
    required || manifest.configuration.pointer(&format!("/properties/{name}/default")).is_some()
}

fn mentions_any(preset: &Map<String, Value>, name: &str) -> bool {
    let placeholder = format!("{{{name}}}");
    preset.values().any(|value| mentions(value, &placeholder))
}

fn mentions(value: &Value, placeholder: &str) -> bool {
    match value {
        Value::String(text) => text.contains(placeholder),
        Value::Array(items) => items.iter().any(|item| mentions(item, placeholder)),
        Value::Object(fields) => fields.values().any(|field| mentions(field, placeholder)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The preset with the settings in their places, and beside it those that neither it nor hosts and sign-ins name.
pub(super) fn under(manifest: &Manifest, configuration: Map<String, Value>) -> Map<String, Value> {
    if manifest.preset.is_empty() {
        return configuration;
    }
    let mut given = manifest.preset.clone();
    let outward = outward(manifest);
    let named: Vec<(&String, &Value)> =
        names(manifest).filter_map(|name| Some((name, configuration.get(name)?))).collect();
    given.values_mut().for_each(|value| fill(value, &named));
    for (name, value) in &configuration {
        if !mentions_any(&manifest.preset, name) && !mentions(&outward, &format!("{{{name}}}")) {
            given.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    given
}

fn fill(value: &mut Value, settings: &[(&String, &Value)]) {
    match value {
        Value::String(text) => {
            if let Some(filled) = filled(text, settings) {
                *value = filled;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, settings)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, settings)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text with settings in their places, or nothing where it names none. Walks the text once, so that what a person filled in
/// is never taken for a place itself. In a path, what is filled in is one step of it.
fn filled(text: &str, settings: &[(&String, &Value)]) -> Option<Value> {
    if let Some((_, value)) = settings.iter().find(|(name, _)| text == format!("{{{name}}}")) {
        return Some((*value).clone());
    }
    let (mut out, mut rest, mut any) = (String::with_capacity(text.len()), text, false);
    while let Some(at) = rest.find('{') {
        let found = settings
            .iter()
            .find(|(name, _)| rest[at + 1..].strip_prefix(name.as_str()).is_some_and(|after| after.starts_with('}')));
        out.push_str(&rest[..at]);
        let Some((name, value)) = found else {
            out.push('{');
            rest = &rest[at + 1..];
            continue;
        };
        let is_step = at + text.len() > rest.len() && text.starts_with(['/', '{']);
        push(&mut out, value, is_step);
        any = true;
        rest = &rest[at + name.len() + 2..];
    }
    out.push_str(rest);
    any.then_some(Value::String(out))
}

fn push(out: &mut String, value: &Value, is_step: bool) {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if !is_step {
        out.push_str(&text);
        return;
    }
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'~' => out.push(char::from(byte)),
            // A step of dots alone would lead upwards.
            b'.' if !text.bytes().all(|byte| byte == b'.') => out.push('.'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

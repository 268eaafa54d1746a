//! What a reader of the manifest would ask about: nothing here is wrong, and all of it is better otherwise.

use std::path::Path;

use semver::Version;
use serde_json::Value;
use weighbridge_model::package::{Capability, Direction, Limits, Manifest};

use crate::build::BuildError;
use crate::declared;
use crate::description;
use crate::language;

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The stable code.
    pub code: &'static str,
    /// What it is about.
    pub what: String,
    /// What to do about it.
    pub next_step: &'static str,
}

/// Reads the manifest that a folder would be built with.
pub fn manifest(folder: &Path) -> Result<Manifest, BuildError> {
    let found = language::look_at(&declared::code(folder)?, None)?;
    Ok(description::read(folder, found.version())?.manifest)
}

/// Looks through a manifest; where an older version is given, at what becomes of it too.
pub fn lint(manifest: &Manifest, older: Option<&Version>) -> Vec<Remark> {
    let streams = manifest.capabilities.iter().flat_map(stream);
    let mut remarks = hosts(manifest);
    remarks.extend(texts(manifest));
    remarks.extend(streams);
    remarks.extend(settings(&manifest.configuration));
    remarks.extend(limits(&manifest.limits));
    remarks.extend(older.and_then(|older| version(&manifest.version, older)));
    remarks
}

fn remark(code: &'static str, what: impl Into<String>, next_step: &'static str) -> Remark {
    Remark { code, what: what.into(), next_step }
}

fn hosts(manifest: &Manifest) -> Vec<Remark> {
    let wide = manifest.hosts.iter().map(|host| host.as_str()).filter(|host| host.contains('*'));
    let wide = wide.map(|host| {
        let what = format!("`{host}` is every host below that name");
        remark("lint.host_wide", what, "Name the hosts, or take one label from a setting: `{shop}.example.com`.")
    });
    let plain = manifest.hosts.iter().map(|host| host.as_str()).filter(|host| host.starts_with("http://"));
    let plain = plain.map(|host| {
        let what = format!("`{host}` is reached without encryption");
        remark("lint.host_plain", what, "Write it without `http://`, so that only `https` is used.")
    });
    wide.chain(plain).collect()
}

fn texts(manifest: &Manifest) -> Vec<Remark> {
    let licence = manifest
        .licence
        .is_none()
        .then(|| remark("lint.no_licence", "the manifest names no licence", "Add `licence`, such as \"Apache-2.0\"."));
    let documentation = manifest.documentation.is_none().then(|| {
        let next_step = "Add `documentation`, the address of a page for whoever connects the platform.";
        remark("lint.no_documentation", "the manifest names no page to read on", next_step)
    });
    licence.into_iter().chain(documentation).collect()
}

fn stream(capability: &Capability) -> Vec<Remark> {
    let name = &capability.stream;
    let (reads, is_listed) = (capability.direction == Direction::Source, name != "*");
    let lacks = [
        (
            capability.category.is_empty(),
            remark(
                "lint.no_category",
                format!("`{name}` has no category"),
                "Add `category`: a person picks connectors by it.",
            ),
        ),
        (
            capability.purpose.is_empty(),
            remark(
                "lint.no_purpose",
                format!("`{name}` does not say what it is for"),
                "Add `purpose`, a sentence for whoever switches it on.",
            ),
        ),
        (
            reads && is_listed && capability.schema.is_none(),
            remark(
                "lint.no_schema",
                format!("`{name}` has no schema"),
                "Add `schema`: fields are offered by it, and a change of them is noticed.",
            ),
        ),
        (
            reads && is_listed && capability.primary_key.is_empty(),
            remark(
                "lint.no_primary_key",
                format!("`{name}` has no primary key"),
                "Add `primary_key`: without one nothing is replaced or removed.",
            ),
        ),
    ];
    lacks.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, remark)| remark).collect()
}

/// Settings are shown and exported; what is secret belongs to a sign-in.
fn settings(schema: &Value) -> Vec<Remark> {
    const SECRETS: [&str; 6] = ["password", "passwd", "secret", "token", "apikey", "credential"];
    const PLACES: [&str; 7] = ["url", "header", "parameter", "field", "path", "name", "id"];
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let looks_secret = |name: &str| {
        let words: Vec<&str> = name.split(['_', '-']).collect();
        let is_key = name.ends_with("api_key") || name.ends_with("private_key");
        let is_place = words.last().is_some_and(|last| PLACES.contains(last));
        !is_place && (is_key || words.iter().any(|word| SECRETS.contains(word)))
    };
    let secret = properties.map(|(name, _)| name).filter(|name| looks_secret(name));
    let remarks = secret.map(|name| {
        let what = format!("the setting `{name}` looks like a secret");
        remark(
            "lint.secret_setting",
            what,
            "Ask for it in a sign-in (`[[auth]]`): the host keeps it, and shows it nobody.",
        )
    });
    remarks.collect()
}

fn limits(limits: &Limits) -> Vec<Remark> {
    let (usual, next_step) =
        (Limits::default(), "Ask for less: more has to be approved by the operator, or is refused.");
    let mut remarks = Vec::new();
    if limits.memory_mib() > usual.memory_mib() {
        let what = format!("it asks for {} MiB of memory", limits.memory_mib());
        remarks.push(remark("lint.limits", what, next_step));
    }
    if limits.call_ms() > usual.call_ms() {
        let what = format!("it asks for {} ms a call", limits.call_ms());
        remarks.push(remark("lint.limits", what, next_step));
    }
    remarks
}

fn version(own: &Version, older: &Version) -> Option<Remark> {
    let what = format!("version {own} does not follow {older}");
    let next_step = "Raise `version` in Cargo.toml: a host never goes down, and keeps one package of each version.";
    (own <= older).then(|| remark("lint.version_not_raised", what, next_step))
}

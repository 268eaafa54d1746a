//! `weighbridge connector diff`

use std::path::Path;

use anyhow::Context as _;
use serde_json::json;
use weighbridge::model::package::{Capability, Difference, Direction, Manifest};
use weighbridge_forge::inspect;

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args, old: &Path, new: &Path) -> anyhow::Result<Exit> {
    let (old, new) = (manifest(old)?, manifest(new)?);
    let difference = Difference::between(Some(&old), &new);
    let schemas = schemas(&old, &new);
    if args.json {
        output::json(&json!({
            "old": old.version.to_string(),
            "new": new.version.to_string(),
            "asks_for": output::additions(&difference),
            "notes": difference.notes,
            "schemas": schemas,
        }));
        return Ok(Exit::Done);
    }
    output::line(format_args!("{} {} and {} {}", old.name, old.version, new.name, new.version));
    difference.additions.iter().for_each(|one| output::line(format_args!("it {one}")));
    difference.notes.iter().chain(&schemas).for_each(|note| output::line(format_args!("note: {note}")));
    if difference.is_empty() && difference.notes.is_empty() && schemas.is_empty() {
        output::line("they promise the same");
    }
    if !difference.is_empty() {
        output::line("an operator is asked to approve what it asks for beyond");
    }
    Ok(Exit::Done)
}

fn manifest(package: &Path) -> anyhow::Result<Manifest> {
    inspect(package)?.manifest.with_context(|| format!("malformed: {}", package.display()))
}

/// What changes in the records of streams that both have.
fn schemas(old: &Manifest, new: &Manifest) -> Vec<String> {
    let both = new.capabilities.iter().filter_map(|is| {
        let was = old.capabilities.iter().find(|was| was.stream == is.stream && was.direction == is.direction)?;
        Some((was, is))
    });
    both.flat_map(|(was, is)| changes(was, is)).collect()
}

fn changes(was: &Capability, is: &Capability) -> Vec<String> {
    let word = if is.direction == Direction::Source { "reading" } else { "writing" };
    let stream = format!("{word} `{}`", is.stream.escape_debug());
    let field = |capability: &Capability| capability.cursor_field.clone().unwrap_or_else(|| "none".into());
    let mut found = Vec::new();
    if was.primary_key != is.primary_key {
        found.push(format!("{stream}: its primary key was {:?} and is {:?}", was.primary_key, is.primary_key));
    }
    if was.cursor_field != is.cursor_field {
        let (was, is) = (field(was), field(is));
        found.push(format!("{stream}: its cursor field was {was:?} and is {is:?}"));
    }
    let properties = |capability: &Capability| {
        let schema = capability.schema.as_ref().and_then(|schema| schema.get("properties")?.as_object());
        schema.cloned().unwrap_or_default()
    };
    let (before, after) = (properties(was), properties(is));
    for (name, schema) in &after {
        match before.get(name) {
            None => found.push(format!("{stream}: the field {name:?} is new")),
            Some(known) if known != schema => found.push(format!("{stream}: the field {name:?} is another")),
            Some(_) => {}
        }
    }
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    found.extend(gone.map(|name| format!("{stream}: the field {name:?} is gone")));
    found
}

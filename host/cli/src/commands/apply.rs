//! `weighbridge apply FILE`

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};
use weighbridge::document::Document;
use weighbridge::{Change, ChangeKind, Planned};

use super::{reading, writing};
use crate::args::Args;
use crate::exit::Exit;
use crate::file;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct ApplyArgs {
    /// A TOML or JSON document.
    pub(crate) file: PathBuf,
    /// Only say what would be changed, and the plan's hash. Exit code 8 says that something would be.
    #[arg(long, conflicts_with = "hash")]
    pub(crate) plan: bool,
    /// Apply it only if it would change just what was planned under this hash.
    #[arg(long, value_name = "HASH")]
    hash: Option<String>,
}

pub(crate) async fn run(args: &Args, apply: &ApplyArgs) -> anyhow::Result<Exit> {
    let text = file::read("document.unreadable", &apply.file)?;
    let document = Document::parse(&text)?;
    let files = file::secrets_of(&text, &apply.file);
    if apply.plan {
        let planned = reading(args)?.plan_document(&document, files).await?;
        return Ok(show_plan(args.json, &planned));
    }
    let changes = writing(args, async |engine| match &apply.hash {
        Some(hash) => Ok(engine.apply_as_planned(&document, files, hash).await?),
        None => Ok(engine.apply(&document, files).await?),
    });
    show(args.json, &changes.await?);
    Ok(Exit::Done)
}

pub(crate) fn show(as_json: bool, changes: &[Change]) {
    if as_json {
        output::json(&json!({ "changes": changes.iter().map(as_value).collect::<Vec<_>>() }));
        return;
    }
    let done: Vec<_> = changes.iter().filter(|change| change.kind != ChangeKind::Unchanged).collect();
    done.iter().for_each(output::line);
    if done.is_empty() {
        output::line("nothing changed: all is as the document says");
    }
}

fn show_plan(as_json: bool, planned: &Planned) -> Exit {
    let would_change = planned.changes.iter().any(|change| change.kind != ChangeKind::Unchanged);
    if as_json {
        let changes: Vec<Value> = planned.changes.iter().map(as_value).collect();
        output::json(&json!({ "changes": changes, "hash": planned.hash, "would_change": would_change }));
    } else {
        planned.changes.iter().for_each(|change| output::line(told(change)));
        output::line(format_args!("hash {}", planned.hash));
    }
    if would_change { Exit::WouldChange } else { Exit::Done }
}

/// `changed connection shop of acme (Partner): configuration, secrets (replaced)`
fn told(change: &Change) -> String {
    let customer = change.customer.as_ref().filter(|_| change.what != "customer");
    let of = customer.map(|customer| format!(" of {customer}")).unwrap_or_default();
    let tenant = change.tenant.as_ref().filter(|_| change.what != "tenant");
    let tenant = tenant.map(|tenant| format!(" ({tenant})")).unwrap_or_default();
    let fields = if change.fields.is_empty() { String::new() } else { format!(": {}", change.fields.join(", ")) };
    format!("{change}{of}{tenant}{fields}")
}

fn as_value(change: &Change) -> Value {
    let kind = match change.kind {
        ChangeKind::Created => "created",
        ChangeKind::Changed => "changed",
        ChangeKind::Unchanged => "unchanged",
    };
    json!({
        "what": change.what, "name": change.name, "kind": kind, "fields": change.fields,
        "tenant": change.tenant, "customer": change.customer,
    })
}

//! `weighbridge apply FILE`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::document::Document;
use weighbridge::{Change, ChangeKind};

use super::writing;
use crate::args::Args;
use crate::beside;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct ApplyArgs {
    /// A TOML or JSON document.
    file: PathBuf,
}

pub(crate) async fn run(args: &Args, apply: &ApplyArgs) -> anyhow::Result<Exit> {
    let file = beside::resolve(&apply.file);
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("document.unreadable: {}", apply.file.display()))?;
    let document = Document::parse(&text)?;
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    let changes = writing(args, async |engine| Ok(engine.apply(&document, folder).await?)).await?;
    show(args.json, &changes);
    Ok(Exit::Done)
}

pub(crate) fn show(as_json: bool, changes: &[Change]) {
    if as_json {
        let kind = |change: &Change| match change.kind {
            ChangeKind::Created => "created",
            ChangeKind::Changed => "changed",
            ChangeKind::Unchanged => "unchanged",
        };
        let changes =
            changes.iter().map(|change| json!({ "what": change.what, "name": change.name, "kind": kind(change) }));
        output::json(&json!({ "changes": changes.collect::<Vec<_>>() }));
        return;
    }
    let done: Vec<_> = changes.iter().filter(|change| change.kind != ChangeKind::Unchanged).collect();
    done.iter().for_each(output::line);
    if done.is_empty() {
        output::line("nothing changed: all is as the document says");
    }
}

//! `weighbridge mapping`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::{Value, json};
use weighbridge::Previewed;
use weighbridge::model::mapping::Rules;

use super::reading;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum MappingCommand {
    /// Show what rules make of sample records.
    Preview {
        /// The customer whose record links are searched.
        customer: String,
        /// The rules as a document has them: TOML, or JSON.
        #[arg(long, value_name = "FILE")]
        rules: PathBuf,
        /// Records, one JSON object a line.
        #[arg(long, value_name = "FILE")]
        samples: PathBuf,
    },
}

pub(super) async fn run(args: &Args, command: &MappingCommand) -> anyhow::Result<Exit> {
    let MappingCommand::Preview { customer, rules, samples } = command;
    let rules = rules_of(&text(rules)?)?;
    let samples = text(samples)?;
    let samples: Vec<&str> = samples.lines().filter(|line| !line.trim().is_empty()).collect();
    let engine = reading(args)?;
    let scope = engine.find_customer(engine.find_tenant(None)?, customer)?;
    let previewed = engine.preview_mapping(scope, &rules, &samples).await?;
    show(&previewed, args.json);
    Ok(Exit::Done)
}

fn text(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("file.unreadable: {}", path.display()))
}

/// Rules as a document has them.
pub(crate) fn rules_of(text: &str) -> anyhow::Result<Rules> {
    let read = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(anyhow::Error::from)
    } else {
        toml::from_str(text).map_err(anyhow::Error::from)
    };
    read.context(
        "mapping.malformed: the file holds no rules; write them as in a document: `rules = [{ copy = \"/id\" }]`",
    )
}

fn show(previewed: &[Previewed], as_json: bool) {
    if as_json {
        output::json(&json!({ "previewed": previewed.iter().map(value).collect::<Vec<_>>() }));
        return;
    }
    let rows: Vec<_> = previewed
        .iter()
        .map(|one| match one {
            Previewed::Written(record) => ["written".to_owned(), record.clone()],
            Previewed::Filtered(filter) => ["left out".to_owned(), format!("by filter {}", filter + 1)],
            Previewed::Rejected { code, message, .. } => [format!("rejected: {code}"), message.clone()],
        })
        .collect();
    output::table(["what", "record"], &rows);
}

/// The written record stays a text, since numbers in it may be longer than a reader's.
fn value(one: &Previewed) -> Value {
    match one {
        Previewed::Written(record) => json!({ "written": record }),
        Previewed::Filtered(filter) => json!({ "filtered": true, "at": format!("/filter/{filter}") }),
        Previewed::Rejected { code, at, message } => {
            json!({ "rejected": { "code": code, "at": at, "message": message } })
        }
    }
}

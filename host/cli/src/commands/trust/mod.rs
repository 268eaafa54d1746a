//! `weighbridge trust add | list`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::json;
use weighbridge::TrustChange;
use weighbridge::model::package::{NamePattern, PublicKey};
use weighbridge::model::time::{Timestamp, Window};

use super::{reading, writing};
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Believe a publisher's key.
    Add {
        /// The publisher's name.
        publisher: String,
        /// The file with the public key, or the key itself.
        key: String,
        /// The connectors it may sign: `acme.*`, or one whole name. `PUBLISHER.*` where it is left out.
        #[arg(long = "name", value_name = "PATTERN")]
        names: Vec<String>,
        /// The first instant at which packages under the key may be installed.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// The first instant at which they may no longer be.
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// Show whose keys are believed.
    List,
}

pub(crate) async fn run(args: &Args, command: &TrustCommand) -> anyhow::Result<Exit> {
    let TrustCommand::Add { publisher, key, names, from, until } = command else { return list(args) };
    let key = read_key(key)?;
    let names = if names.is_empty() { vec![format!("{publisher}.*")] } else { names.clone() };
    let names = names.iter().map(|name| NamePattern::parse(name)).collect::<Result<_, _>>()?;
    let window = Window { start: instant(from.as_deref())?, end: instant(until.as_deref())? };
    let change = TrustChange { publisher: publisher.clone(), names, key, window };
    let id = writing(&args.data, async |engine| Ok(engine.trust(change).await??)).await?;
    if args.json {
        output::json(&json!({ "publisher": publisher, "key": id }));
    } else {
        output::line(format_args!("connectors of {publisher} may be signed with the key {id}"));
    }
    Ok(Exit::Done)
}

fn read_key(text: &str) -> anyhow::Result<PublicKey> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let path = PathBuf::from(text);
    let read = std::fs::read_to_string(&path).with_context(|| format!("trust.key_unreadable: {}", path.display()))?;
    read.parse().with_context(|| format!("trust.key_malformed: {}", path.display()))
}

fn instant(text: Option<&str>) -> anyhow::Result<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    let instant = weighbridge::model::time::Zone::UTC.instant(text);
    instant.map(Some).with_context(|| format!("time.malformed: `{text}` is not an instant or a date"))
}

fn list(args: &Args) -> anyhow::Result<Exit> {
    let trust = reading(&args.data)?.trust_store()?;
    if args.json {
        output::json(&serde_json::to_value(&trust)?);
        return Ok(Exit::Done);
    }
    let mut rows = Vec::new();
    for (name, publisher) in &trust.publishers {
        for key in &publisher.keys {
            let id = key.public.id();
            let status = if trust.revoked_keys.contains(&id) { "revoked" } else { "trusted" };
            let names = publisher.names.iter().map(NamePattern::as_str).collect::<Vec<_>>().join(" ");
            rows.push([name.clone(), id.to_string(), status.to_owned(), names]);
        }
    }
    output::table(["publisher", "key", "status", "may sign"], &rows);
    Ok(Exit::Done)
}

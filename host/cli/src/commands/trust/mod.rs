//! `weighbridge trust …`

mod add;
mod list;
mod revoke;
mod rotate;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use weighbridge::model::package::PublicKey;
use weighbridge::model::time::{Timestamp, Window, Zone};

use crate::args::Args;
use crate::exit::Exit;
use crate::file;

#[derive(Debug, Subcommand)]
pub(crate) enum TrustCommand {
    /// Believe a publisher's key.
    Add(add::AddArgs),
    /// Show whose keys are believed, and what is revoked.
    List,
    /// Let a new key of a publisher follow one that is believed: by its own signed statement, or by your word.
    Rotate(rotate::RotateArgs),
    /// Believe a key, a package or a publisher no more. Whatever uses it stops before its next batch.
    Revoke(revoke::RevokeArgs),
}

impl TrustCommand {
    /// The files that it reads.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Add(add) => key_file(add.key()).into_iter().collect(),
            Self::Rotate(rotate) => rotate.files(),
            Self::List | Self::Revoke(_) => Vec::new(),
        }
    }
}

pub(crate) async fn run(args: &Args, command: &TrustCommand) -> anyhow::Result<Exit> {
    match command {
        TrustCommand::Add(add) => add::run(args, add).await,
        TrustCommand::List => list::run(args),
        TrustCommand::Rotate(rotate) => rotate::run(args, rotate).await,
        TrustCommand::Revoke(revoke) => revoke::run(args, revoke).await,
    }
}

/// The file that a public key stands in, where the text is none itself.
fn key_file(text: &str) -> Option<PathBuf> {
    text.parse::<PublicKey>().is_err().then(|| text.into())
}

/// A public key, or the file that it stands in.
fn read_key(text: &str) -> anyhow::Result<PublicKey> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let read = file::read("trust.key_unreadable", Path::new(text))?;
    read.parse().with_context(|| format!("trust.key_malformed: {text}"))
}

pub(crate) fn window(start: Option<&str>, end: Option<&str>) -> anyhow::Result<Window> {
    Ok(Window { start: instant(start)?, end: instant(end)? })
}

fn instant(text: Option<&str>) -> anyhow::Result<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    let instant = Zone::UTC.instant(text);
    instant.map(Some).with_context(|| format!("time.malformed: `{text}` is not an instant or a date"))
}

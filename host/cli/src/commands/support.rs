//! `weighbridge support bundle`

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::json;
use weighbridge::Engine;
use weighbridge::model::access::Actor;
use weighbridge_server::api::{Asked, operations};
use weighbridge_server::support::{SupportBundle, archive};

use super::reading;
use crate::args::Args;
use crate::beside;
use crate::exit::Exit;
use crate::output;

/// The operation that makes what is packed.
const OPERATION: &str = "support show";

#[derive(Debug, Subcommand)]
pub(crate) enum SupportCommand {
    /// Pack what this host tells whoever helps its operator into one archive (tar.gz) of plain files: versions, settings, findings,
    /// figures, counts, runs and the last lines of the log; no records, names or keys. Look at them before you send it.
    Bundle {
        /// The file to make; it must not be there.
        file: PathBuf,
    },
}

/// By the host that serves, where one does: it has the figures and the log.
pub(crate) async fn run(args: &Args, command: &SupportCommand) -> anyhow::Result<Exit> {
    let SupportCommand::Bundle { file } = command;
    let bundle = match beside::answer(args).await? {
        Some(answer) if answer.exit == Exit::Done as u8 => serde_json::from_slice(&answer.said)
            .context("support.unreadable: the host that serves answered something else; it may be another version")?,
        Some(_) => {
            output::aside(
                "the host that serves is of another version and makes no such files; these are made beside it",
            );
            made(&reading(args)?).await?
        }
        None => made(&reading(args)?).await?,
    };
    write(file, &packed(&bundle)?)?;
    told(args, file, &bundle);
    Ok(Exit::Done)
}

/// The host's own part of it, for a command beside it.
pub(crate) async fn show(engine: &Engine) -> anyhow::Result<Exit> {
    output::json(&serde_json::to_value(made(engine).await?)?);
    Ok(Exit::Done)
}

async fn made(engine: &Engine) -> anyhow::Result<SupportBundle> {
    let operation =
        operations().iter().find(|one| one.name == OPERATION).context("support.absent: there is no such operation")?;
    let input = serde_json::Map::new();
    let asked = Asked { actor: Actor::owner(), tenant: None, input, seen: None, secret: None };
    Ok(serde_json::from_value(operation.run(engine, asked).await?)?)
}

fn packed(bundle: &SupportBundle) -> anyhow::Result<Vec<u8>> {
    let at = weighbridge::model::time::Timestamp::parse(&bundle.made_at).map_or(0, |at| at.as_millis() / 1_000);
    Ok(archive(&bundle.files, u64::try_from(at).unwrap_or_default())?)
}

/// For its owner alone, who says who else reads it.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let failed = || format!("support.unwritable: {} cannot be made; name a file that is not there yet", path.display());
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(failed)
}

fn told(args: &Args, path: &Path, bundle: &SupportBundle) {
    if args.json {
        let files =
            bundle.files.iter().map(|one| json!({ "name": one.name, "about": one.about, "bytes": one.text.len() }));
        output::json(&json!({ "file": path, "made_at": bundle.made_at, "files": files.collect::<Vec<_>>() }));
        return;
    }
    for one in &bundle.files {
        output::line(format_args!("{:<20} {:>9}  {}", one.name, one.text.len(), one.about));
    }
    output::line(format_args!("look at it before you send it: tar -xzf {}", path.display()));
}

//! `weighbridge connector record`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args as ClapArgs, ValueEnum};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge::model::package::Manifest;
use weighbridge::model::transfer::{SyncMode, WriteMode};
use weighbridge_workshop::{Cassette, Drill, Header, Live, ReadDrill, WriteDrill, record, secret_names};

use super::package;
use crate::args::Args;
use crate::exit::{Exit, Misasked};
use crate::file;
use crate::output;
use crate::watch::Watch;

#[derive(Debug, ClapArgs)]
pub(crate) struct RecordArgs {
    /// The connector's folder; the recording goes to `cassettes/CASE.jsonl` in it.
    folder: PathBuf,
    /// The case's name.
    #[arg(long)]
    case: String,
    /// The connection's configuration: TOML, or JSON. No secret stands in it.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The stream.
    #[arg(long)]
    stream: String,
    /// How it is read or written; without it, everything is read, or records are added.
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// So many records a page at most.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    records: u32,
    /// So many pages at most.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pages: u32,
    /// Write the records in this file, one JSON object a line, instead of reading: the platform keeps them.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    #[command(flatten)]
    credential: CredentialArgs,
}

/// What the platform is shown.
#[derive(Clone, Debug, ClapArgs)]
pub(super) struct CredentialArgs {
    /// The sign-in of the manifest to use; without it, the only one there is.
    #[arg(long, value_name = "NAME")]
    sign_in: Option<String>,
    /// The secrets of the sign-in by name: TOML, or JSON. Without it they are asked for.
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum Mode {
    FullRefresh,
    Incremental,
    Append,
    Overwrite,
    Upsert,
}

pub(super) async fn run(args: &Args, asked: &RecordArgs) -> anyhow::Result<Exit> {
    let scratch = tempfile::tempdir()?;
    let watch = Watch::spinner("building".into(), args.json);
    let bench = package::bench(&asked.folder, scratch.path(), &watch).await?;
    let header = header(asked, &bench.manifest().name)?;
    drop(watch);
    let live = live(bench.manifest(), &header, &asked.credential)?;
    let watch = Watch::spinner("asking the platform".into(), args.json);
    let cassette = record(&bench, header, &live).await?;
    drop(watch);
    live.check(&cassette)?;
    let path = package::place(&asked.folder, &asked.case);
    cassette.save(&path)?;
    show(args, &path, &cassette);
    Ok(Exit::Done)
}

fn show(args: &Args, path: &Path, cassette: &Cassette) {
    let (exchanges, outcomes) = (cassette.exchanges.len(), cassette.outcomes.len());
    if args.json {
        output::json(&json!({ "cassette": path, "exchanges": exchanges, "outcomes": outcomes }));
        return;
    }
    output::line(format_args!("recorded {}: {exchanges} answers of the platform", path.display()));
    output::line("look through it before you share it: it has the platform's records in it, as they came");
}

fn header(asked: &RecordArgs, connector: &str) -> anyhow::Result<Header> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if asked.case.is_empty() || !asked.case.chars().all(is_name) {
        let text = "is no name of a case; write it in letters, digits, `-` and `_`";
        return Err(Misasked(format!("record.case: `{}` {text}", asked.case)).into());
    }
    begun_now(&asked.case, connector, document(&asked.config)?, drill(asked)?)
}

/// What is tried at this very moment.
pub(super) fn begun_now(
    case: &str,
    connector: &str,
    configuration: Map<String, Value>,
    drill: Drill,
) -> anyhow::Result<Header> {
    let now_ms = u64::try_from(SystemClock.now().as_millis()).unwrap_or(0);
    let (case, connector) = (case.to_owned(), connector.to_owned());
    Ok(Header { version: 1, case, connector, now_ms, seed: now_ms, configuration, drill })
}

/// The way to the platform that a configuration names, and what is shown there.
pub(super) fn live(manifest: &Manifest, header: &Header, asked: &CredentialArgs) -> anyhow::Result<Live> {
    let sign_in = sign_in(manifest, asked)?;
    let sign_in = sign_in.as_ref().map(|(name, secrets)| (name.as_str(), secrets.clone()));
    let now = Arc::new(|| SystemClock.now());
    Ok(Live::new(manifest, &header.configuration, sign_in, now)?)
}

fn drill(asked: &RecordArgs) -> anyhow::Result<Drill> {
    let stream = asked.stream.clone();
    let Some(lines) = &asked.write else {
        return reading(stream, asked.mode, asked.records, asked.pages);
    };
    let mode = match asked.mode {
        None | Some(Mode::Append) => WriteMode::Append,
        Some(Mode::Overwrite) => WriteMode::Overwrite,
        Some(Mode::Upsert) => WriteMode::Upsert,
        _ => return Err(misplaced().into()),
    };
    let text = file::read("record.file", lines)?;
    let records: Result<Vec<Box<RawValue>>, _> =
        text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect();
    let malformed = |error: serde_json::Error| {
        Misasked(format!("record.records: the file has lines that are no JSON ({error}); write one record a line"))
    };
    Ok(Drill::Write(WriteDrill { stream, mode, records: records.map_err(malformed)? }))
}

fn misplaced() -> Misasked {
    Misasked(
        "record.mode: `--mode` does not fit; with `--write` it is append, overwrite or upsert, else full_refresh or incremental"
            .into(),
    )
}

/// A stream that is read.
pub(super) fn reading(stream: String, mode: Option<Mode>, records: u32, pages: u32) -> anyhow::Result<Drill> {
    let mode = match mode {
        None | Some(Mode::FullRefresh) => SyncMode::FullRefresh,
        Some(Mode::Incremental) => SyncMode::Incremental,
        _ => return Err(misplaced().into()),
    };
    Ok(Drill::Read(ReadDrill { stream, mode, records, pages, since: None, until: None }))
}

/// TOML, or JSON.
pub(super) fn document<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = file::read("record.file", path)?;
    let read = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(anyhow::Error::from)
    } else {
        toml::from_str(&text).map_err(anyhow::Error::from)
    };
    read.map_err(|error| {
        let file = path.display();
        Misasked(format!("record.malformed: {file}: write names and values, as TOML or JSON: {error}")).into()
    })
}

/// The sign-in and its secrets; none where the connector has none.
fn sign_in(manifest: &Manifest, asked: &CredentialArgs) -> anyhow::Result<Option<(String, BTreeMap<String, String>)>> {
    let name = match (&asked.sign_in, manifest.auth.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, []) => return Ok(None),
        (None, [only]) => only.name.clone(),
        (None, several) => {
            let names = several.iter().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", ");
            let text = "the connector has several sign-ins; name one by `--sign-in`";
            return Err(Misasked(format!("record.sign_in: {text}: {names}")).into());
        }
    };
    if let Some(file) = &asked.credentials {
        return Ok(Some((name, document(file)?)));
    }
    let names = manifest.scheme(&name).map(secret_names).unwrap_or_default();
    let ask = |secret: String| {
        let typed = rpassword::prompt_password(format!("{secret}: "));
        let nobody = "record.credentials: nobody is there to be asked; name a file by `--credentials`";
        Ok((secret, typed.map_err(|_| Misasked(nobody.into()))?))
    };
    Ok(Some((name, names.into_iter().map(ask).collect::<anyhow::Result<_>>()?)))
}

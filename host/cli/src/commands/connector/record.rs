//! `weighbridge connector record`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args as ClapArgs, ValueEnum};
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge::model::package::Manifest;
use weighbridge::model::transfer::{SyncMode, WriteMode};
use weighbridge_workshop::{Cassette, Drill, Header, Live, ReadDrill, WriteDrill, record, secret_names};

use super::package;
use crate::args::Args;
use crate::exit::Exit;
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
    /// The sign-in of the manifest to use; without it, the only one there is.
    #[arg(long, value_name = "NAME")]
    sign_in: Option<String>,
    /// The secrets of the sign-in by name: TOML, or JSON. Without it they are asked for.
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Mode {
    FullRefresh,
    Incremental,
    Append,
    Overwrite,
    Upsert,
}

pub(super) async fn run(args: &Args, asked: &RecordArgs) -> anyhow::Result<Exit> {
    let header_of = |connector: &str| header(asked, connector);
    let scratch = tempfile::tempdir()?;
    let watch = Watch::spinner("building".into(), args.json);
    let bench = package::bench(&asked.folder, scratch.path(), &watch).await?;
    let header = header_of(&bench.manifest().name)?;
    drop(watch);
    let sign_in = sign_in(bench.manifest(), asked)?;
    let sign_in = sign_in.as_ref().map(|(name, secrets)| (name.as_str(), secrets.clone()));
    let now = Arc::new(|| SystemClock.now());
    let live = Live::new(bench.manifest(), &header.configuration, sign_in, now)?;
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
        bail!("record.case: `{}` is no name of a case; write it in letters, digits, `-` and `_`", asked.case);
    }
    let now_ms = u64::try_from(SystemClock.now().as_millis()).unwrap_or(0);
    Ok(Header {
        version: 1,
        case: asked.case.clone(),
        connector: connector.to_owned(),
        now_ms,
        seed: now_ms,
        configuration: document(&asked.config)?,
        drill: drill(asked)?,
    })
}

fn drill(asked: &RecordArgs) -> anyhow::Result<Drill> {
    let stream = asked.stream.clone();
    let misplaced = || {
        anyhow::anyhow!(
            "record.mode: `--mode` does not fit; with `--write` it is append, overwrite or upsert, else full_refresh or incremental"
        )
    };
    let Some(lines) = &asked.write else {
        let mode = match asked.mode {
            None | Some(Mode::FullRefresh) => SyncMode::FullRefresh,
            Some(Mode::Incremental) => SyncMode::Incremental,
            _ => return Err(misplaced()),
        };
        let (records, pages) = (asked.records, asked.pages);
        return Ok(Drill::Read(ReadDrill { stream, mode, records, pages, since: None, until: None }));
    };
    let mode = match asked.mode {
        None | Some(Mode::Append) => WriteMode::Append,
        Some(Mode::Overwrite) => WriteMode::Overwrite,
        Some(Mode::Upsert) => WriteMode::Upsert,
        _ => return Err(misplaced()),
    };
    let text = file::read("record.file", lines)?;
    let records: Result<Vec<Box<RawValue>>, _> =
        text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect();
    let records = records.context("record.records: the file has lines that are no JSON; write one record a line")?;
    Ok(Drill::Write(WriteDrill { stream, mode, records }))
}

/// TOML, or JSON.
fn document<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = file::read("record.file", path)?;
    let read = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(anyhow::Error::from)
    } else {
        toml::from_str(&text).map_err(anyhow::Error::from)
    };
    read.with_context(|| format!("record.malformed: {}: write names and values, as TOML or JSON", path.display()))
}

/// The sign-in and its secrets; none where the connector has none.
fn sign_in(manifest: &Manifest, asked: &RecordArgs) -> anyhow::Result<Option<(String, BTreeMap<String, String>)>> {
    let name = match (&asked.sign_in, manifest.auth.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, []) => return Ok(None),
        (None, [only]) => only.name.clone(),
        (None, several) => {
            let names = several.iter().map(|scheme| scheme.name.as_str()).collect::<Vec<_>>().join(", ");
            bail!("record.sign_in: the connector has several sign-ins; name one by `--sign-in`: {names}");
        }
    };
    if let Some(file) = &asked.credentials {
        return Ok(Some((name, document(file)?)));
    }
    let names = manifest.scheme(&name).map(secret_names).unwrap_or_default();
    let ask = |secret: String| {
        let typed = rpassword::prompt_password(format!("{secret}: "));
        Ok((secret, typed.context("record.credentials: nobody is there to be asked; name a file by `--credentials`")?))
    };
    Ok(Some((name, names.into_iter().map(ask).collect::<anyhow::Result<_>>()?)))
}

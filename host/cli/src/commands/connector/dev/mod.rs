//! `weighbridge connector dev`: at every save, what a connector does with one page.

mod shown;
mod watched;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args as ClapArgs;
use serde_json::{Map, Value};
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge::model::mapping::Rules;
use weighbridge::model::package::TrustStore;
use weighbridge::{Engine, Folder};
use weighbridge_workshop::{Bench, Cassette, Glance, Header, Played, Shaped, Standing, Venue, glance, shape};

use super::package;
use super::record::{CredentialArgs, Mode, begun_now, document, live, reading};
use crate::args::Args;
use crate::commands::mapping;
use crate::exit::{Exit, Misasked};
use crate::options;
use crate::output;
use crate::watch::Watch;
use watched::{Saved, Watched};

#[derive(Debug, ClapArgs)]
pub(crate) struct DevArgs {
    /// The connector's folder.
    folder: PathBuf,
    /// Run it once, and do not wait for a save.
    #[arg(long)]
    once: bool,
    /// The recording to play; without it, the first one there is.
    #[arg(long, conflicts_with = "config")]
    case: Option<String>,
    /// Ask the platform instead: the connection's configuration, TOML or JSON. No secret stands in it.
    #[arg(long, value_name = "FILE", requires = "stream")]
    config: Option<PathBuf>,
    /// The stream to read of the platform.
    #[arg(long, requires = "config")]
    stream: Option<String>,
    /// How it is read; without it, everything.
    #[arg(long, value_enum, requires = "config")]
    mode: Option<Mode>,
    /// So many records a page at most.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    records: u32,
    /// Show what a mapping would do with the records: its rules, TOML or JSON.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Sign the package, to see what a host that trusts the key says of it.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    credential: CredentialArgs,
}

/// One run, and all that is known of it.
struct Seen {
    case: String,
    standing: Standing,
    glance: Glance,
    shaped: Option<Vec<Shaped>>,
    built_ms: u128,
    compiled_ms: u128,
}

pub(super) async fn run(args: &Args, asked: &DevArgs) -> anyhow::Result<Exit> {
    let scratch = tempfile::tempdir()?;
    if asked.once {
        let seen = look(args, asked, scratch.path()).await?;
        shown::show(args, &seen, None);
        return Ok(if seen.glance.came.is_ok() { Exit::Done } else { Exit::Failed });
    }
    let files = [&asked.config, &asked.mapping].into_iter().flatten().cloned();
    let mut watched = Watched::over(&asked.folder, files)?;
    let mut saved: Option<Saved> = None;
    loop {
        match look(args, asked, scratch.path()).await {
            Ok(seen) => shown::show(args, &seen, saved.as_ref()),
            // What is wrong is mended at the next save.
            Err(error) => {
                output::report(&error, args.json);
            }
        }
        if !args.json {
            output::aside("waiting for a save; end with Ctrl-C");
        }
        let (back, next) = tokio::task::spawn_blocking(move || {
            let next = watched.next();
            (watched, next)
        })
        .await?;
        watched = back;
        saved = Some(next?);
    }
}

async fn look(args: &Args, asked: &DevArgs, scratch: &Path) -> anyhow::Result<Seen> {
    let rules = asked.mapping.as_deref().map(rules).transpose()?;
    let watch = Watch::spinner("building".into(), args.json);
    let begun = Instant::now();
    let package = package::built(&asked.folder, scratch, asked.key.as_deref(), &watch)?;
    let built_ms = begun.elapsed().as_millis();
    watch.say("compiling it for the sandbox".into());
    let begun = Instant::now();
    let bench = Bench::open(package.clone(), &scratch.join("artefacts")).await?;
    let compiled_ms = begun.elapsed().as_millis();
    drop(watch);
    let (header, venue) = asked_of(asked, &bench)?;
    let glance = glance(&bench, &header, &*venue).await?;
    let trust = trust(args)?;
    let judged = (&trust, SystemClock.now());
    let asked_for = (&header.configuration, &glance.exchanges[..]);
    let standing = Standing::of(package, bench.manifest(), judged, asked_for);
    let shaped = rules.map(|rules| shaped(args, &rules, &glance)).transpose()?;
    Ok(Seen { case: header.case, standing, glance, shaped, built_ms, compiled_ms })
}

/// What is done, and whom the connector asks.
fn asked_of(asked: &DevArgs, bench: &Bench) -> anyhow::Result<(Header, Box<dyn Venue>)> {
    if let Some(file) = &asked.config {
        let configuration: Map<String, Value> = document(file)?;
        let drill = reading(asked.stream.clone().unwrap_or_default(), asked.mode, asked.records, 1)?;
        let header = begun_now("the platform", &bench.manifest().name, configuration, drill)?;
        let live = live(bench.manifest(), &header, &asked.credential)?;
        return Ok((header, Box::new(live)));
    }
    let mut cassettes = package::cassettes(&asked.folder, asked.case.as_deref())?.into_iter();
    let cassette: Cassette = cassettes.next().ok_or_else(|| package::unrecorded(&asked.folder))?;
    let played = Played::new(&cassette);
    Ok((cassette.header, Box::new(played)))
}

/// Whom the host of the data folder trusts; nobody where there is none.
fn trust(args: &Args) -> anyhow::Result<TrustStore> {
    if !Folder::at(&args.data).store().exists() {
        return Ok(TrustStore::default());
    }
    Ok(Engine::open_reading(args.plain_options()?)?.trust_store()?)
}

fn rules(file: &Path) -> anyhow::Result<Rules> {
    let text = crate::file::read("mapping.file", file)?;
    mapping::rules_of(&text).map_err(|error| Misasked(output::whole(&error)).into())
}

fn shaped(args: &Args, rules: &Rules, glance: &Glance) -> anyhow::Result<Vec<Shaped>> {
    let Ok(came) = &glance.came else { return Ok(Vec::new()) };
    let expressions = options::at(&args.data)?.expressions;
    Ok(shape(rules, &came.records(), &expressions)?)
}

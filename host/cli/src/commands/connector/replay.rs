//! `weighbridge connector replay`

use std::path::Path;

use serde_json::json;
use weighbridge_workshop::{Replayed, replay};

use super::package;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use crate::watch::Watch;

pub(super) async fn run(args: &Args, folder: &Path, case: Option<&str>) -> anyhow::Result<Exit> {
    let cassettes = package::cassettes(folder, case)?;
    if cassettes.is_empty() {
        return Err(package::unrecorded(folder).into());
    }
    let scratch = tempfile::tempdir()?;
    let watch = Watch::spinner("building".into(), args.json);
    let bench = package::bench(folder, scratch.path(), &watch).await?;
    let mut replayed = Vec::new();
    for cassette in cassettes {
        watch.say(format!("replaying {}", cassette.header.case));
        replayed.push((cassette.header.case.clone(), replay(&bench, &cassette).await?));
    }
    drop(watch);
    let same = replayed.iter().all(|(_, replayed)| replayed.difference.is_none());
    show(args, &replayed);
    Ok(if same { Exit::Done } else { Exit::Failed })
}

fn show(args: &Args, replayed: &[(String, Replayed)]) {
    if args.json {
        let replayed = replayed.iter().map(|(case, replayed)| {
            json!({
                "case": case,
                "same": replayed.difference.is_none(),
                "difference": replayed.difference.as_ref().map(|difference| json!({
                    "outcome": difference.place,
                    "recorded": difference.recorded,
                    "came": difference.came,
                    "absent": difference.absent,
                })),
                "records": replayed.records,
                "requests": replayed.requests,
                "fuel": replayed.fuel,
                "memory_bytes": replayed.memory_bytes,
            })
        });
        output::json(&json!({ "replayed": replayed.collect::<Vec<_>>() }));
        return;
    }
    for (case, replayed) in replayed {
        let Replayed { records, requests, fuel, memory_bytes, difference } = replayed;
        let state = if difference.is_none() { "same" } else { "DIFFERS" };
        output::line(format_args!(
            "{state:8}{case}: {records} records, {requests} requests, fuel {fuel}, memory {} KiB",
            memory_bytes / 1024
        ));
        let Some(difference) = difference else { continue };
        let shown = |line: &Option<String>| line.clone().unwrap_or_else(|| "nothing".into());
        output::line(format_args!("  outcome {} was  {}", difference.place, shown(&difference.recorded)));
        output::line(format_args!("  and is now  {}", shown(&difference.came)));
        difference.absent.iter().for_each(|absent| output::line(format_args!("  {absent}")));
    }
}

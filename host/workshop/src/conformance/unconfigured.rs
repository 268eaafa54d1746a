//! Without settings and without a platform, the connector says what it lacks.

use serde_json::Map;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::package::{Capability, Mode};
use weighbridge_sandbox::{Answer, Ended, ReadRequest, SyncMode, WriteMode, WriteRequest};

use super::{Check, Verdict};
use crate::act::Act;
use crate::bench::{Bench, BenchError};
use crate::cassette::{Answered, Asked, Drill, Header, ReadDrill, VERSION};
use crate::venue::{Platform, Venue};

pub(super) const CHECK: Check = Check {
    code: "conformance.unconfigured",
    rule: "checks, lists and opens its streams without settings, or says what it lacks",
    next_step: "Turn a missing setting into a `Failure` of the class `config`.",
    run: |_| Box::pin(std::future::ready(Ok(Verdict::NotTried("it is tried once, without a recording".into())))),
};

pub(super) async fn run(bench: &Bench) -> Result<Verdict, BenchError> {
    let act = Act::new(&nothing(bench), &Nowhere);
    let mut ends = vec![("checked", bench.guest(&act).await?.check().await.err())];
    ends.push(("asked for its streams", bench.guest(&act).await?.discover().await.err()));
    for capability in &bench.manifest().capabilities {
        ends.push(("opened", opened(bench, &act, capability).await?));
    }
    let stopped = ends.into_iter().find_map(|(what, ended)| match ended {
        Some(Ended::Stopped(stopped)) => Some(format!("it is stopped when it is {what}: {stopped}")),
        _ => None,
    });
    Ok(Verdict::of(stopped))
}

async fn opened(bench: &Bench, act: &Act, capability: &Capability) -> Result<Option<Ended>, BenchError> {
    let mut guest = bench.guest(act).await?;
    let stream = capability.stream.clone();
    Ok(match capability.direction {
        Direction::Source => {
            let incremental = capability.modes.contains(&Mode::Incremental);
            let mode = if incremental { SyncMode::Incremental } else { SyncMode::FullRefresh };
            guest.open_reader(ReadRequest { stream, mode, start: None, since: None, until: None }).await.err()
        }
        Direction::Destination => {
            let upsert = capability.modes.contains(&Mode::Upsert);
            let mode = if upsert { WriteMode::Upsert } else { WriteMode::Append };
            guest.open_writer(WriteRequest { stream, mode, schema: "{}".into(), generation: None }).await.err()
        }
    })
}

fn nothing(bench: &Bench) -> Header {
    let (stream, mode) = (String::new(), SyncMode::FullRefresh);
    let drill = Drill::Read(ReadDrill { stream, mode, records: 1, pages: 1, since: None, until: None });
    let connector = bench.manifest().name.clone();
    Header { version: VERSION, case: String::new(), connector, now_ms: 0, seed: 0, configuration: Map::new(), drill }
}

struct Nowhere;

impl Venue for Nowhere {
    fn open(&self) -> Box<dyn Platform> {
        Box::new(Self)
    }
}

impl Platform for Nowhere {
    fn answer<'a>(&'a mut self, _asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        Box::pin(std::future::ready(None))
    }
}

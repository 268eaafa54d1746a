//! Recording a case: what the drill asks for, and what the conformance suite will ask about it.

use weighbridge_model::endpoint::Direction;
use weighbridge_model::package::{Capability, Manifest};
use weighbridge_sandbox::Ended;

use crate::act::Act;
use crate::bench::{Bench, BenchError};
use crate::cassette::{Cassette, Drill, Exchange, Header, Outcome, ReadDrill};
use crate::conformance::until;
use crate::replay::session;
use crate::venue::Venue;
use crate::walk::{Gait, walk};

/// Nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The package.
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// The connector does not get through.
    #[error(
        "record.failed: the connector did not get through the case: {0}; mend the configuration, the credential or the connector, and record again"
    )]
    Failed(Ended),
    /// The connector does not do this.
    #[error(
        "record.no_stream: the connector has no stream `{0}` in this direction; `weighbridge connector inspect` lists what it has"
    )]
    NoStream(String),
}

impl RecordError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Bench(error) => error.code(),
            Self::Failed(_) => "record.failed",
            Self::NoStream(_) => "record.no_stream",
        }
    }
}

/// So many pages are asked for one record at a time.
pub(crate) const NARROW_PAGES: u32 = 4;

/// Runs the drill against the venue, and then whatever the conformance suite asks of a platform for it.
pub async fn record(bench: &Bench, header: Header, venue: &dyn Venue) -> Result<Cassette, RecordError> {
    if capability_of(bench.manifest(), &header.drill).is_none() {
        return Err(RecordError::NoStream(header.drill.stream().to_owned()));
    }
    let act = Act::new(&header, venue);
    let done = session(bench, &act, &header.drill).await?;
    if let Some(ended) = done.outcomes.iter().find_map(ended) {
        return Err(RecordError::Failed(ended.clone()));
    }
    let mut exchanges = act.seen().exchanges.clone();
    if let Drill::Read(drill) = &header.drill {
        let capability = described(bench.manifest(), &header.drill, &done.outcomes);
        for (drill, gait) in asked_about(drill, capability.as_ref(), &done.walked.records()) {
            let act = Act::new(&header, venue);
            walk(bench, &act, &drill, gait).await?;
            exchanges.append(&mut act.seen().exchanges);
        }
    }
    Ok(Cassette { header, exchanges: folded(exchanges), outcomes: done.outcomes })
}

fn ended(outcome: &Outcome) -> Option<&Ended> {
    match outcome {
        Outcome::Ended(ended) => Some(ended),
        _ => None,
    }
}

/// The walks that the suite takes besides the usual one.
fn asked_about(
    drill: &ReadDrill,
    capability: Option<&Capability>,
    records: &[serde_json::Value],
) -> Vec<(ReadDrill, Gait)> {
    let mut walks = vec![(drill.clone(), Gait::INTERRUPTED), (narrow(drill), Gait::USUAL)];
    if let Some((drill, _)) = capability.and_then(|capability| until::halved(drill, capability, records)) {
        walks.push((drill, Gait::USUAL));
    }
    walks
}

/// The same, a record at a time.
pub(crate) fn narrow(drill: &ReadDrill) -> ReadDrill {
    ReadDrill { records: 1, pages: NARROW_PAGES, ..drill.clone() }
}

/// What the manifest says of the drill's stream.
pub(crate) fn capability_of<'a>(manifest: &'a Manifest, drill: &Drill) -> Option<&'a Capability> {
    let direction = match drill {
        Drill::Read(_) => Direction::Source,
        Drill::Write(_) => Direction::Destination,
    };
    manifest.capability(drill.stream(), direction)
}

/// What is known of the drill's stream: from the manifest, or from the list that the connector gave.
pub(crate) fn described(manifest: &Manifest, drill: &Drill, outcomes: &[Outcome]) -> Option<Capability> {
    let capability = capability_of(manifest, drill)?;
    if capability.stream != "*" && capability.schema.is_some() {
        return Some(capability.clone());
    }
    let listed = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Catalog(json) => serde_json::from_str::<serde_json::Value>(json).ok(),
        _ => None,
    });
    let streams: Vec<Capability> =
        listed.and_then(|listed| serde_json::from_value(listed["streams"].clone()).ok()).unwrap_or_default();
    let is_it = |one: &Capability| one.stream == drill.stream() && one.direction == capability.direction;
    Some(streams.into_iter().find(is_it).unwrap_or_else(|| capability.clone()))
}

/// The same exchange again and again is written once, with a count.
fn folded(exchanges: Vec<Exchange>) -> Vec<Exchange> {
    let mut folded: Vec<Exchange> = Vec::new();
    for exchange in exchanges {
        match folded.last_mut() {
            Some(last) if last.request == exchange.request && last.answer == exchange.answer => last.times += 1,
            _ => folded.push(exchange),
        }
    }
    folded
}

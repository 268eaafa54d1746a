//! Open both sides of an attempt: one instance each, never one of another customer.

use bytes::Bytes;
use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::RunId;
use weighbridge_model::mapping::{Mapping, Rules};
use weighbridge_model::record::Pointer;
use weighbridge_model::run::FailureClass;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::transfer::{SyncMode, WriteMode};
use weighbridge_sandbox::{PageCheck, ReadRequest, WriteRequest};
use weighbridge_store::verbs::Route;

use super::halt::Halt;
use crate::connector::{Side, StreamFacts};
use crate::engine::Host;
use crate::texts::{Texts, customer_owner};

/// Both sides of one attempt, and how records go from one to the other.
pub(crate) struct Sides {
    pub(super) source: Box<dyn Side>,
    pub(super) destination: Box<dyn Side>,
    pub(super) mapping: Option<Mapping>,
    pub(super) primary_key: Vec<Pointer>,
    pub(super) write: WriteMode,
    pub(super) check: PageCheck,
    /// The digests of the packages at work, as batches name them.
    pub(super) connectors: [Digest; 2],
}

/// What is needed to weigh records: no side of it, so that it may be shared.
#[derive(Clone, Copy)]
pub(super) struct Scales<'a> {
    pub(super) mapping: Option<&'a Mapping>,
    pub(super) primary_key: &'a [Pointer],
    pub(super) write: WriteMode,
}

impl Sides {
    pub(super) fn scales(&self) -> Scales<'_> {
        Scales { mapping: self.mapping.as_ref(), primary_key: &self.primary_key, write: self.write }
    }

    pub(super) fn begin_batch(&mut self) {
        self.source.begin_batch();
        self.destination.begin_batch();
    }

    /// A source that cannot be told loses nothing: it is told the next time.
    pub(super) async fn acknowledge(&mut self, checkpoint: Bytes) {
        if let Err(error) = self.source.acknowledge(checkpoint).await {
            tracing::warn!(%error, "the source was not told that a batch is settled");
        }
    }

    pub(super) async fn finish(&mut self) -> Result<(), Halt> {
        if self.write == WriteMode::Overwrite { Ok(self.destination.finish().await?) } else { Ok(()) }
    }

    pub(super) fn requests(&self) -> u64 {
        self.source.requests() + self.destination.requests()
    }
}

/// Opens the reader where the batch starts, and the writer.
pub(super) async fn open(host: &Host, route: &Route, run: RunId, start: Option<&Sealed>) -> Result<Sides, Halt> {
    let [source, destination] = &route.sides;
    let mut reading = host.side(route, source, run).await?;
    let mut writing = host.side(route, destination, run).await?;
    let facts = reading.stream_facts(Direction::Source).await?;
    check_modes(route, &facts)?;
    let texts = Texts::new(&host.ring, customer_owner(route.scope), route.transfer.id.as_bytes());
    let start = start.map(|cursor| texts.open("cursor", cursor)).transpose()?;
    let request = ReadRequest {
        stream: reading.stream.clone(),
        mode: route.transfer.sync,
        start: start.map(|cursor| Bytes::copy_from_slice(&cursor)),
        since: None,
        until: None,
    };
    let write = WriteRequest {
        stream: writing.stream.clone(),
        mode: route.transfer.write,
        schema: "{}".into(),
        generation: (route.transfer.write == WriteMode::Overwrite).then(|| generation(route)),
    };
    reading.side.open_reader(request).await?;
    writing.side.open_writer(write).await?;
    let walks = route.transfer.sync == SyncMode::Incremental;
    let cursor_field = facts.cursor_field.as_deref().filter(|_| walks);
    Ok(Sides {
        check: PageCheck::new(cursor_field, !facts.primary_key.is_empty()),
        mapping: mapping(host, route)?,
        primary_key: pointers(&facts)?,
        write: route.transfer.write,
        connectors: digests(route),
        source: reading.side,
        destination: writing.side,
    })
}

fn digests(route: &Route) -> [Digest; 2] {
    [0, 1].map(|side: usize| route.sides[side].release().map_or(Digest::of(b""), |release| release.digest))
}

/// The generation of an `overwrite` is as unique as its lineage.
fn generation(route: &Route) -> String {
    format!("{}-{}", route.transfer.id, route.progress.lineage)
}

fn check_modes(route: &Route, facts: &StreamFacts) -> Result<(), Halt> {
    if !facts.resumable {
        let message = "this stream cannot go on from a checkpoint, which this version does not move";
        return Err(Halt::failed(FailureClass::Unsupported, "stream.not_resumable", message));
    }
    if facts.primary_key.is_empty() && route.transfer.write != WriteMode::Append {
        let message = "the source stream has no primary key; set the transfer's `write` to `append`";
        return Err(Halt::failed(FailureClass::Config, "stream.no_primary_key", message));
    }
    Ok(())
}

fn pointers(facts: &StreamFacts) -> Result<Vec<Pointer>, Halt> {
    let pointers = facts.primary_key.iter().map(|field| Pointer::of_field(field)).collect::<Result<_, _>>();
    pointers.map_err(|error| Halt::failed(FailureClass::System, "stream.malformed_key", error.to_string()))
}

fn mapping(host: &Host, route: &Route) -> Result<Option<Mapping>, Halt> {
    let (Some(version), Some(row)) = (route.transfer.mapping, &route.mapping) else { return Ok(None) };
    let texts = Texts::new(&host.ring, customer_owner(route.scope), version.id.as_bytes());
    let rules: Rules = serde_json::from_slice(&texts.open("rules", &row.rules)?)
        .map_err(|error| Halt::failed(FailureClass::Config, "mapping.malformed", error.to_string()))?;
    let mapping = Mapping::compile(&rules);
    mapping.map(Some).map_err(|error| Halt::failed(FailureClass::Config, "mapping.malformed", error.to_string()))
}

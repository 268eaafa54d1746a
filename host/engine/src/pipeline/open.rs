//! Open both sides of an attempt: one instance each, never one of another customer.

use bytes::Bytes;
use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::RunId;
use weighbridge_model::mapping::{Mapping, Rules};
use weighbridge_model::record::Pointer;
use weighbridge_model::run::FailureClass;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{SyncMode, WriteMode};
use weighbridge_sandbox::{PageCheck, ReadRequest, WriteRequest};
use weighbridge_store::verbs::{Route, RoutePull};

use super::halt::Halt;
use crate::connector::{Side, StreamFacts};
use crate::engine::Host;
use crate::packages::OpenSide;
use crate::texts::{Texts, customer_owner};

/// The source of one attempt, and how its records are shaped.
pub(crate) struct Reading {
    pub(super) source: Box<dyn Side>,
    pub(super) mapping: Option<Mapping>,
    pub(super) primary_key: Vec<Pointer>,
    pub(super) write: WriteMode,
    pub(super) check: PageCheck,
    /// Whether the source can tell what changed after its last checkpoint.
    pub(super) incremental: bool,
}

/// Both sides of one attempt of a transfer.
pub(crate) struct Sides {
    pub(super) reading: Reading,
    pub(super) destination: Box<dyn Side>,
    /// The digests of the packages at work, as batches name them.
    pub(super) connectors: Vec<Digest>,
}

/// What is needed to weigh records: no side of it, so that it may be shared.
#[derive(Clone, Copy)]
pub(super) struct Scales<'a> {
    pub(super) mapping: Option<&'a Mapping>,
    pub(super) primary_key: &'a [Pointer],
    pub(super) write: WriteMode,
}

impl Reading {
    pub(super) fn scales(&self) -> Scales<'_> {
        Scales { mapping: self.mapping.as_ref(), primary_key: &self.primary_key, write: self.write }
    }

    /// A source that cannot be told loses nothing: it is told the next time.
    pub(super) async fn acknowledge(&mut self, checkpoint: Bytes) {
        if let Err(error) = self.source.acknowledge(checkpoint).await {
            tracing::warn!(%error, "the source was not told that a batch is settled");
        }
    }
}

impl Sides {
    pub(super) fn begin_batch(&mut self) {
        self.reading.source.begin_batch();
        self.destination.begin_batch();
    }

    pub(super) async fn finish(&mut self) -> Result<(), Halt> {
        if self.reading.write == WriteMode::Overwrite { Ok(self.destination.finish().await?) } else { Ok(()) }
    }

    pub(super) fn requests(&self) -> u64 {
        self.reading.source.requests() + self.destination.requests()
    }
}

/// Opens the reader where the batch starts, and the writer.
pub(super) async fn open(host: &Host, route: &Route, run: RunId, start: Option<&Sealed>) -> Result<Sides, Halt> {
    let destination = route.destination.endpoint();
    let destination =
        destination.ok_or_else(|| Halt::config("transfer.no_destination", "a pull has no destination"))?;
    let source = host.side(route, &route.source, run).await?;
    let mut writing = host.side(route, destination, run).await?;
    let reading = read_from(host, route, source, start).await?;
    let write = WriteRequest {
        stream: writing.stream.clone(),
        mode: route.transfer.write,
        schema: "{}".into(),
        generation: (route.transfer.write == WriteMode::Overwrite).then(|| generation(route)),
    };
    writing.side.open_writer(write).await?;
    Ok(Sides { reading, destination: writing.side, connectors: route.connectors() })
}

/// Opens the reader alone.
pub(super) async fn open_reading(
    host: &Host,
    route: &Route,
    run: RunId,
    start: Option<&Sealed>,
) -> Result<Reading, Halt> {
    read_from(host, route, host.side(route, &route.source, run).await?, start).await
}

async fn read_from(host: &Host, route: &Route, mut reading: OpenSide, start: Option<&Sealed>) -> Result<Reading, Halt> {
    let facts = reading.stream_facts(Direction::Source).await?;
    let Way { mode, write, since } = way(route, &facts)?;
    let texts = Texts::new(&host.ring, customer_owner(route.scope), route.transfer.id.as_bytes());
    let start = start.map(|cursor| texts.open("cursor", cursor)).transpose()?;
    let request = ReadRequest {
        stream: reading.stream.clone(),
        mode,
        start: start.map(|cursor| Bytes::copy_from_slice(&cursor)),
        since: since.map(|since| since.to_string()),
        until: None,
    };
    reading.side.open_reader(request).await?;
    let cursor_field = facts.cursor_field.as_deref().filter(|_| mode == SyncMode::Incremental);
    Ok(Reading {
        check: PageCheck::new(cursor_field, !facts.primary_key.is_empty()),
        mapping: mapping(host, route)?,
        primary_key: pointers(&facts)?,
        write,
        incremental: mode == SyncMode::Incremental,
        source: reading.side,
    })
}

/// The generation of an `overwrite` is as unique as its lineage.
fn generation(route: &Route) -> String {
    format!("{}-{}", route.transfer.id, route.progress.lineage)
}

/// How a stream is read, and how what comes is put together.
struct Way {
    mode: SyncMode,
    write: WriteMode,
    since: Option<Timestamp>,
}

/// What a transfer says, or what comes nearest to what a pull wants: changes, and of each record its last state.
fn way(route: &Route, facts: &StreamFacts) -> Result<Way, Halt> {
    if !facts.resumable {
        let message = "this stream cannot go on from a checkpoint, which this version does not move";
        return Err(Halt::failed(FailureClass::Unsupported, "stream.not_resumable", message));
    }
    let has_key = !facts.primary_key.is_empty();
    if let Some(RoutePull { pull, .. }) = route.destination.pull() {
        let mode = if facts.incremental { SyncMode::Incremental } else { SyncMode::FullRefresh };
        let write = if has_key { WriteMode::Upsert } else { WriteMode::Append };
        check_since(pull.since, facts)?;
        return Ok(Way { mode, write, since: pull.since });
    }
    if !has_key && route.transfer.write != WriteMode::Append {
        let message = "the source stream has no primary key; set the transfer's `write` to `append`";
        return Err(Halt::failed(FailureClass::Config, "stream.no_primary_key", message));
    }
    Ok(Way { mode: route.transfer.sync, write: route.transfer.write, since: None })
}

fn check_since(since: Option<Timestamp>, facts: &StreamFacts) -> Result<(), Halt> {
    if since.is_none() || facts.knows_instants() {
        return Ok(());
    }
    let message = "this stream does not tell by an instant what changed";
    Err(Halt::failed(FailureClass::Unsupported, SINCE_UNUSABLE, message))
}

/// The code of a reading from an instant on that the stream cannot give.
pub(crate) const SINCE_UNUSABLE: &str = "pull.since_unusable";

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

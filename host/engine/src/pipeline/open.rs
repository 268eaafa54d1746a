//! Open both sides of an attempt: one instance each, never one of another customer.

use bytes::Bytes;
use weighbridge_model::appetite::Appetite;
use weighbridge_model::batch::Batch;
use weighbridge_model::digest::Digest;
use weighbridge_model::drift::Accepted;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::errand::ErrandKind;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::mapping::{Mapping, Rules};
use weighbridge_model::record::Pointer;
use weighbridge_model::run::FailureClass;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{MappingVersion, Removals, SyncMode, WriteMode};
use weighbridge_sandbox::{Page, PageCheck, ReadRequest, WriteRequest};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Errands;
use weighbridge_store::verbs::{Route, RoutePull};

use super::halt::Halt;
use crate::connector::{Side, StreamFacts};
use crate::engine::Host;
use crate::error::EngineError;
use crate::hooks::inbox_side;
use crate::packages::OpenSide;
use crate::texts::{Texts, customer_owner};

/// The source of one attempt, and how its records are shaped.
pub(crate) struct Reading {
    pub(super) source: Box<dyn Side>,
    pub(super) mapping: Option<Mapping>,
    pub(super) primary_key: Vec<Pointer>,
    pub(super) write: WriteMode,
    pub(super) removals: Removals,
    pub(super) check: PageCheck,
    /// The transfer whose rejected records are handed over again, where that is what is done: nothing is read at the source.
    pub(super) replays: Option<Replayed>,
    /// Whether the record at hand is one that the mapping made already.
    pub(super) as_sent: bool,
    /// How many records are left after the last page, where the connector said so.
    pub(super) left: Option<u64>,
    /// Whether the source can tell what changed after its last checkpoint.
    pub(super) incremental: bool,
    /// How large batches are to be; none where each ends at its first checkpoint.
    pub(super) appetite: Option<Appetite>,
    /// Pages that were read and had no room in the last batch.
    pub(super) beyond: Vec<Page>,
    /// Why it gave no more after the last batch, which is said when that is delivered.
    pub(super) tired: Option<Halt>,
    /// Whether the source was left in the middle of a call, or was stopped: it answers nothing any more.
    pub(super) is_away: bool,
    /// The fields that the source's description has, where it has any.
    pub(super) described: Option<Accepted>,
}

/// Whose rejected records.
pub(super) type Replayed = (CustomerScope, TransferId);

/// The destination of one attempt.
pub(super) struct Writing {
    pub(super) destination: Box<dyn Side>,
    /// Whether a mapping shapes what it gets.
    pub(super) mapped: bool,
}

/// Both sides of one attempt of a transfer. They are used at the same time: one page is read while the last is written.
pub(crate) struct Sides {
    pub(super) reading: Reading,
    pub(super) writing: Writing,
    /// The digests of the packages at work, as batches name them.
    connectors: Vec<Digest>,
    mapping: Option<MappingVersion>,
}

/// What is needed to weigh records: no side of it, so that it may be shared.
#[derive(Clone, Copy)]
pub(super) struct Scales<'a> {
    pub(super) mapping: Option<&'a Mapping>,
    pub(super) primary_key: &'a [Pointer],
    pub(super) write: WriteMode,
    pub(super) removals: Removals,
    /// The fields that the source's description has.
    pub(super) described: Option<&'a Accepted>,
    /// Whether the records are as the mapping made them.
    pub(super) as_sent: bool,
}

impl Reading {
    pub(super) fn scales(&self) -> Scales<'_> {
        let primary_key: &[Pointer] = if self.as_sent { &[] } else { &self.primary_key };
        Scales {
            mapping: self.mapping.as_ref().filter(|_| !self.as_sent),
            primary_key,
            write: self.write,
            removals: self.removals,
            described: self.described.as_ref(),
            as_sent: self.as_sent,
        }
    }

    /// A source that cannot be told loses nothing: it is told the next time.
    pub(super) async fn acknowledge(&mut self, checkpoint: Bytes) {
        if self.replays.is_some() || self.is_away {
            return;
        }
        if let Err(error) = self.source.acknowledge(checkpoint).await {
            tracing::warn!(why = error.kind(), "the source was not told that a batch is settled");
        }
    }
}

impl Sides {
    /// Whether a batch is for what is open here: a connector or the mapping may have another version since.
    pub(super) fn are_for(&self, batch: &Batch) -> bool {
        self.connectors == batch.connectors && self.mapping == batch.mapping
    }

    pub(super) async fn finish(&mut self) -> Result<(), Halt> {
        if self.reading.write == WriteMode::Overwrite { Ok(self.writing.destination.finish().await?) } else { Ok(()) }
    }

    pub(super) fn requests(&self) -> u64 {
        self.reading.source.requests() + self.writing.destination.requests()
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
    for abandoned in &route.progress.abandoned {
        // What the destination keeps of it costs space and no truth, and it is told again by the next attempt.
        if let Err(error) = writing.side.abandon(&writing.stream, &named(route, *abandoned)).await {
            tracing::warn!(why = error.kind(), "a destination was not told of a generation that was given up");
        }
    }
    writing.side.open_writer(write).await?;
    let writing = Writing { destination: writing.side, mapped: reading.mapping.is_some() };
    let appetite = route.transfer.reads_ahead().then_some(Appetite::WHOLE);
    let reading = Reading { appetite, ..reading };
    Ok(Sides { reading, writing, connectors: route.connectors(), mapping: route.transfer.mapping })
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
    if route.transfer.errand == Some(ErrandKind::Webhook) {
        reading.side = inbox_side(host, route, reading.side)?;
    }
    let Way { mode, write, since, until } = way(route, &facts)?;
    let texts = Texts::new(&host.ring, customer_owner(route.scope), route.transfer.id.as_bytes());
    let start = start.map(|cursor| texts.open("cursor", cursor)).transpose()?;
    let request = ReadRequest {
        stream: reading.stream.clone(),
        mode,
        start: start.map(|cursor| Bytes::copy_from_slice(&cursor)),
        since: since.map(|since| since.to_string()),
        until: until.map(|until| until.to_string()),
    };
    let replays = replayed(host, route)?;
    if replays.is_none() {
        reading.side.open_reader(request).await?;
    }
    let by_cursor = mode == SyncMode::Incremental && route.transfer.errand != Some(ErrandKind::Webhook);
    let cursor_field = facts.cursor_field.as_deref().filter(|_| by_cursor);
    Ok(Reading {
        check: PageCheck::new(cursor_field, !facts.primary_key.is_empty()),
        mapping: mapping(host, route)?,
        primary_key: pointers(&facts)?,
        write,
        removals: route.transfer.removals,
        replays,
        as_sent: false,
        left: None,
        appetite: None,
        beyond: Vec::new(),
        tired: None,
        is_away: false,
        incremental: mode == SyncMode::Incremental,
        described: facts.schema.as_ref().and_then(Accepted::described),
        source: reading.side,
    })
}

/// The transfer whose rejected records a route hands over again.
fn replayed(host: &Host, route: &Route) -> Result<Option<Replayed>, Halt> {
    if route.transfer.errand != Some(ErrandKind::Replay) {
        return Ok(None);
    }
    let errand =
        host.store.read(|tx| tx.get::<Errands>(&route.scope, &route.transfer.id)).map_err(EngineError::from)?;
    Ok(errand.map(|errand| (route.scope, errand.transfer)))
}

/// The generation of an `overwrite` is as unique as the lineage that began it, and stays the same where a batch is written off.
fn generation(route: &Route) -> String {
    named(route, route.progress.generation.unwrap_or(route.progress.lineage))
}

fn named(route: &Route, lineage: u64) -> String {
    format!("{}-{lineage}", route.transfer.id)
}

/// How a stream is read, and how what comes is put together.
struct Way {
    mode: SyncMode,
    write: WriteMode,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// What a transfer says, or what comes nearest to what a pull wants: changes, and of each record its last state.
fn way(route: &Route, facts: &StreamFacts) -> Result<Way, Halt> {
    // The inbox goes on from anywhere.
    if !facts.resumable && route.transfer.errand != Some(ErrandKind::Webhook) {
        let message = "this stream cannot go on from a checkpoint, which this version does not move";
        return Err(Halt::failed(FailureClass::Unsupported, "stream.not_resumable", message));
    }
    let has_key = !facts.primary_key.is_empty();
    if let Some(RoutePull { pull, .. }) = route.destination.pull() {
        let mode = if facts.incremental { SyncMode::Incremental } else { SyncMode::FullRefresh };
        let write = if has_key { WriteMode::Upsert } else { WriteMode::Append };
        check_since(pull.since, facts)?;
        return Ok(Way { mode, write, since: pull.since, until: None });
    }
    if !has_key && route.transfer.write != WriteMode::Append {
        let message = "the source stream has no primary key; set the transfer's `write` to `append`";
        return Err(Halt::failed(FailureClass::Config, "stream.no_primary_key", message));
    }
    let (since, until) = match route.transfer.errand {
        Some(ErrandKind::Backfill { since, until }) => (since, until),
        Some(ErrandKind::Trial | ErrandKind::Replay | ErrandKind::Webhook) | None => (None, None),
    };
    if (since.is_some() || until.is_some()) && !facts.knows_instants() {
        let message = "this stream does not tell by an instant what changed, so no range of it can be read";
        return Err(Halt::failed(FailureClass::Unsupported, "backfill.range_unusable", message));
    }
    Ok(Way { mode: route.transfer.sync, write: route.transfer.write, since, until })
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

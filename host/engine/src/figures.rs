//! What a host shows of itself in figures: what it counts, and what its store says at that moment. No name is in it but those
//! of connectors.
//!
//! Looking costs the same however much the store holds: rows are counted by the commits that write them, and of what is
//! unfinished so much is looked at and no more, and not more often than every few seconds.

use std::time::Duration;

use weighbridge_model::time::Timestamp;
use weighbridge_store::HostScope;
use weighbridge_store::engine::BlobsKept;
use weighbridge_store::tables::{
    Customers, DeadLetters, Due, DueEvents, Entries, Hosts, Inbox, Outbox, Runs, Transfers, Unfinished,
};

use crate::counters::Tally;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::traces::{SpansTold, Traces};
use crate::{process, space};

/// What is in doubt is looked for no more often.
const LOOK: Duration = Duration::from_secs(10);
/// Blobs are counted no more often: all of their names are read for it.
const BLOBS_LOOK: Duration = Duration::from_secs(60);
/// The most unfinished transfers among which it is looked for.
const UNFINISHED_MAX: usize = 5_000;

/// A host in figures, at one instant.
#[derive(Clone, Debug)]
pub struct Figures {
    /// What was counted since the engine was opened.
    pub tally: Tally,
    /// The version of this program.
    pub version: &'static str,
    /// Since when the data folder is open.
    pub since: Timestamp,
    /// For how long.
    pub uptime: Duration,
    /// CPU time that this process has used.
    pub cpu: Duration,
    /// Bytes of memory that it uses; none where the system does not say.
    pub resident_bytes: Option<u64>,
    /// Whether an operator froze everything.
    pub is_frozen: bool,
    /// Bytes of the store's file; none where it is no file.
    pub store_bytes: Option<u64>,
    /// Bytes that may still be written to its disk; none where the system does not say.
    pub free_bytes: Option<u64>,
    /// With fewer of them nothing begins.
    pub free_bytes_min: u64,
    /// How long the first due occurrence of a schedule has been waiting to be passed.
    pub overdue: Duration,
    /// Runs that wait for a place, and those that have one.
    pub runs: RunsNow,
    /// What may have arrived while nobody is at work on it.
    pub doubt: Doubt,
    /// How much is kept.
    pub kept: Kept,
    /// Sealed files beside the store; none where it keeps none on a disk.
    pub blobs: Option<BlobsKept>,
    /// The age of the newest backup of this host; none where there is none that is known.
    pub backup_age: Option<Duration>,
    /// For how long another one has been due: zero where none is; none where it is not known, or none are taken.
    pub backup_overdue: Option<Duration>,
    /// What became of spans; nothing where none are sent.
    pub spans: SpansTold,
}

/// Runs in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunsNow {
    /// Those that wait for a place.
    pub waiting: u64,
    /// Those that have one.
    pub moving: u64,
}

/// Batches in doubt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubt {
    /// How many, among the first unfinished transfers.
    pub batches: u64,
    /// For how long the oldest of them is held.
    pub age: Duration,
}

/// Rows of all tenants together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Customers, those that are deleted too.
    pub customers: u64,
    /// Transfers.
    pub transfers: u64,
    /// Runs that are remembered.
    pub runs: u64,
    /// Transfers with a run that has not ended, or a batch on hold.
    pub unfinished: u64,
    /// Entries of the ledger.
    pub entries: u64,
    /// Rejected records.
    pub rejected: u64,
    /// Deliveries of webhooks that have not moved.
    pub deliveries_waiting: u64,
    /// Events that wait to be handed over, once for each address.
    pub events_waiting: u64,
}

impl Engine {
    /// The host in figures.
    pub fn figures(&self) -> Result<Figures, EngineError> {
        let (host, now) = (&self.host, self.host.now());
        let since = |then: Timestamp| millis(now.as_millis().saturating_sub(then.as_millis()));
        let (first_due, row) = host.store.read(|tx| {
            let due = tx.keys::<Due>(HostScope::new(), None, 1)?;
            Ok((due.first().map(|(_, (at, ..))| *at), tx.get::<Hosts>(&HostScope::new(), &())?))
        })?;
        let backups = host.backups_now();
        let folder = host.store_path.parent().unwrap_or(std::path::Path::new("."));
        Ok(Figures {
            tally: host.counters.tally(),
            version: env!("CARGO_PKG_VERSION"),
            since: host.opened_at,
            uptime: since(host.opened_at),
            cpu: process::cpu_time(),
            resident_bytes: process::resident_bytes(),
            is_frozen: row.is_some_and(|row| row.frozen),
            store_bytes: std::fs::metadata(&host.store_path).ok().map(|file| file.len()),
            free_bytes: space::free_bytes(folder).ok(),
            free_bytes_min: host.conduct().space_min,
            overdue: first_due.map_or(Duration::ZERO, since),
            runs: host.places.now(),
            doubt: self.doubt()?,
            kept: self.kept()?,
            blobs: host.last_blobs.within(BLOBS_LOOK, || host.store.blobs_kept().map_err(EngineError::from))?,
            backup_age: backups.and_then(|backups| backups.newest).map(since),
            backup_overdue: backups.map(|backups| backups.due_since.map_or(Duration::ZERO, since)),
            spans: host.traces.get().map(Traces::told).unwrap_or_default(),
        })
    }

    fn kept(&self) -> Result<Kept, EngineError> {
        let rows = self.host.store.counts(HostScope::new())?;
        Ok(Kept {
            customers: rows.of::<Customers>(),
            transfers: rows.of::<Transfers>(),
            runs: rows.of::<Runs>(),
            unfinished: rows.of::<Unfinished>(),
            entries: rows.of::<Entries>(),
            rejected: rows.of::<DeadLetters>(),
            deliveries_waiting: rows.of::<Inbox>(),
            events_waiting: rows.of::<Outbox>() + rows.of::<DueEvents>(),
        })
    }

    /// What is in doubt, as it was found a few seconds ago at the most.
    fn doubt(&self) -> Result<Doubt, EngineError> {
        self.host.last_doubt.within(LOOK, || {
            let found = self.doubts_among(UNFINISHED_MAX, |_| true)?;
            let held = found.first().map_or(0, |(_, batch)| self.now().as_millis() - batch.held_at.as_millis());
            Ok(Doubt { batches: found.len() as u64, age: millis(held) })
        })
    }
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or_default())
}

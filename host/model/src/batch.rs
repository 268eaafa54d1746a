//! The records between two checkpoints, and where their handing over stands.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::id::{BatchId, BlobId, DeadLetterId, RunId, TransferId};
use crate::meter::Reservation;
use crate::run::Counts;
use crate::sealed::Sealed;
use crate::time::Timestamp;
use crate::transfer::{BatchLimit, MappingVersion};

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// What it may cost is held; something of it may have been sent if its kind is not dispatched.
    Held,
    /// Its bytes are kept, and are being sent.
    Dispatched,
    /// Delivered and billed.
    Settled,
    /// Never sent; its hold went back.
    Released,
    /// Given up by an operator.
    WrittenOff,
}

impl BatchState {
    /// Whether its hold still counts.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Held | Self::Dispatched)
    }
}

/// What a dispatched batch sends, however often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The sealed lines.
    pub blob: BlobId,
    /// SHA-256 of the lines.
    pub digest: Digest,
    /// Where the source goes on after it.
    #[serde(default)]
    pub checkpoint: Option<Sealed>,
    /// Whether the source had more to give.
    pub more: bool,
    /// What became of the records up to here; `delivered` is what is to be delivered.
    pub counts: Counts,
}

/// The records between two checkpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Derived from transfer, lineage and sequence.
    pub id: BatchId,
    /// What it belongs to.
    pub transfer: TransferId,
    /// The run that holds it, or settled it.
    pub run: RunId,
    /// The unbroken walk it is of.
    pub lineage: u64,
    /// Its number there.
    pub sequence: u64,
    /// Where it stands.
    pub state: BatchState,
    /// What it holds of the quotas.
    pub reservation: Reservation,
    /// Where the source starts.
    #[serde(default)]
    pub start: Option<Sealed>,
    /// The most it may hold.
    pub limit: BatchLimit,
    /// The connectors' package digests, the source's first.
    pub connectors: Vec<Digest>,
    /// How its records are shaped.
    #[serde(default)]
    pub mapping: Option<MappingVersion>,
    /// The rejected record that it hands over again, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<DeadLetterId>,
    /// What is sent, once that is fixed.
    #[serde(default)]
    pub dispatch: Option<Dispatch>,
    /// What became of its records, once settled.
    #[serde(default)]
    pub counts: Option<Counts>,
    /// When it was first held.
    pub held_at: Timestamp,
    /// When it came to its end.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
}

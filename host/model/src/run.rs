//! One execution of a transfer.

use serde::{Deserialize, Serialize};

use crate::gate::Refusal;
use crate::id::{RunId, TransferId};
use crate::name::Code;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// Who or what wanted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A due time.
    Schedule,
    /// A person.
    Manual,
    /// A third party.
    Pull,
    /// The platform.
    Webhook,
    /// A person who wants a range again.
    Backfill,
    /// A person who wants dead letters again.
    Replay,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It has not ended.
    Running,
    /// It moved all there was, and its counts balance.
    Succeeded,
    /// The gate said no before its first batch.
    Refused,
    /// The gate said no after it had begun.
    Stopped,
    /// It could not go on.
    Failed,
}

/// What became of the records read. Each is counted where it happens, none by subtraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Handed over by the source.
    pub read: u64,
    /// Taken by the destination.
    pub delivered: u64,
    /// Left out by the mapping's filter, or superseded by a later event of the same key in the batch.
    pub filtered: u64,
    /// Kept because the destination rejected them.
    pub dead_lettered: u64,
    /// Dropped by the drift policy.
    pub discarded: u64,
    /// Bytes delivered.
    pub bytes: u64,
}

impl Counts {
    /// Whether every record read is accounted for.
    pub const fn balance(&self) -> bool {
        self.read == self.delivered + self.filtered + self.dead_lettered + self.discarded
    }

    /// Adds what one more batch did.
    pub const fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.delivered += other.delivered;
        self.filtered += other.filtered;
        self.dead_lettered += other.dead_lettered;
        self.discarded += other.discarded;
        self.bytes += other.bytes;
    }
}

/// What a failure means for what is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The configuration is wrong.
    Config,
    /// The credential is not taken.
    Auth,
    /// The platform asks for patience.
    RateLimited,
    /// It may work later.
    Transient,
    /// A fault of the connector or of the host.
    System,
    /// The host refused a request.
    Denied,
    /// Someone ended it.
    Cancelled,
    /// The connector cannot do this.
    Unsupported,
}

/// Why a run could not go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// What it means for what is done next.
    pub class: FailureClass,
    /// Stable, ours or the connector's.
    pub code: Code,
    /// For a person, in the connector's or the platform's words.
    #[serde(default)]
    pub message: Option<Sealed>,
}

/// One execution of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// What it executes.
    pub transfer: TransferId,
    /// Who or what wanted it.
    pub cause: Cause,
    /// The scheduled instant it was made for.
    #[serde(default)]
    pub occurrence: Option<Timestamp>,
    /// Where it stands.
    pub state: RunState,
    /// When it was made.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: u64,
    /// How many batches it settled.
    pub batches: u64,
    /// What became of its records.
    #[serde(default)]
    pub counts: Counts,
    /// The gate's no.
    #[serde(default)]
    pub refusal: Option<Refusal>,
    /// Why it could not go on.
    #[serde(default)]
    pub failure: Option<RunFailure>,
}

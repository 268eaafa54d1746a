//! One execution of a transfer.

use serde::{Deserialize, Serialize};

use crate::access::ActorRef;
use crate::gate::Refusal;
use crate::id::{RunId, TransferId};
use crate::name::{Code, StreamName};
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// Who or what wanted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// It moved all there was, none of it was rejected, and its counts balance.
    Succeeded,
    /// Some of its records were rejected: the others moved, up to the end or until too many were rejected.
    PartiallySucceeded,
    /// The gate said no before its first batch.
    Refused,
    /// The gate said no after it had begun.
    Stopped,
    /// It could not go on.
    Failed,
    /// A person ended it.
    Cancelled,
}

/// What a person wants of a run that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// It holds no further batch until it is resumed.
    Pause,
    /// It ends.
    Cancel,
}

/// Who would not have a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectedBy {
    /// The mapping, which could not shape it.
    #[default]
    Mapping,
    /// The destination, to which it was handed.
    Destination,
    /// This host, where it waited longer than it is kept.
    Host,
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
    /// Kept because the mapping or the destination rejected them.
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

impl FailureClass {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Auth => "auth",
            Self::RateLimited => "rate_limited",
            Self::Transient => "transient",
            Self::System => "system",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Unsupported => "unsupported",
        }
    }

    /// What it means, for the person who meets it.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Config => "The settings are wrong.",
            Self::Auth => "The platform does not take the credential.",
            Self::RateLimited => "The platform asks for patience.",
            Self::Transient => "The platform could not be reached, or did not answer as it should.",
            Self::System => "The connector or this program has a fault.",
            Self::Denied => "The connector asked for something that it is not allowed.",
            Self::Cancelled => "It was ended.",
            Self::Unsupported => "The connector cannot do this.",
        }
    }

    /// What that person can do.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Config => "Correct the settings of the endpoints or of the connected system, and run it again.",
            Self::Auth => "Sign in at the platform again, or replace the credential.",
            Self::RateLimited => "Wait a while, and run it again; a schedule does so by itself.",
            Self::Transient => "Run it again; where it goes on to fail, ask the platform.",
            Self::System => "Tell whoever runs this host, with the id of the run.",
            Self::Denied => "Ask whoever runs this host whether the address is allowed.",
            Self::Cancelled => "Run it again when it is wanted.",
            Self::Unsupported => "Choose another stream or another way to read or write.",
        }
    }
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

/// Where a run began to walk: the ids of its batches are derived from this and their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// The stream that is read.
    pub stream: StreamName,
    /// The unbroken walk it is on.
    pub lineage: u64,
    /// The number of its first batch there.
    pub first: u64,
}

/// An attempt that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedAttempt {
    /// Its number in the run, from 1.
    pub number: u64,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How many requests the connectors made in it.
    pub requests: u64,
    /// Why it could not go on.
    #[serde(default)]
    pub failure: Option<RunFailure>,
}

/// The most attempts of a run that are kept, the last ones.
pub const ATTEMPTS_KEPT_MAX: usize = 20;

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
    /// The person who wanted it, where it was one.
    #[serde(default)]
    pub by: Option<ActorRef>,
    /// The person who ended it, where one did.
    #[serde(default)]
    pub cancelled_by: Option<ActorRef>,
    /// Where it began to walk; nothing where it never held a batch.
    #[serde(default)]
    pub walk: Option<Walk>,
    /// How many records were left at the source after its last batch, as far as the connector says.
    #[serde(default)]
    pub left: Option<u64>,
    /// Its attempts that ended, the last ones of them.
    #[serde(default)]
    pub ended_attempts: Vec<EndedAttempt>,
}

impl Run {
    /// The code of why it did not come to its end, where there is one.
    pub fn code(&self) -> Option<&str> {
        let refusal = self.refusal.as_ref().map(|refusal| refusal.code.as_str());
        refusal.or_else(|| self.failure.as_ref().map(|failure| failure.code.as_str()))
    }

    /// Keeps how its newest attempt ended.
    pub fn note_attempt(&mut self, requests: u64, failure: Option<RunFailure>, now: Timestamp) {
        self.ended_attempts.push(EndedAttempt { number: self.attempts, ended_at: now, requests, failure });
        let surplus = self.ended_attempts.len().saturating_sub(ATTEMPTS_KEPT_MAX);
        self.ended_attempts.drain(..surplus);
    }
}

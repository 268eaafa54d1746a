//! What a transfer does beside its own walk: moves a range again, hands over again what was rejected, moves what webhooks
//! brought, or tries itself without delivering. Each has a walk of its own, so that it disturbs nothing.

use serde::{Deserialize, Serialize};

use crate::access::ActorRef;
use crate::id::TransferId;
use crate::run::Cause;
use crate::time::Timestamp;

/// One errand. Its runs, batches and progress stand under its own id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// Its id, in the place of a transfer's.
    pub id: TransferId,
    /// The transfer it is for.
    pub transfer: TransferId,
    /// What it is for.
    pub what: ErrandKind,
    /// The person who wanted it.
    pub by: ActorRef,
    /// When.
    pub at: Timestamp,
}

/// What an errand is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrandKind {
    /// Moves what was changed in a range once more.
    Backfill {
        /// From this instant on; from the beginning where it is left out.
        #[serde(default)]
        since: Option<Timestamp>,
        /// Up to this instant, which is not in it; without an end where it is left out.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Hands over again what was rejected, one record a batch.
    Replay,
    /// Reads and shapes what the next run would, and delivers none of it.
    Trial,
    /// Moves what the platform's webhooks brought for the stream.
    Webhook,
}

impl ErrandKind {
    /// Why its runs are made.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Backfill { .. } => Cause::Backfill,
            Self::Replay => Cause::Replay,
            Self::Trial => Cause::Manual,
            Self::Webhook => Cause::Webhook,
        }
    }
}

//! The definition of a movement, and how far it has come.

use serde::{Deserialize, Serialize};

use crate::id::{BatchId, CustomerId, EndpointId, MappingId, RunId, TransferId};
use crate::sealed::Sealed;
use crate::tenant::Switch;
use crate::time::Timestamp;

/// How a stream is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncMode {
    /// All of it, each time.
    FullRefresh,
    /// What changed since the last checkpoint.
    #[default]
    Incremental,
}

/// How a stream is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WriteMode {
    /// Each record is added.
    Append,
    /// A new generation replaces the one before when it is whole.
    Overwrite,
    /// Each record is found by its primary key.
    #[default]
    Upsert,
}

/// The most that one batch may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BatchLimit {
    /// Records read.
    pub records: u64,
    /// Bytes read, and bytes held for what they become.
    pub bytes: u64,
}

impl Default for BatchLimit {
    fn default() -> Self {
        Self { records: 1_000, bytes: 4 << 20 }
    }
}

/// Which version of which mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingVersion {
    /// The mapping.
    pub id: MappingId,
    /// Its version, from 1.
    pub version: u32,
}

/// Source endpoint → mapping → destination endpoint, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Whose data it moves.
    pub customer: CustomerId,
    /// Its name, unique for the customer.
    pub name: Sealed,
    /// Where from.
    pub source: EndpointId,
    /// Where to.
    pub destination: EndpointId,
    /// How records are shaped on the way; none hands them over as they are.
    #[serde(default)]
    pub mapping: Option<MappingVersion>,
    /// How it reads.
    #[serde(default)]
    pub sync: SyncMode,
    /// How it writes.
    #[serde(default)]
    pub write: WriteMode,
    /// The most that one batch may hold.
    #[serde(default)]
    pub limit: BatchLimit,
    /// Whether it may run.
    #[serde(default)]
    pub switch: Switch,
    /// Whether the system stopped it by itself.
    #[serde(default)]
    pub suspended: bool,
    /// When a person took it away; it stays for its history.
    #[serde(default)]
    pub removed_at: Option<Timestamp>,
}

/// How far a transfer has come, and who is at work on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Rises with every attempt; whoever comes with an older number is refused.
    pub attempt: u64,
    /// The run that has not ended.
    #[serde(default)]
    pub run: Option<RunId>,
    /// The batch that is held or dispatched.
    #[serde(default)]
    pub open: Option<BatchId>,
    /// The unbroken walk it is on.
    pub lineage: u64,
    /// The number of the next batch in it.
    pub sequence: u64,
    /// The last settled checkpoint of it.
    #[serde(default)]
    pub cursor: Option<Sealed>,
    /// Whether the source had no more to give, so that only the ending of the run is left.
    #[serde(default)]
    pub complete: bool,
    /// Whether the last run failed; one that the gate stopped says nothing of it.
    #[serde(default)]
    pub failed: bool,
    /// When the last run ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
}

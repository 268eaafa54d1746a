//! The definition of a movement, and how far it has come.

use serde::{Deserialize, Serialize};

use crate::failing::{FAILURES_MAX, Failing};
use crate::id::{BatchId, CustomerId, EndpointId, MappingId, RunId, TransferId};
use crate::run::Counts;
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

/// What happens to a record that is gone from the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Removals {
    /// It is removed at the destination too; one that only appends keeps it in any case.
    #[default]
    Apply,
    /// It stays at the destination.
    Ignore,
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

/// How many rejected records a run may have. One that has more ends after the batch in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rejections {
    /// So many at most; 1,000 where it is left out.
    pub count: u64,
    /// So many of a thousand records that were read, at most; 500, which is half of them, where it is left out. It is looked at
    /// from the twentieth record of a run on.
    pub share: u32,
}

impl Default for Rejections {
    fn default() -> Self {
        Self { count: 1_000, share: 500 }
    }
}

impl Rejections {
    /// A share says little of fewer records.
    pub const READ_MIN: u64 = 20;

    /// Whether a run with these counts has more.
    pub fn are_exceeded(&self, counts: &Counts) -> bool {
        let (rejected, read) = (u128::from(counts.dead_lettered), u128::from(counts.read));
        let by_share = counts.read >= Self::READ_MIN && rejected * 1_000 > read * u128::from(self.share);
        counts.dead_lettered > self.count || by_share
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
    /// How many rejected records a run of it may have.
    #[serde(default)]
    pub rejections: Rejections,
    /// What happens to records that are gone from the source.
    #[serde(default)]
    pub removals: Removals,
    /// So many of its runs may fail one after the other, over a day at least, until it is suspended.
    #[serde(default = "failures_max")]
    pub failures_max: u32,
    /// Transfers that begin whenever a run of this one does: further streams of the same data, each with a cursor of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<TransferId>,
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

const fn failures_max() -> u32 {
    FAILURES_MAX
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
    /// The batch beyond it, held so that it may be read while the open one is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<BatchId>,
    /// The unbroken walk it is on.
    pub lineage: u64,
    /// The number of the next batch in it.
    pub sequence: u64,
    /// The generation of an `overwrite` that is not whole yet: the walk that began it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
    /// Generations that never became whole, until the destination was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abandoned: Vec<u64>,
    /// The last settled checkpoint of it.
    #[serde(default)]
    pub cursor: Option<Sealed>,
    /// Whether the source had no more to give, so that only the ending of the run is left.
    #[serde(default)]
    pub complete: bool,
    /// Whether the last run failed; one that the gate stopped says nothing of it.
    #[serde(default)]
    pub failed: bool,
    /// Its runs that failed since one did not.
    #[serde(default)]
    pub failing: Failing,
    /// When the last run ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
}

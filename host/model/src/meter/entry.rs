//! One line of the ledger.

use serde::{Deserialize, Serialize};

use super::amounts::Amounts;
use super::balance::ServicePeriod;
use crate::id::{BatchId, CustomerId, EntryId, RunId, TransferId};
use crate::time::Timestamp;

/// What an entry bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A batch that was delivered.
    Batch,
    /// A batch that was given up; it bills nothing and keeps the batch from being billed.
    WrittenOff,
    /// A run that began.
    Run,
    /// The requests of an attempt that ended.
    Attempt,
}

/// One line of the ledger. Its id is derived from the work, so that no work can have two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Derived from the work.
    pub id: EntryId,
    /// What it bills.
    pub kind: EntryKind,
    /// For whom it moved.
    pub customer: CustomerId,
    /// By which transfer.
    pub transfer: TransferId,
    /// In which run.
    pub run: RunId,
    /// The batch it names.
    #[serde(default)]
    pub batch: Option<BatchId>,
    /// How much.
    pub amounts: Amounts,
    /// The first instants of the tenant's and the customer's period that it counts in.
    pub periods: [Timestamp; 2],
    /// The external service that pulled, whose own quota it counts against too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServicePeriod>,
    /// When it was written.
    pub at: Timestamp,
}

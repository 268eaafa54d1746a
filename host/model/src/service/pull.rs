//! One external service's reading of one endpoint, and the pages that are kept of it.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::endpoint::Place;
use crate::id::{BatchId, BlobId, EndpointId, ExternalServiceId, RunId, TransferId};
use crate::meter::key;
use crate::run::Counts;
use crate::time::Timestamp;
use crate::transfer::{BatchLimit, Progress};

/// The movement from an endpoint to an external service. Its progress is kept as that of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// Derived from service and endpoint.
    pub id: TransferId,
    /// Who pulls.
    pub service: ExternalServiceId,
    /// From where.
    pub endpoint: EndpointId,
    /// The most that the page may hold that is being read.
    pub limit: BatchLimit,
    /// From which instant on this reading wants changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Where the endpoint was when this reading began: a cursor of another place means nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Pull {
    /// One that has not begun.
    pub fn new(service: ExternalServiceId, endpoint: EndpointId) -> Self {
        let id = key::pull(service, endpoint);
        Self { id, service, endpoint, limit: BatchLimit::default(), since: None, place: None }
    }
}

/// A page that was billed, and may be asked for again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullPage {
    /// The batch that it is.
    pub batch: BatchId,
    /// The run that read it.
    pub run: RunId,
    /// Its sealed lines.
    pub blob: BlobId,
    /// SHA-256 of what is sealed.
    pub digest: Digest,
    /// Whether the source had more to give.
    pub more: bool,
    /// Whether the reading can go on after it, now or when something has changed.
    pub goes_on: bool,
    /// What became of its records.
    pub counts: Counts,
    /// When it was billed.
    pub settled_at: Timestamp,
}

impl PullPage {
    /// How long a page is kept.
    pub const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

    /// Whether it may still be asked for again.
    pub fn is_kept(&self, now: Timestamp) -> bool {
        now < self.settled_at.plus_millis(Self::KEPT_MS)
    }
}

/// Which page of which reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullPlace {
    /// The reading.
    pub lineage: u64,
    /// The number of the page in it.
    pub sequence: u64,
}

/// What is to be done for a page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is the next one: read it.
    Read,
    /// It is the current or the previous one: it may still be kept.
    Kept,
    /// It is older, or of another reading.
    Expired,
}

impl PullPlace {
    /// How many pages of a reading are kept: the current and the previous one.
    pub const KEPT: u64 = 2;

    /// What is to be done for this page of a reading that has come so far.
    pub const fn turn(self, progress: &Progress) -> Turn {
        if self.lineage != progress.lineage || self.sequence > progress.sequence {
            return Turn::Expired;
        }
        match progress.sequence - self.sequence {
            0 => Turn::Read,
            1..=Self::KEPT => Turn::Kept,
            _ => Turn::Expired,
        }
    }
}

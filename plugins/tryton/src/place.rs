//! Checkpoints: how far a walk is, and what lies in the overlap with the next one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use weighbridge_sdk::Failure;

use crate::instant::Instant;

/// Room for what was seen in an overlap, so that a checkpoint stays under the host's 64 KiB.
const SEEN_BYTES_MAX: usize = 24 << 10;

/// Where a stream goes on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The latest change that finished walks saw; nothing before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mark_us: Option<i64>,
    /// What they delivered in the overlap before that mark.
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub(crate) seen: Seen,
    /// The walk that is going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) walk: Option<Progress>,
}

/// A walk that is going on. It goes by id, so that changes meanwhile neither move a record out of it nor into it twice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    /// The latest change in the database when it began.
    pub(crate) mark_us: i64,
    /// The last id dealt with.
    pub(crate) after: i64,
    /// What it delivered in the overlap before its mark.
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub(crate) seen: Seen,
    /// All of it was read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) done: bool,
}

/// Ids by the instant of their change, as runs: `[first, how many, first, how many, …]`. What one transaction changed has
/// one instant, so a mass import takes little room.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Seen(BTreeMap<i64, Vec<i64>>);

impl Place {
    /// Reads a checkpoint.
    pub(crate) fn read(checkpoint: &[u8]) -> Result<Self, Failure> {
        serde_json::from_slice(checkpoint)
            .map_err(|_| Failure::system("tryton.checkpoint_malformed", "the checkpoint is not one of this connector"))
    }

    /// Writes it down.
    pub(crate) fn write(&self) -> Result<Vec<u8>, Failure> {
        Ok(serde_json::to_vec(self)?)
    }

    /// Makes a finished walk the ground of the next one.
    pub(crate) fn settle(&mut self) {
        if let Some(walk) = self.walk.take_if(|walk| walk.done) {
            self.mark_us = Some(walk.mark_us);
            self.seen = walk.seen;
        }
    }
}

impl Seen {
    /// Adds a record. Ids come in rising order.
    pub(crate) fn add(&mut self, id: i64, changed: Instant) {
        let runs = self.0.entry(changed.0).or_default();
        match runs.as_mut_slice() {
            [.., first, count] if *first + *count == id => *count += 1,
            _ => runs.extend([id, 1]),
        }
    }

    /// Whether this very change was seen.
    pub(crate) fn has(&self, id: i64, changed: Instant) -> bool {
        let runs = self.0.get(&changed.0).map_or(&[][..], Vec::as_slice);
        runs.chunks_exact(2).any(|run| (run[0]..run[0] + run[1]).contains(&id))
    }

    /// Forgets the earliest changes until the rest fits. What is forgotten comes once more, which an upsert does not mind.
    pub(crate) fn fit(&mut self) {
        let size = |seen: &Self| seen.0.values().map(|runs| 20 + runs.len() * 8).sum::<usize>();
        while size(self) > SEEN_BYTES_MAX {
            self.0.pop_first();
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

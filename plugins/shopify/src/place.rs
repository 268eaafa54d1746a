//! Where a stream goes on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use weighbridge_sdk::Failure;

/// So much of what was given is remembered that a checkpoint stays under the host's 64 KiB.
const SEEN_BYTES_MAX: usize = 24 << 10;

/// Where a stream goes on. All instants are seconds of Shopify's own clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// When the last finished walk began; nothing before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<i64>,
    /// What that walk gave that changed in the overlap before the mark.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) seen: BTreeMap<String, i64>,
    /// The walk that is going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) walk: Option<Progress>,
}

/// A walk that is going on. It goes by id, so that changes meanwhile neither move a record out of it nor into it twice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    /// When it began; nothing before the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<i64>,
    /// Shopify's cursor of the last location that is done, where the stream goes by locations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    /// Shopify's cursor of the last node that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) seen: BTreeMap<String, i64>,
    /// All of it was read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) done: bool,
}

impl Place {
    pub(crate) fn read(checkpoint: &[u8]) -> Result<Self, Failure> {
        serde_json::from_slice(checkpoint)
            .map_err(|_| Failure::system("shopify.checkpoint_malformed", "the checkpoint is not one of this connector"))
    }

    pub(crate) fn write(&self) -> Result<Vec<u8>, Failure> {
        Ok(serde_json::to_vec(self)?)
    }

    /// Makes a finished walk the ground of the next one.
    pub(crate) fn settle(&mut self) {
        if let Some(walk) = self.walk.take_if(|walk| walk.done) {
            (self.mark, self.seen) = (walk.mark, walk.seen);
        }
    }
}

impl Progress {
    /// Forgets the earliest changes until the rest fits. What is forgotten comes once more, which an upsert does not mind.
    pub(crate) fn fit(&mut self) {
        let mut bytes: usize = self.seen.keys().map(|id| id.len() + 16).sum();
        while bytes > SEEN_BYTES_MAX {
            let earliest = self.seen.iter().min_by_key(|(_, changed)| **changed).map(|(id, _)| id.clone());
            let Some(id) = earliest else { break };
            bytes -= id.len() + 16;
            self.seen.remove(&id);
        }
    }
}

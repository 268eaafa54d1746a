//! How far a walk has come.

use serde::{Deserialize, Serialize};
use weighbridge_sdk::Failure;
use weighbridge_sdk::files::Entry;

/// A place in the files of a folder, in the order in which they came there: the file, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// When the file came, or was changed last.
    since: u64,
    /// Its name.
    name: String,
    /// Behind how many bytes of it, unpacked, the next record begins; of a JSON document, behind how many records.
    pub(crate) offset: u64,
    /// Whether all of it was read.
    pub(crate) done: bool,
}

/// When a file came into its folder under its name, or was written last, whichever is later. The date of its content alone would
/// hide one that is moved there with an old date, and would keep one waiting whose date lies ahead.
pub(crate) const fn since(entry: &Entry) -> u64 {
    entry.changed_ms
}

impl Place {
    /// At the beginning of a file.
    pub(crate) fn before(entry: &Entry) -> Self {
        Self { since: since(entry), name: entry.name.clone(), offset: 0, done: false }
    }

    /// From a checkpoint.
    pub(crate) fn read(checkpoint: &[u8]) -> Result<Self, Failure> {
        serde_json::from_slice(checkpoint).map_err(|error| {
            Failure::system(
                "files.checkpoint_malformed",
                format!("the checkpoint is none of this connector's: {error}"),
            )
        })
    }

    /// As a checkpoint.
    pub(crate) fn checkpoint(&self) -> Result<Vec<u8>, Failure> {
        Ok(serde_json::to_vec(self)?)
    }

    /// Whether it is in this file, as that is.
    pub(crate) fn is_in(&self, entry: &Entry) -> bool {
        (self.since, self.name.as_str()) == (since(entry), entry.name.as_str())
    }

    /// Whether all of this file, as it is, lies before it.
    pub(crate) fn is_past(&self, entry: &Entry) -> bool {
        (since(entry), entry.name.as_str()) < (self.since, self.name.as_str()) || (self.done && self.is_in(entry))
    }
}

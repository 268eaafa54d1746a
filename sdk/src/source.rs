//! Reading from a platform.

pub use crate::bindings::exports::weighbridge::connector::source::ReadRequest;
pub use crate::bindings::weighbridge::connector::types::SyncMode;
use crate::{Failure, Lines};

/// How much a page may hold. Giving more is a fault of the connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Records and removals together.
    pub records: u32,
    /// Bytes of their lines, the LFs included.
    pub bytes: u32,
}

impl Limit {
    /// Whether a record of so many bytes (without its LF) still fits behind these lines.
    pub fn admits(self, lines: &Lines, record_bytes: usize) -> bool {
        lines.count() < self.records && lines.len() + record_bytes < self.bytes as usize
    }

    /// The same where the page has removals too. A key is no longer than its record.
    pub fn admits_beside(self, removed: &Lines, lines: &Lines, record_bytes: usize) -> bool {
        let (count, bytes) = (removed.count() + lines.count(), removed.len() + lines.len());
        count < self.records && bytes + record_bytes < self.bytes as usize
    }
}

/// What one call to [`Reader::next`] gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Records.
    pub records: Lines,
    /// Primary keys of records that are gone; of one page they come first. Empty for a stream without a primary key.
    pub removed: Lines,
    /// The place after the last record, when it is safe to go on from there.
    pub checkpoint: Option<Vec<u8>>,
    /// Whether there is another page.
    pub more: bool,
    /// How many records are left, if the platform says so.
    pub remaining: Option<u64>,
    /// Nothing yet: ask again after so long.
    pub wait_ms: Option<u32>,
}

/// A walk over a stream.
pub trait Reader {
    /// The next page, within the limit. A record that alone is larger than the limit is a failure: see [`record_too_large`].
    fn next(&mut self, limit: Limit) -> Result<Page, Failure>;

    /// All up to this checkpoint is delivered and settled. Repeatable; most platforms need nothing here.
    fn acknowledge(&mut self, checkpoint: &[u8]) -> Result<(), Failure> {
        let _ = checkpoint;
        Ok(())
    }
}

/// The failure for one record that does not fit into an empty page.
pub fn record_too_large(record_bytes: usize, limit: Limit) -> Failure {
    let message = format!("one record has {record_bytes} bytes; a page may have {}", limit.bytes);
    Failure::system("source.record_too_large", message)
}

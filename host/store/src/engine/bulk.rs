//! How much of what an engine takes on a disk is in use: rows in its file, and blobs beside it.

use std::fs;
use std::io;
use std::path::Path;

use redb::{ReadOnlyTable, ReadableTableMetadata as _};

use super::EngineError;
use super::file::engine;

/// Sealed files beside a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlobsKept {
    /// How many.
    pub count: u64,
    /// Bytes in all.
    pub bytes: u64,
}

/// The bytes of keys and rows, and of what leads to them. Every page is looked at.
pub(super) fn live_bytes(rows: &ReadOnlyTable<&'static [u8], &'static [u8]>) -> Result<u64, EngineError> {
    let stats = rows.stats().map_err(engine)?;
    Ok(stats.stored_bytes() + stats.metadata_bytes())
}

/// What stands in a folder. What goes away meanwhile is not counted.
pub(super) fn blobs_in(folder: &Path) -> io::Result<BlobsKept> {
    let mut kept = BlobsKept::default();
    for entry in fs::read_dir(folder)? {
        if let Ok(about) = entry?.metadata() {
            kept.count += 1;
            kept.bytes += about.len();
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use weighbridge_model::id::BlobId;

    use super::super::{Changes, Engine as _, FileEngine, FileSettings};
    use super::*;

    fn of_rows(count: u16, bytes: usize) -> (u64, u64) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.redb");
        let file = FileEngine::open(&path, FileSettings::default()).unwrap();
        let row = |key: u16| (key.to_be_bytes().to_vec(), Some(vec![7; bytes]));
        file.apply((0..count).map(row).collect::<Changes>()).unwrap();
        let before = file.live_bytes().unwrap().unwrap();
        file.apply((0..count).map(|key| (key.to_be_bytes().to_vec(), None)).collect::<Changes>()).unwrap();
        (before, file.live_bytes().unwrap().unwrap())
    }

    #[test]
    fn rows_are_in_use_until_they_are_removed() {
        let (with_rows, without) = of_rows(500, 1_000);
        assert!((500_000..600_000).contains(&with_rows), "{with_rows}");
        assert!(without < 1_000, "{without}");
    }

    #[test]
    fn blobs_are_counted_until_they_are_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let file = FileEngine::open(&folder.path().join("store.redb"), FileSettings::default()).unwrap();
        let id = BlobId::from_bytes([7; 16]);
        assert_eq!(file.blobs_kept().unwrap(), Some(BlobsKept::default()));
        file.put_blob(id, b"seven b").unwrap();
        assert_eq!(file.blobs_kept().unwrap(), Some(BlobsKept { count: 1, bytes: 7 }));
        file.drop_blob(id).unwrap();
        assert_eq!(file.blobs_kept().unwrap(), Some(BlobsKept::default()));
    }
}

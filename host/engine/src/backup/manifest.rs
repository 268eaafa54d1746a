//! What stands in a backup, in words that a person reads too: `backup.json`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use weighbridge_model::digest::Digest;
use weighbridge_model::id::HostId;
use weighbridge_model::time::Timestamp;

use super::BackupError;

/// The name of the file.
pub(super) const MANIFEST: &str = "backup.json";
/// The version of this layout of a folder.
pub(super) const LAYOUT: u32 = 1;
/// Bytes read at once.
const PIECE: usize = 1 << 20;

/// What a backup has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the folder's layout.
    pub layout: u32,
    /// The version of the store's rows.
    pub format: u32,
    /// The version of the program that took it.
    pub version: String,
    /// The host whose it is.
    pub host: HostId,
    /// When it was begun, in milliseconds since 1970, for programs: it shows one instant, this one or one until it was made.
    pub taken_at: Timestamp,
    /// The same, for people.
    pub taken: String,
    /// How many rows.
    pub rows: u64,
    /// Each file but this one, by its path in the folder.
    pub files: BTreeMap<String, FileMark>,
}

/// What a file must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    /// Its size.
    pub bytes: u64,
    /// Of its bytes.
    pub sha256: Digest,
}

impl Manifest {
    /// Reads what a folder says of itself.
    pub(super) fn read(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(MANIFEST);
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::Absent(folder.to_owned()));
            }
            read => read.map_err(BackupError::io(&path))?,
        };
        let damaged = |what: String| BackupError::Damaged { file: path.clone(), what };
        let any: serde_json::Value = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        // A later layout may have other fields, so its number is read first.
        let layout = any["layout"].as_u64().and_then(|layout| u32::try_from(layout).ok());
        match layout {
            Some(LAYOUT) => serde_json::from_value(any).map_err(|error| damaged(error.to_string())),
            Some(found) => Err(BackupError::NewerLayout { found, known: LAYOUT }),
            None => Err(damaged("it says no layout".into())),
        }
    }

    /// The bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|mark| mark.bytes).sum()
    }
}

impl FileMark {
    /// Of a file as it is.
    pub(super) fn of(path: &Path) -> Result<Self, BackupError> {
        let io = BackupError::io(path);
        let mut file = File::open(path).map_err(&io)?;
        let (mut hasher, mut piece, mut bytes) = (Sha256::new(), vec![0; PIECE], 0);
        loop {
            let read = file.read(&mut piece).map_err(&io)?;
            if read == 0 {
                return Ok(Self { bytes, sha256: Digest::from_bytes(hasher.finalize().into()) });
            }
            hasher.update(&piece[..read]);
            bytes += read as u64;
        }
    }
}

/// What every file below a folder is.
pub(super) fn marks(folder: &Path) -> Result<BTreeMap<String, FileMark>, BackupError> {
    files(folder)?.into_iter().map(|(name, path)| Ok((name, FileMark::of(&path)?))).collect()
}

/// Every file below a folder but the manifest, by its path in it.
pub(super) fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>, BackupError> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, at)) = folders.pop() {
        for entry in std::fs::read_dir(&at).map_err(BackupError::io(&at))? {
            let entry = entry.map_err(BackupError::io(&at))?;
            let (name, path) = (format!("{prefix}{}", entry.file_name().to_string_lossy()), entry.path());
            if path.is_dir() {
                folders.push((format!("{name}/"), path));
            } else if name != MANIFEST {
                found.insert(name, path);
            }
        }
    }
    Ok(found)
}

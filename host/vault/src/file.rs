//! The ring's file: one JSON document, 0600, replaced whole under a lock; and beside it the list of burned keys.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use weighbridge_model::id::{CustomerId, KeyId, TenantId};

use crate::export::ExportNote;
use crate::master::Master;
use crate::ring::Owner;

/// Version 1 held unwrapped keys and was never released.
const FORMAT: u32 = 2;

/// Why a file of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RingFileError {
    /// The operating system said no.
    #[error("{path} cannot be used: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Others than its owner may read it.
    #[error("{path} may be read by others (mode {mode:o}); run: chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is nothing that this version knows.
    #[error("{path} is not one that this version can read: {what}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    format: u32,
    pub(crate) master: Master,
    pub(crate) keys: Vec<StoredKey>,
    pub(crate) burned: BTreeSet<KeyId>,
    /// How often the ring was replaced.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub(crate) generation: u64,
    /// Copies that left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) exports: Vec<ExportNote>,
    /// The master key vouches for all of the above; empty while that is computed.
    pub(crate) mac: String,
}

/// Rings of before it was counted begin at nothing, and what vouches for them stays as it was.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
const fn is_none_yet(generation: &u64) -> bool {
    *generation == 0
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredKey {
    pub(crate) id: KeyId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<TenantId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerId>,
    pub(crate) wrapped: String,
}

impl Document {
    pub(crate) fn new(
        master: Master,
        keys: Vec<StoredKey>,
        burned: BTreeSet<KeyId>,
        (generation, exports): (u64, Vec<ExportNote>),
    ) -> Self {
        Self { format: FORMAT, master, keys, burned, generation, exports, mac: String::new() }
    }

    /// What the master key vouches for.
    pub(crate) fn text(&mut self) -> Vec<u8> {
        let mac = std::mem::take(&mut self.mac);
        let text = serde_json::to_vec(self).unwrap_or_default();
        self.mac = mac;
        text
    }
}

impl StoredKey {
    pub(crate) fn new(id: KeyId, owner: Owner, wrapped: &[u8]) -> Self {
        let (tenant, customer) = owner.parts();
        Self { id, tenant, customer, wrapped: data_encoding::BASE64.encode(wrapped) }
    }

    pub(crate) fn owner(&self) -> Result<Owner, String> {
        Owner::of(self.tenant, self.customer).ok_or_else(|| format!("key {} has a customer and no tenant", self.id))
    }
}

pub(crate) fn read(path: &Path) -> Result<Document, RingFileError> {
    let io = |source| RingFileError::Io { path: path.to_owned(), source };
    let mode = fs::metadata(path).map_err(io)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(RingFileError::Exposed { path: path.to_owned(), mode });
    }
    let text = fs::read(path).map_err(io)?;
    let malformed = |what: String| RingFileError::Malformed { path: path.to_owned(), what };
    let format: Format = serde_json::from_slice(&text).map_err(|error| malformed(error.to_string()))?;
    if format.format != FORMAT {
        return Err(malformed(format!("it has format {}, and this version reads format {FORMAT}", format.format)));
    }
    serde_json::from_slice(&text).map_err(|error| malformed(error.to_string()))
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

pub(crate) fn replace(path: &Path, document: &Document) -> Result<(), RingFileError> {
    let text = serde_json::to_vec_pretty(document).unwrap_or_default();
    write_durably(path, &text).map_err(|source| RingFileError::Io { path: path.to_owned(), source })
}

/// Held while a ring is read, changed and replaced, so that two processes never lose each other's keys.
pub(crate) fn lock(path: &Path) -> Result<File, RingFileError> {
    let path = path.with_extension("lock");
    let io = |source| RingFileError::Io { path: path.clone(), source };
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(io)?;
    file.lock().map_err(io)?;
    Ok(file)
}

/// Keys that were destroyed, in a file that outlives an older copy of the ring.
pub(crate) fn burned(path: &Path) -> Result<BTreeSet<KeyId>, RingFileError> {
    let path = path.with_extension("burned");
    let malformed = |what: String| RingFileError::Malformed { path: path.clone(), what };
    match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(source) => Err(RingFileError::Io { path, source }),
        Ok(text) => {
            let id = |line: &str| line.parse().map_err(|_| malformed(format!("`{line}` is no key's id")));
            text.lines().map(id).collect()
        }
    }
}

pub(crate) fn burn(path: &Path, ids: &BTreeSet<KeyId>) -> Result<(), RingFileError> {
    let path = path.with_extension("burned");
    let lines: String = ids.iter().map(|id| format!("{id}\n")).collect();
    write_durably(&path, lines.as_bytes()).map_err(|source| RingFileError::Io { path, source })
}

/// A crash leaves the old file or the new one: write, sync, rename, sync the folder.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    stay_whose_it_was(path, &file)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    File::open(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")))?
        .sync_all()
}

/// What root replaces for a host that runs as another user is that user's still, or the host could not start again.
fn stay_whose_it_was(path: &Path, fresh: &File) -> io::Result<()> {
    let Ok(was) = fs::metadata(path) else { return Ok(()) };
    let (is, owner) = (fresh.metadata()?, (was.uid(), was.gid()));
    if owner == (is.uid(), is.gid()) { Ok(()) } else { fchown(fresh, Some(owner.0), Some(owner.1)) }
}

//! The ring's file: one JSON document, 0600, replaced whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use weighbridge_model::id::{CustomerId, KeyId, TenantId};
use zeroize::Zeroizing;

use crate::ring::{DataKey, Keys, Owner};

/// Version 1 holds unwrapped keys.
const FORMAT: u32 = 1;

/// Why the ring's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RingFileError {
    /// The operating system said no.
    #[error("the key ring {path} cannot be used: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Others than its owner may read it.
    #[error("the key ring {path} may be read by others (mode {mode:o}); run: chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is no ring that this version knows.
    #[error("the key ring {path} is not one that this version can read: {what}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: u32,
    keys: Vec<StoredKey>,
    burned: Vec<KeyId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    id: KeyId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<TenantId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerId>,
    secret: Zeroizing<String>,
}

pub(crate) fn create(path: &Path, keys: &Keys) -> Result<(), RingFileError> {
    if path.exists() {
        let source = io::Error::new(io::ErrorKind::AlreadyExists, "there is one already");
        return Err(RingFileError::Io { path: path.to_owned(), source });
    }
    replace(path, keys)
}

pub(crate) fn replace(path: &Path, keys: &Keys) -> Result<(), RingFileError> {
    write_durably(path, &encode(keys)).map_err(|source| RingFileError::Io { path: path.to_owned(), source })
}

pub(crate) fn read(path: &Path) -> Result<Keys, RingFileError> {
    let io = |source| RingFileError::Io { path: path.to_owned(), source };
    let mode = fs::metadata(path).map_err(io)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(RingFileError::Exposed { path: path.to_owned(), mode });
    }
    let text = Zeroizing::new(fs::read(path).map_err(io)?);
    decode(&text).map_err(|what| RingFileError::Malformed { path: path.to_owned(), what })
}

fn encode(keys: &Keys) -> Zeroizing<Vec<u8>> {
    let stored = keys.by_owner.iter().map(|(owner, key)| {
        let (tenant, customer) = match *owner {
            Owner::Host => (None, None),
            Owner::Tenant(tenant) => (Some(tenant), None),
            Owner::Customer(tenant, customer) => (Some(tenant), Some(customer)),
        };
        let secret = Zeroizing::new(data_encoding::BASE64.encode(key.secret.as_ref()));
        StoredKey { id: key.id, tenant, customer, secret }
    });
    let document = Document { format: FORMAT, keys: stored.collect(), burned: keys.burned.iter().copied().collect() };
    Zeroizing::new(serde_json::to_vec_pretty(&document).unwrap_or_default())
}

fn decode(text: &[u8]) -> Result<Keys, String> {
    let document: Document = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if document.format != FORMAT {
        return Err(format!("it has format {}, and this version reads format {FORMAT}", document.format));
    }
    let mut keys = Keys { burned: document.burned.into_iter().collect(), ..Keys::default() };
    for stored in document.keys.into_iter() {
        let owner = match (stored.tenant, stored.customer) {
            (None, None) => Owner::Host,
            (Some(tenant), None) => Owner::Tenant(tenant),
            (Some(tenant), Some(customer)) => Owner::Customer(tenant, customer),
            (None, Some(_)) => return Err(format!("key {} has a customer and no tenant", stored.id)),
        };
        if keys.burned.contains(&stored.id) {
            continue;
        }
        let bytes = Zeroizing::new(data_encoding::BASE64.decode(stored.secret.as_bytes()).unwrap_or_default());
        let secret =
            <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| format!("key {} has not 32 bytes", stored.id))?;
        keys.by_owner.insert(owner, DataKey { id: stored.id, secret: Zeroizing::new(secret) });
    }
    Ok(keys)
}

/// A crash leaves the old file or the new one: write, sync, rename, sync the folder.
fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    File::open(path.parent().unwrap_or_else(|| Path::new(".")))?.sync_all()
}

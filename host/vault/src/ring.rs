//! Data keys by owner, and the ids of those that were destroyed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use weighbridge_model::id::{CustomerId, KeyId, TenantId};
use zeroize::Zeroizing;

use crate::file::{self, RingFileError};

/// Whose texts a data key seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The host's own.
    Host,
    /// A tenant's, for itself and its own connections.
    Tenant(TenantId),
    /// A customer's.
    Customer(TenantId, CustomerId),
}

/// Why the ring has no key to give.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    /// The file could not be read or replaced.
    #[error(transparent)]
    File(#[from] RingFileError),
    /// The owner's key was never made, or was destroyed.
    #[error("the key ring has no data key for {0:?}; restore the ring that belongs to this data folder")]
    NoKey(Owner),
}

/// A data key, wiped when dropped, and neither printed nor serialised.
pub(crate) struct DataKey {
    pub(crate) id: KeyId,
    pub(crate) secret: Zeroizing<[u8; 32]>,
}

/// What the file holds.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) by_owner: BTreeMap<Owner, DataKey>,
    pub(crate) burned: BTreeSet<KeyId>,
}

/// The data keys of one host.
pub struct KeyRing {
    path: PathBuf,
    keys: RwLock<Keys>,
}

impl KeyRing {
    /// Makes a ring that has the host's own key, in a new file that only its owner may read.
    pub fn create(path: &Path, id: KeyId, secret: [u8; 32]) -> Result<Self, RingError> {
        let mut keys = Keys::default();
        keys.by_owner.insert(Owner::Host, DataKey { id, secret: Zeroizing::new(secret) });
        file::create(path, &keys)?;
        Ok(Self { path: path.to_owned(), keys: RwLock::new(keys) })
    }

    /// Reads the ring from its file.
    pub fn open(path: &Path) -> Result<Self, RingError> {
        Ok(Self { path: path.to_owned(), keys: RwLock::new(file::read(path)?) })
    }

    /// Gives an owner its data key; durable when this returns, and nothing where it has one already.
    pub fn add(&self, owner: Owner, id: KeyId, secret: [u8; 32]) -> Result<(), RingError> {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if keys.by_owner.contains_key(&owner) {
            return Ok(());
        }
        keys.by_owner.insert(owner, DataKey { id, secret: Zeroizing::new(secret) });
        if let Err(error) = file::replace(&self.path, &keys) {
            keys.by_owner.remove(&owner);
            return Err(error.into());
        }
        Ok(())
    }

    /// Whether an owner has a data key.
    pub fn has(&self, owner: Owner) -> bool {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).by_owner.contains_key(&owner)
    }

    pub(crate) fn with_key<T>(&self, owner: Owner, use_it: impl FnOnce(&DataKey) -> T) -> Result<T, RingError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.by_owner.get(&owner).map(use_it).ok_or(RingError::NoKey(owner))
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(..)")
    }
}

//! Data keys by owner, and the ids of those that were destroyed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use weighbridge_model::digest::Digest;
use weighbridge_model::id::{CustomerId, KeyId, TenantId};
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

use crate::export::ExportNote;
use crate::file::{self, Document, RingFileError, StoredKey};
use crate::master::{Master, MasterError, MasterKey, MasterSource};

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

impl Owner {
    pub(crate) const fn parts(self) -> (Option<TenantId>, Option<CustomerId>) {
        match self {
            Self::Host => (None, None),
            Self::Tenant(tenant) => (Some(tenant), None),
            Self::Customer(tenant, customer) => (Some(tenant), Some(customer)),
        }
    }

    pub(crate) const fn of(tenant: Option<TenantId>, customer: Option<CustomerId>) -> Option<Self> {
        match (tenant, customer) {
            (None, None) => Some(Self::Host),
            (Some(tenant), None) => Some(Self::Tenant(tenant)),
            (Some(tenant), Some(customer)) => Some(Self::Customer(tenant, customer)),
            (None, Some(_)) => None,
        }
    }
}

/// Why the ring has no key to give.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    /// The file could not be read or replaced.
    #[error(transparent)]
    File(#[from] RingFileError),
    /// There is no master key that opens it.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// The owner's key was never made, or was destroyed.
    #[error("the key ring has no data key for {0:?}; restore the ring that belongs to this data folder")]
    NoKey(Owner),
    /// The host's own key cannot be destroyed.
    #[error("the host's own data key is never destroyed; delete the data folder instead")]
    HostKey,
    /// An export does not open.
    #[error(transparent)]
    Export(#[from] crate::export::ExportError),
}

impl RingError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Master(error) => error.code(),
            Self::NoKey(_) => "keys.absent",
            Self::File(_) => "keys.unusable",
            Self::HostKey => "keys.host",
            Self::Export(error) => error.code(),
        }
    }
}

/// A data key, wiped when dropped, and neither printed nor serialised.
pub(crate) struct DataKey {
    pub(crate) id: KeyId,
    pub(crate) secret: Zeroizing<[u8; 32]>,
}

/// What the file holds, opened.
pub(crate) struct Contents {
    pub(crate) master: Master,
    pub(crate) key: MasterKey,
    pub(crate) by_owner: BTreeMap<Owner, DataKey>,
    pub(crate) burned: BTreeSet<KeyId>,
    pub(crate) generation: u64,
    pub(crate) exports: Vec<ExportNote>,
}

/// What there is to say of a key that was destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// How often the ring was replaced: no ring of this generation or a later one has the key.
    pub generation: u64,
    /// Copies that left before; whoever has one of them and its recovery key still has the key.
    pub exports: Vec<ExportNote>,
}

/// The data keys of one host.
pub struct KeyRing {
    pub(crate) path: PathBuf,
    pub(crate) source: RwLock<MasterSource>,
    pub(crate) contents: RwLock<Contents>,
    /// Keys for what is still being planned: they seal, and are not durable yet.
    drafts: RwLock<BTreeMap<Owner, DataKey>>,
}

/// What a new ring begins with; all of it is the caller's randomness.
pub struct Birth {
    /// The id of the host's own data key.
    pub id: KeyId,
    /// The host's own data key.
    pub secret: [u8; 32],
    /// The master key or, for a passphrase, its salt.
    pub master: [u8; 32],
    /// When.
    pub now: Timestamp,
}

impl KeyRing {
    /// Makes a ring that has the host's own key, in a new file that only its owner may read, under a new master key.
    pub fn create(path: &Path, source: MasterSource, birth: Birth) -> Result<Self, RingError> {
        let host = DataKey { id: birth.id, secret: Zeroizing::new(birth.secret) };
        let by_owner = BTreeMap::from([(Owner::Host, host)]);
        Self::create_with(path, source, (by_owner, BTreeSet::new(), Vec::new()), &birth.master, birth.now)
    }

    pub(crate) fn create_with(
        path: &Path,
        source: MasterSource,
        (mut by_owner, mut burned, exports): (BTreeMap<Owner, DataKey>, BTreeSet<KeyId>, Vec<ExportNote>),
        seed: &[u8; 32],
        now: Timestamp,
    ) -> Result<Self, RingError> {
        let _lock = file::lock(path)?;
        for present in [Some(path), source.new_file()].into_iter().flatten() {
            if present.exists() {
                let source = std::io::Error::new(std::io::ErrorKind::AlreadyExists, "there is one already");
                return Err(RingFileError::Io { path: present.to_owned(), source }.into());
            }
        }
        burned.extend(file::burned(path)?);
        by_owner.retain(|_, key| !burned.contains(&key.id));
        let (master, key) = source.renew(1, seed, now)?;
        file::burn(path, &burned)?;
        let contents = Contents { master, key, by_owner, burned, generation: 1, exports };
        file::replace(path, &contents.document())?;
        Ok(Self::over(path, source, contents))
    }

    /// Reads the ring from its file, and opens it by its master key. A wrong one changes nothing.
    pub fn open(path: &Path, source: MasterSource) -> Result<Self, RingError> {
        let document = file::read(path)?;
        let key = source.key(&document.master)?;
        let stored = document.keys.len();
        let contents = Contents::open(path, document, key)?;
        let revived = stored > contents.by_owner.len();
        let ring = Self::over(path, source, contents);
        if revived {
            // An older copy of the file brought burned keys back; they are dropped from it for good.
            ring.change(|_| Ok(()))?;
        }
        Ok(ring)
    }

    fn over(path: &Path, source: MasterSource, contents: Contents) -> Self {
        let (source, contents) = (RwLock::new(source), RwLock::new(contents));
        Self { path: path.to_owned(), source, contents, drafts: RwLock::default() }
    }

    /// Gives an owner a data key that seals from now on and is durable after [`Self::keep_drafts`]; nothing where it has
    /// one already.
    pub fn draft(&self, owner: Owner, id: KeyId, secret: [u8; 32]) {
        if !self.has(owner) {
            let key = DataKey { id, secret: Zeroizing::new(secret) };
            self.drafts.write().unwrap_or_else(PoisonError::into_inner).entry(owner).or_insert(key);
        }
    }

    /// Makes the drafted keys durable, all in one replacement of the file.
    pub fn keep_drafts(&self) -> Result<(), RingError> {
        let mut drafts = self.drafts.write().unwrap_or_else(PoisonError::into_inner);
        if drafts.is_empty() {
            return Ok(());
        }
        self.change(|contents| {
            for (owner, key) in drafts.iter() {
                let key = DataKey { id: key.id, secret: key.secret.clone() };
                contents.by_owner.entry(*owner).or_insert(key);
            }
            Ok(())
        })?;
        drafts.clear();
        Ok(())
    }

    /// Forgets the drafted keys, and with them all that they sealed.
    pub fn drop_drafts(&self) {
        self.drafts.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Destroys an owner's key, which is what deletion means: nothing that it sealed opens again, here or in a backup.
    /// Its id is burned first, so that no older copy of the ring brings it back.
    pub fn destroy(&self, owner: Owner) -> Result<Destroyed, RingError> {
        if owner == Owner::Host {
            return Err(RingError::HostKey);
        }
        self.change(|contents| {
            if let Some(key) = contents.by_owner.remove(&owner) {
                contents.burned.insert(key.id);
                file::burn(&self.path, &contents.burned)?;
            }
            // The replacement that this is a part of counts too.
            let generation = contents.generation.saturating_add(1);
            Ok(Destroyed { generation, exports: contents.exports.clone() })
        })
    }

    /// Where its file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether an owner has a durable data key.
    pub fn has(&self, owner: Owner) -> bool {
        self.contents.read().unwrap_or_else(PoisonError::into_inner).by_owner.contains_key(&owner)
    }

    /// Whether a data key was destroyed here: what it sealed is deleted for good.
    pub fn is_burned(&self, id: KeyId) -> bool {
        self.contents.read().unwrap_or_else(PoisonError::into_inner).burned.contains(&id)
    }

    pub(crate) fn with_key<T>(&self, owner: Owner, use_it: impl FnOnce(&DataKey) -> T) -> Result<T, RingError> {
        let contents = self.contents.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = contents.by_owner.get(&owner) {
            return Ok(use_it(key));
        }
        let drafts = self.drafts.read().unwrap_or_else(PoisonError::into_inner);
        drafts.get(&owner).map(use_it).ok_or(RingError::NoKey(owner))
    }

    /// Reads the file under its lock, changes what it holds and replaces it: another process may have changed it, and its
    /// master key, since.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut Contents) -> Result<T, RingError>) -> Result<T, RingError> {
        let _lock = file::lock(&self.path)?;
        let document = file::read(&self.path)?;
        let key = self.key(&document.master)?;
        let mut contents = Contents::open(&self.path, document, key)?;
        let done = act(&mut contents)?;
        contents.generation = contents.generation.saturating_add(1);
        file::replace(&self.path, &contents.document())?;
        *self.contents.write().unwrap_or_else(PoisonError::into_inner) = contents;
        Ok(done)
    }

    fn key(&self, master: &Master) -> Result<MasterKey, MasterError> {
        let contents = self.contents.read().unwrap_or_else(PoisonError::into_inner);
        if contents.master == *master {
            return Ok(contents.key.clone());
        }
        self.source.read().unwrap_or_else(PoisonError::into_inner).key(master)
    }
}

impl Contents {
    fn open(path: &Path, mut document: Document, key: MasterKey) -> Result<Self, RingError> {
        let tag = data_encoding::BASE64.decode(document.mac.as_bytes()).unwrap_or_default();
        if !key.vouched(&document.text(), &tag) {
            return Err(MasterError::Wrong.into());
        }
        let mut burned = std::mem::take(&mut document.burned);
        burned.extend(file::burned(path)?);
        let malformed = |what: String| RingFileError::Malformed { path: path.to_owned(), what };
        let mut by_owner = BTreeMap::new();
        for stored in std::mem::take(&mut document.keys) {
            if burned.contains(&stored.id) {
                continue;
            }
            let owner = stored.owner().map_err(malformed)?;
            let wrapped = data_encoding::BASE64.decode(stored.wrapped.as_bytes()).unwrap_or_default();
            let secret = key.unwrap(&place(owner, stored.id, key.version()), &wrapped).ok_or(MasterError::Wrong)?;
            by_owner.insert(owner, DataKey { id: stored.id, secret });
        }
        let Document { master, generation, exports, .. } = document;
        Ok(Self { master, key, by_owner, burned, generation, exports })
    }

    fn document(&self) -> Document {
        let keys = self.by_owner.iter().map(|(owner, key)| {
            let wrapped = self.key.wrap(&place(*owner, key.id, self.key.version()), &key.secret);
            StoredKey::new(key.id, *owner, &wrapped)
        });
        let mut document = Document::new(
            self.master.clone(),
            keys.collect(),
            self.burned.clone(),
            (self.generation, self.exports.clone()),
        );
        document.mac = data_encoding::BASE64.encode(&self.key.vouch(&document.text()));
        document
    }
}

/// Where a wrapped key stands, so that it unwraps nowhere else.
fn place(owner: Owner, id: KeyId, version: u32) -> [u8; 32] {
    let (tenant, customer) = owner.parts();
    let (tenant, customer) = (tenant.as_ref().map(|id| id.as_bytes()), customer.as_ref().map(|id| id.as_bytes()));
    let bytes = |id: Option<&[u8; 16]>| id.map_or(Vec::new(), |id| id.to_vec());
    let parts = [&bytes(tenant)[..], &bytes(customer), id.as_bytes(), &version.to_be_bytes()];
    *Digest::of_parts("weighbridge wrapped key", &parts).as_bytes()
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(..)")
    }
}

//! A new master key for the same data keys: what they sealed is not touched.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use weighbridge_model::time::Timestamp;

use crate::export::ExportNote;
use crate::master::{MasterError, MasterSource, Passphrase};
use crate::ring::{KeyRing, RingError};

/// Where the new master key goes.
#[derive(Clone, Debug)]
pub enum RotateTo {
    /// Into the same file, in place of the old one.
    SamePlace,
    /// Into a new file; the old one is left to the operator.
    File(PathBuf),
    /// Nowhere: a person knows it.
    Passphrase(Passphrase),
}

impl KeyRing {
    /// Wraps every data key anew. In the same file the new key stands beside the old one until the ring is replaced, so
    /// that a crash at any point leaves a ring that opens; and a host that runs meanwhile reads the new key when it next
    /// changes the ring. `seed` is the new key or, for a passphrase, its salt. Answers with the new version.
    pub fn rotate(&self, to: RotateTo, seed: &[u8; 32], now: Timestamp) -> Result<u32, RingError> {
        let from = self.source.read().unwrap_or_else(PoisonError::into_inner).clone();
        let target = match to {
            RotateTo::SamePlace => match &from {
                MasterSource::File(_) => from,
                MasterSource::Credential(_) | MasterSource::Read(_) | MasterSource::Passphrase(_) => {
                    return Err(MasterError::Place.into());
                }
            },
            RotateTo::File(path) if path.exists() => return Err(MasterError::Present(path).into()),
            RotateTo::File(path) => MasterSource::File(path),
            RotateTo::Passphrase(passphrase) => MasterSource::Passphrase(passphrase),
        };
        let version = self.change(|contents| {
            let version = contents.master.version.saturating_add(1);
            (contents.master, contents.key) = target.renew(version, seed, now)?;
            Ok(version)
        })?;
        target.keep_only(version)?;
        *self.source.write().unwrap_or_else(PoisonError::into_inner) = target;
        Ok(version)
    }

    /// What an operator asks about it.
    pub fn status(&self) -> RingStatus {
        use crate::ring::Owner;
        let contents = self.contents.read().unwrap_or_else(PoisonError::into_inner);
        let source = self.source.read().unwrap_or_else(PoisonError::into_inner);
        let count = |of: fn(&Owner) -> bool| contents.by_owner.keys().filter(|owner| of(owner)).count();
        RingStatus {
            path: self.path.clone(),
            master: source.kind(),
            version: contents.master.version,
            since: contents.master.since,
            tenants: count(|owner| matches!(owner, Owner::Tenant(_))),
            customers: count(|owner| matches!(owner, Owner::Customer(..))),
            burned: contents.burned.len(),
            generation: contents.generation,
            exports: contents.exports.clone(),
            leftovers: source.has_leftovers(),
        }
    }
}

/// A ring, from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingStatus {
    /// The ring's file.
    pub path: PathBuf,
    /// Where its master key comes from: `file`, `credential` or `passphrase`.
    pub master: &'static str,
    /// The master key's version.
    pub version: u32,
    /// When that version was made.
    pub since: Timestamp,
    /// Data keys of tenants.
    pub tenants: usize,
    /// Data keys of customers.
    pub customers: usize,
    /// Keys that were destroyed.
    pub burned: usize,
    /// How often the ring was replaced.
    pub generation: u64,
    /// Copies that left.
    pub exports: Vec<ExportNote>,
    /// Whether a rotation was cut off and left an old version behind; the next one clears it away.
    pub leftovers: bool,
}

impl MasterSource {
    /// The file that a new ring's key will be written to.
    pub(crate) fn new_file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Credential(_) | Self::Read(_) | Self::Passphrase(_) => None,
        }
    }
}

//! What is believed no more: keys, packages and whole publishers.

use serde::{Deserialize, Serialize};

use super::signature::KeyId;
use super::trust::{TrustError, TrustStore};
use crate::digest::Digest;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// When something was revoked, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// The operator's reason.
    pub reason: Sealed,
}

/// A key or a package that was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoked<T> {
    /// What is meant.
    pub id: T,
    /// When and why.
    pub revocation: Revocation,
}

/// What can be revoked. Written, a key id has 32 hex digits and a digest 64; anything else names a publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocable {
    /// One key: no package under it is installed or loaded.
    Key(KeyId),
    /// One package, by the digest of the file with or without its signature.
    Package(Digest),
    /// A publisher, with all its keys.
    Publisher(String),
}

impl Revocable {
    /// Tells them apart by their shape.
    pub fn parse(text: &str) -> Self {
        if let Ok(key) = text.parse() {
            return Self::Key(key);
        }
        text.parse().map_or_else(|_| Self::Publisher(text.to_owned()), Self::Package)
    }
}

impl std::fmt::Display for Revocable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(key) => write!(f, "{key}"),
            Self::Package(digest) => write!(f, "{digest}"),
            Self::Publisher(name) => f.write_str(name),
        }
    }
}

impl TrustStore {
    /// Revokes. A key or package need not be known, so that one that was never seen can be shut out too. What was revoked
    /// before stays as it was; says whether anything changed.
    pub fn revoke(&mut self, what: &Revocable, revocation: Revocation) -> Result<bool, TrustError> {
        match what {
            Revocable::Key(key) if self.revoked_keys.iter().any(|one| one.id == *key) => Ok(false),
            Revocable::Package(digest) if self.revoked_digests.iter().any(|one| one.id == *digest) => Ok(false),
            Revocable::Key(key) => {
                self.revoked_keys.push(Revoked { id: *key, revocation });
                Ok(true)
            }
            Revocable::Package(digest) => {
                self.revoked_digests.push(Revoked { id: *digest, revocation });
                Ok(true)
            }
            Revocable::Publisher(name) => {
                let publisher = self.publishers.get_mut(name);
                let publisher = publisher.ok_or_else(|| TrustError::PublisherAbsent(name.clone()))?;
                let fresh = publisher.revocation.is_none();
                publisher.revocation.get_or_insert(revocation);
                Ok(fresh)
            }
        }
    }

    /// When and why a key was revoked, by itself or with its publisher.
    pub fn key_revocation(&self, id: KeyId) -> Option<&Revocation> {
        let own = self.revoked_keys.iter().find(|one| one.id == id).map(|one| &one.revocation);
        own.or_else(|| self.publishers.get(self.key(id)?.0)?.revocation.as_ref())
    }

    /// When and why a package was revoked.
    pub fn digest_revocation(&self, digest: Digest) -> Option<&Revocation> {
        self.revoked_digests.iter().find(|one| one.id == digest).map(|one| &one.revocation)
    }
}

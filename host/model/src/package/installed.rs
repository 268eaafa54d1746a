//! What is kept of an installed connector, and whether it may be used.

use semver::Version;
use serde::{Deserialize, Serialize};

use super::signature::KeyId;
use super::trust::TrustStore;
use super::verify::PackageRefusal;
use crate::digest::Digest;
use crate::gate::ConnectorFact;
use crate::time::Timestamp;

/// How many versions that were used before are remembered.
const EARLIER_MAX: usize = 16;

/// Where a connector's code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A package signed with this key.
    Package(KeyId),
    /// The program that embeds the engine: it is trusted as that program is.
    Native,
}

/// One version of a connector that was installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Where its code comes from.
    pub origin: Origin,
    /// Its version.
    pub version: Version,
    /// SHA-256 of the package's file.
    pub digest: Digest,
    /// SHA-256 of the file without its signature, by which a package may be revoked too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Digest>,
    /// When it was installed.
    pub installed_at: Timestamp,
}

/// An installed connector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageRow {
    /// The version in use; none where the first one waits.
    #[serde(flatten)]
    pub used: Option<Release>,
    /// A version that is installed and not used, since it asks for more than was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Release>,
    /// Versions that were used before, the last one last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Release>,
}

impl PackageRow {
    /// A connector with one version, in use.
    pub fn using(release: Release) -> Self {
        Self { used: Some(release), ..Self::default() }
    }

    /// Uses a version from now on; the one before is remembered, and only a higher one goes on waiting.
    pub fn take_over(&mut self, release: Release) {
        self.waiting = self.waiting.take().filter(|waiting| waiting.version > release.version);
        self.replace(release);
    }

    /// Keeps a version beside the one in use until it is approved.
    pub fn hold_back(&mut self, release: Release) {
        self.waiting = Some(release);
    }

    /// Goes back to a version that was used before; says whether there is such a one. One that waits goes on waiting.
    pub fn roll_back(&mut self, version: &Version) -> bool {
        let found = self.earlier.iter().find(|one| one.version == *version).cloned();
        found.is_some_and(|release| {
            self.replace(release);
            true
        })
    }

    fn replace(&mut self, release: Release) {
        if let Some(before) = self.used.take().filter(|before| before.digest != release.digest) {
            self.earlier.push(before);
        }
        self.earlier.retain(|one| one.digest != release.digest && one.version != release.version);
        let surplus = self.earlier.len().saturating_sub(EARLIER_MAX);
        self.earlier.drain(..surplus);
        self.used = Some(release);
    }

    /// The version whose manifest stands for the connector: the one in use, else the one that waits.
    pub fn shown(&self) -> Option<&Release> {
        self.used.as_ref().or(self.waiting.as_ref())
    }

    /// Every version that is remembered.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.earlier.iter().chain(&self.used).chain(&self.waiting)
    }
}

impl Release {
    /// Whether this digest means it: of the whole file, or of the file without its signature.
    pub fn is(&self, digest: Digest) -> bool {
        self.digest == digest || self.content == Some(digest)
    }
}

impl TrustStore {
    /// Whether a version that was installed may still be used: its key's window is over with, and revocations count.
    pub fn check_release(&self, connector: &str, release: &Release) -> Result<(), PackageRefusal> {
        let Origin::Package(key) = release.origin else { return Ok(()) };
        if self.key_revocation(key).is_some() {
            return Err(PackageRefusal::KeyRevoked(key));
        }
        let digests = [Some(release.digest), release.content];
        if digests.into_iter().flatten().any(|digest| self.digest_revocation(digest).is_some()) {
            return Err(PackageRefusal::DigestRevoked(release.digest));
        }
        let (owner, _) = self.key(key).ok_or(PackageRefusal::UnknownPublisher(key))?;
        if self.may_sign(owner, connector) {
            return Ok(());
        }
        let (connector, owner) = (connector.to_owned(), owner.to_owned());
        Err(PackageRefusal::WrongPublisher { connector, claimed: owner.clone(), owner })
    }

    /// Whether what is installed may be used; an absent row is a connector that is not installed.
    pub fn standing(&self, connector: &str, package: Option<&PackageRow>) -> ConnectorFact {
        let Some(release) = package.and_then(PackageRow::shown) else { return ConnectorFact::Absent };
        match self.check_release(connector, release) {
            Err(PackageRefusal::KeyRevoked(_) | PackageRefusal::DigestRevoked(_)) => ConnectorFact::Revoked,
            Err(_) => ConnectorFact::Untrusted,
            Ok(()) if package.is_some_and(|package| package.used.is_none()) => ConnectorFact::ApprovalNeeded,
            Ok(()) => ConnectorFact::Usable,
        }
    }
}

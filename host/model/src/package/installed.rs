//! What is kept of an installed connector, and whether it may be used.

use semver::Version;
use serde::{Deserialize, Serialize};

use super::signature::KeyId;
use super::trust::TrustStore;
use crate::digest::Digest;
use crate::gate::ConnectorFact;
use crate::time::Timestamp;

/// Where a connector's code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A package signed with this key.
    Package(KeyId),
    /// The program that embeds the engine: it is trusted as that program is.
    Native,
}

/// An installed connector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageRow {
    /// Where its code comes from.
    pub origin: Origin,
    /// Its version.
    pub version: Version,
    /// SHA-256 of the package's file.
    pub digest: Digest,
    /// When it was installed.
    pub installed_at: Timestamp,
}

impl TrustStore {
    /// Whether what is installed may be used; an absent row is a connector that is not installed.
    pub fn standing(&self, package: Option<&PackageRow>) -> ConnectorFact {
        let Some(package) = package else { return ConnectorFact::Absent };
        match package.origin {
            Origin::Native => ConnectorFact::Usable,
            Origin::Package(key) if self.revoked_keys.contains(&key) => ConnectorFact::Revoked,
            Origin::Package(_) if self.revoked_digests.contains(&package.digest) => ConnectorFact::Revoked,
            Origin::Package(key) if self.key(key).is_none() => ConnectorFact::Untrusted,
            Origin::Package(_) => ConnectorFact::Usable,
        }
    }
}

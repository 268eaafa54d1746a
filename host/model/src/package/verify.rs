//! From bytes that anyone may have sent to a package that may run.

use std::sync::Arc;

use semver::Version;

use super::installed::{Origin, Release};
use super::manifest::{Manifest, ManifestError};
use super::section::{self, SectionError};
use super::signature::{KeyId, SignatureSection};
use super::trust::{TrustStore, TrustedKey};
use crate::digest::Digest;
use crate::time::{Position, Timestamp};

/// The most bytes a package may have: 64 MiB, for languages that bring a runtime.
pub const PACKAGE_BYTES_MAX: usize = 64 << 20;

/// Bytes that claim to be a package.
#[derive(Clone)]
pub struct UnverifiedPackage {
    bytes: Arc<[u8]>,
}

/// A package whose signature, publisher and digest were checked. Only [`UnverifiedPackage`] makes one, and only these bytes
/// may be compiled.
#[derive(Clone)]
pub struct VerifiedPackage {
    bytes: Arc<[u8]>,
    digest: Digest,
    content: Digest,
    manifest: Manifest,
    publisher: String,
    key_id: KeyId,
}

/// Why a package is not installed or not loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageRefusal {
    /// Its last bytes are no signature.
    #[error("the package is not signed, or something was appended to it")]
    Unsigned,
    /// No trusted key has the id it names.
    #[error("no trusted publisher has the key {0} that this package is signed with")]
    UnknownPublisher(KeyId),
    /// The key is known and is not the one of whom the package names, or may not sign this name.
    #[error("the connector `{connector}` of `{claimed}` is signed by `{owner}`, who may not sign it")]
    WrongPublisher {
        /// The connector's name.
        connector: String,
        /// The publisher its manifest names.
        claimed: String,
        /// The publisher whose key signed it.
        owner: String,
    },
    /// The bytes are not those that were signed.
    #[error("the signature does not fit: the package was changed after it was signed")]
    BadSignature,
    /// The key may not sign packages to install at this time.
    #[error("the key {key} of `{publisher}` is outside the time in which its packages may be installed")]
    KeyExpired {
        /// The key.
        key: KeyId,
        /// Whose it is.
        publisher: String,
    },
    /// The key was revoked.
    #[error("the key {0} was revoked")]
    KeyRevoked(KeyId),
    /// The package was revoked.
    #[error("the package {0} was revoked")]
    DigestRevoked(Digest),
    /// A higher version was used before.
    #[error("version {offered} of `{connector}` is older than {installed}, which was in use before")]
    VersionRollback {
        /// The connector's name.
        connector: String,
        /// The version of this package.
        offered: Version,
        /// The version below which none is installed.
        installed: Version,
    },
    /// It is installed and waits.
    #[error("version {version} of `{connector}` asks for more than was approved, so it is installed and not used")]
    ApprovalNeeded {
        /// The connector's name.
        connector: String,
        /// The version that waits.
        version: Version,
    },
    /// It is signed, and yet no package.
    #[error("the package is malformed: {0}")]
    Malformed(Malformation),
}

/// In which way a package is malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformation {
    /// More bytes than a package may have.
    #[error("it has {0} bytes, more than {PACKAGE_BYTES_MAX}")]
    TooLarge(usize),
    /// Its sections.
    #[error(transparent)]
    Sections(#[from] SectionError),
    /// Its manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl PackageRefusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::UnknownPublisher(_) => "unknown_publisher",
            Self::WrongPublisher { .. } => "wrong_publisher",
            Self::BadSignature => "bad_signature",
            Self::KeyExpired { .. } => "key_expired",
            Self::KeyRevoked(_) => "key_revoked",
            Self::DigestRevoked(_) => "digest_revoked",
            Self::VersionRollback { .. } => "version_rollback",
            Self::ApprovalNeeded { .. } => "approval_needed",
            Self::Malformed(_) => "malformed",
        }
    }

    /// What to do about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::Unsigned => "Sign it with `weighbridge connector sign`, or ask its publisher for the signed file.",
            Self::UnknownPublisher(_) => {
                "If you know whose key this is, add it with `weighbridge trust add`; otherwise do not install the package."
            }
            Self::WrongPublisher { .. } => {
                "Ask the publisher for a package under a name of its own, or add the name with `weighbridge trust add`."
            }
            Self::BadSignature => "Fetch the package again from its publisher.",
            Self::KeyExpired { .. } => "Ask the publisher for a package signed with its present key.",
            Self::KeyRevoked(_) => "Ask the publisher for a package signed with another key, and add that key first.",
            Self::DigestRevoked(_) => "Install another version of the connector.",
            Self::VersionRollback { .. } => {
                "Install the same or a newer version, or go back to one that was used before: `weighbridge connector rollback`."
            }
            Self::ApprovalNeeded { .. } => "Read what it asks for and take it: `weighbridge connector approve`.",
            Self::Malformed(_) => "Build the package again with `weighbridge connector build`.",
        }
    }
}

impl UnverifiedPackage {
    /// Takes bytes as they came.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { bytes: bytes.into() }
    }

    /// Whether the package may be installed at this time.
    pub fn verify(self, trust: &TrustStore, now: Timestamp) -> Result<VerifiedPackage, PackageRefusal> {
        let (package, key) = self.verify_signed(trust)?;
        if !matches!(key.window.position(now), Position::Inside(_)) {
            return Err(PackageRefusal::KeyExpired { key: package.key_id, publisher: package.publisher });
        }
        if let Some(installed) = trust.installed.get(&package.manifest.name)
            && package.manifest.version < *installed
        {
            return Err(PackageRefusal::VersionRollback {
                connector: package.manifest.name,
                offered: package.manifest.version,
                installed: installed.clone(),
            });
        }
        Ok(package)
    }

    /// Whether an installed package may be loaded. Its key's window is over with, and an older version may have been
    /// chosen by the operator; revocations count.
    pub fn verify_installed(self, trust: &TrustStore) -> Result<VerifiedPackage, PackageRefusal> {
        self.verify_signed(trust).map(|(package, _)| package)
    }

    fn verify_signed(self, trust: &TrustStore) -> Result<(VerifiedPackage, &TrustedKey), PackageRefusal> {
        if self.bytes.len() > PACKAGE_BYTES_MAX {
            return Err(PackageRefusal::Malformed(Malformation::TooLarge(self.bytes.len())));
        }
        let (content, signature) = SignatureSection::split(&self.bytes).ok_or(PackageRefusal::Unsigned)?;
        let key_id = signature.key_id;
        if trust.key_revocation(key_id).is_some() {
            return Err(PackageRefusal::KeyRevoked(key_id));
        }
        let (owner, key) = trust.key(key_id).ok_or(PackageRefusal::UnknownPublisher(key_id))?;
        if !signature.is_by(&key.public, content) {
            return Err(PackageRefusal::BadSignature);
        }
        let (digest, content_digest) = (Digest::of(&self.bytes), Digest::of(content));
        if [digest, content_digest].iter().any(|one| trust.digest_revocation(*one).is_some()) {
            return Err(PackageRefusal::DigestRevoked(digest));
        }
        let manifest = manifest_of(content).map_err(PackageRefusal::Malformed)?;
        if manifest.publisher != owner || !trust.may_sign(owner, &manifest.name) {
            return Err(PackageRefusal::WrongPublisher {
                connector: manifest.name,
                claimed: manifest.publisher,
                owner: owner.to_owned(),
            });
        }
        let publisher = owner.to_owned();
        let bytes = Arc::clone(&self.bytes);
        Ok((VerifiedPackage { bytes, digest, content: content_digest, manifest, publisher, key_id }, key))
    }
}

impl VerifiedPackage {
    /// The component: the very bytes that were verified.
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// The SHA-256 of these bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What is kept of it once it is installed.
    pub fn release(&self, now: Timestamp) -> Release {
        Release {
            origin: Origin::Package(self.key_id),
            version: self.manifest.version.clone(),
            digest: self.digest,
            content: Some(self.content),
            installed_at: now,
        }
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whose key signed it.
    pub fn publisher(&self) -> &str {
        &self.publisher
    }

    /// The key that signed it.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }
}

impl std::fmt::Debug for VerifiedPackage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Manifest { name, version, .. } = &self.manifest;
        write!(f, "VerifiedPackage({name} {version}, {})", self.digest)
    }
}

/// The manifest inside a signed or unsigned component, believed by nobody.
pub fn manifest_of(component: &[u8]) -> Result<Manifest, Malformation> {
    Ok(Manifest::parse(section::manifest(component)?)?)
}

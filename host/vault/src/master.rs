//! The key that wraps the data keys, and where it comes from: a file, a credential of the service manager, a passphrase.

use std::fmt;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

use crate::file::RingFileError;
use crate::key_file::{self, Guard, Versions};
use crate::mac::{is_mac, mac};

/// The most memory that a ring's header may ask a passphrase to cost, in KiB: a changed file must not exhaust the machine.
const MEMORY_KIB_MAX: u32 = 1 << 20;

/// What the key is derived for that vouches for a whole ring.
const RING: &[u8] = b"weighbridge ring";

/// Where the master key comes from.
#[derive(Clone, Debug)]
pub enum MasterSource {
    /// A file of the operator's, which nobody else may read.
    File(PathBuf),
    /// A file that the service manager guards and the host cannot change, such as a systemd credential.
    Credential(PathBuf),
    /// A file that was read already, by somebody who may read what this process may not.
    Read(MasterFile),
    /// Something that a person knows.
    Passphrase(Passphrase),
}

/// What is in a master key's file, wiped when dropped and neither printed nor serialised.
#[derive(Clone)]
pub struct MasterFile {
    path: PathBuf,
    text: Zeroizing<String>,
}

impl MasterFile {
    /// Takes what was read.
    pub const fn new(path: PathBuf, text: Zeroizing<String>) -> Self {
        Self { path, text }
    }
}

impl fmt::Debug for MasterFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterFile({})", self.path.display())
    }
}

/// A passphrase, wiped when dropped and neither printed nor serialised.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes a passphrase.
    pub const fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// The file that holds it cannot be used.
    #[error("{0}{next}", next = next_step(.0))]
    File(#[from] RingFileError),
    /// The ring is wrapped by a version that the file does not have.
    #[error(
        "{path} has no master key of version {version}, by which the key ring is wrapped; bring back the newer file"
    )]
    VersionAbsent {
        /// The file.
        path: PathBuf,
        /// The ring's version.
        version: u32,
    },
    /// The ring is wrapped by a passphrase.
    #[error("the key ring is wrapped by a passphrase; start with: --master-key passphrase")]
    NeedsPassphrase,
    /// The ring is wrapped by a key in a file.
    #[error(
        "the key ring is wrapped by a master key in a file, not by a passphrase; start with: --master-key file:PATH"
    )]
    NeedsFile,
    /// The header asks for what no passphrase of ours costs.
    #[error("the key ring's header asks for an argon2id cost that no host sets; bring back the ring as it was")]
    Cost,
    /// The master key is not in a file that the host may change.
    #[error(
        "this master key is not in a file that the host may change; say where the new one goes with: --to file:PATH or --to passphrase"
    )]
    Place,
    /// The new master key would go over another file.
    #[error("{0} is there already; name a new file")]
    Present(PathBuf),
    /// It opens nothing: another host's key, or a mistyped passphrase.
    #[error(
        "this master key does not open the key ring, or the ring was changed, and nothing was touched; give the key or passphrase that belongs to it"
    )]
    Wrong,
}

/// A file with other faults says itself what to do.
const fn next_step(error: &RingFileError) -> &'static str {
    match error {
        RingFileError::Io { .. } => "; bring the master key back, or say where it is with: --master-key SOURCE",
        RingFileError::Exposed { .. } | RingFileError::Malformed { .. } => "",
    }
}

impl MasterError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File(_) => "keys.master_absent",
            Self::VersionAbsent { .. } => "keys.master_version",
            Self::NeedsPassphrase => "keys.passphrase_needed",
            Self::NeedsFile => "keys.file_needed",
            Self::Cost => "keys.cost",
            Self::Place => "keys.place",
            Self::Present(_) => "keys.present",
            Self::Wrong => "keys.wrong_master",
        }
    }
}

/// What a ring's header says of its master key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Master {
    pub(crate) version: u32,
    pub(crate) since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) passphrase: Option<Cost>,
}

/// What turning the passphrase into a key costs: argon2id, RFC 9106.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cost {
    salt: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// The second recommended choice of RFC 9106 §4, for machines that have other work: 64 MiB, 3 passes, 4 lanes.
    fn usual(salt: [u8; 16]) -> Self {
        Self { salt: data_encoding::BASE64.encode(&salt), memory_kib: 64 << 10, passes: 3, lanes: 4 }
    }

    fn derive(&self, passphrase: &Passphrase) -> Result<Zeroizing<[u8; 32]>, MasterError> {
        if self.memory_kib > MEMORY_KIB_MAX || self.passes > 64 || self.lanes > 64 {
            return Err(MasterError::Cost);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| MasterError::Cost)?;
        let salt = data_encoding::BASE64.decode(self.salt.as_bytes()).map_err(|_| MasterError::Cost)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.0.as_bytes(), &salt, key.as_mut())
            .map_err(|_| MasterError::Cost)?;
        Ok(key)
    }
}

/// A master key, wiped when dropped and neither printed nor serialised.
#[derive(Clone)]
pub(crate) struct MasterKey {
    version: u32,
    secret: Zeroizing<[u8; 32]>,
}

impl MasterSource {
    /// The key that a ring's header names.
    pub(crate) fn key(&self, master: &Master) -> Result<MasterKey, MasterError> {
        let secret = match (self, &master.passphrase) {
            (Self::Passphrase(passphrase), Some(cost)) => cost.derive(passphrase)?,
            (Self::Passphrase(_), None) => return Err(MasterError::NeedsFile),
            (Self::File(_) | Self::Credential(_) | Self::Read(_), Some(_)) => return Err(MasterError::NeedsPassphrase),
            (Self::File(path), None) => versioned(path, key_file::read(path, Guard::OwnMode)?, master.version)?,
            (Self::Credential(path), None) => versioned(path, key_file::read(path, Guard::Elsewhere)?, master.version)?,
            (Self::Read(MasterFile { path, text }), None) => {
                versioned(path, key_file::parse(path, text)?, master.version)?
            }
        };
        Ok(MasterKey { version: master.version, secret })
    }

    /// Brings a new key of this version into being: `seed` is the key or, for a passphrase, its salt. Keys that the file
    /// has already stay in it, so that a ring wrapped by one of them still opens. A credential cannot be written: its newest
    /// version is taken.
    pub(crate) fn renew(
        &self,
        version: u32,
        seed: &[u8; 32],
        now: Timestamp,
    ) -> Result<(Master, MasterKey), MasterError> {
        let mut master = Master { version, since: now, passphrase: None };
        match self {
            Self::File(path) => key_file::add(path, version, seed)?,
            Self::Credential(path) => {
                let versions = key_file::read(path, Guard::Elsewhere)?;
                master.version = versions.last_key_value().map_or(version, |(newest, _)| *newest);
            }
            Self::Read(_) => return Err(MasterError::Place),
            Self::Passphrase(_) => {
                let (salt, _) = seed.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
                master.passphrase = Some(Cost::usual(*salt));
            }
        }
        let key = self.key(&master)?;
        Ok((master, key))
    }

    /// Forgets every version but this one.
    pub(crate) fn keep_only(&self, version: u32) -> Result<(), MasterError> {
        match self {
            Self::File(path) => Ok(key_file::keep_only(path, version)?),
            Self::Credential(_) | Self::Read(_) | Self::Passphrase(_) => Ok(()),
        }
    }

    /// Whether a rotation was cut off and left versions behind that nothing needs.
    pub(crate) fn has_leftovers(&self) -> bool {
        match self {
            Self::File(path) => key_file::read(path, Guard::OwnMode).is_ok_and(|keys| keys.len() > 1),
            Self::Read(MasterFile { path, text }) => key_file::parse(path, text).is_ok_and(|keys| keys.len() > 1),
            Self::Credential(_) | Self::Passphrase(_) => false,
        }
    }

    /// What a person is told: `file`, `credential` or `passphrase`.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::File(_) | Self::Read(_) => "file",
            Self::Credential(_) => "credential",
            Self::Passphrase(_) => "passphrase",
        }
    }
}

fn versioned(path: &Path, mut keys: Versions, version: u32) -> Result<Zeroizing<[u8; 32]>, MasterError> {
    keys.remove(&version).ok_or_else(|| MasterError::VersionAbsent { path: path.to_owned(), version })
}

impl MasterKey {
    pub(crate) const fn version(&self) -> u32 {
        self.version
    }

    /// Wraps a data key for its place. The nonce is a keyed hash of place and key, so that it repeats only where both do
    /// (the synthetic nonce of RFC 5297, over XChaCha20-Poly1305).
    pub(crate) fn wrap(&self, place: &[u8; 32], secret: &[u8; 32]) -> Vec<u8> {
        let digest = mac(&self.derive(b"weighbridge wrap nonce"), &[place.as_slice(), secret].concat());
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&digest[..24]);
        let payload = Payload { msg: secret, aad: place };
        // Encryption fails only for texts of more than 256 GiB.
        let wrapped = self.cipher().encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        [&nonce[..], &wrapped].concat()
    }

    pub(crate) fn unwrap(&self, place: &[u8; 32], wrapped: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let (nonce, text) = wrapped.split_first_chunk::<24>()?;
        let payload = Payload { msg: text, aad: place };
        let secret = Zeroizing::new(self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?);
        Some(Zeroizing::new(secret.as_slice().try_into().ok()?))
    }

    /// Vouches for a whole ring.
    pub(crate) fn vouch(&self, text: &[u8]) -> [u8; 32] {
        mac(&self.derive(RING), text)
    }

    pub(crate) fn vouched(&self, text: &[u8], tag: &[u8]) -> bool {
        is_mac(&self.derive(RING), text, tag)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.derive(b"weighbridge wrap")).into())
    }

    fn derive(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(mac(&self.secret, purpose))
    }
}

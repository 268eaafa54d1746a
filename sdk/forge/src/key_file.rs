//! Files that hold a secret key: one line, `weighbridge-secret-ed25519:` and 64 hex digits, readable by their owner only.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER_PERMISSIVE;
use weighbridge_model::package::{PublicKey, signature};
use zeroize::Zeroizing;

const PREFIX: &str = "weighbridge-secret-ed25519:";

/// A key that signs. Its bytes are overwritten when it is dropped, and no log shows them.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("the key file `{path}`: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// Others may read it.
    #[error("the key file `{0}` may be read by others; do `chmod 600` on it, and make a new key if somebody did")]
    Readable(PathBuf),
    /// It holds something else.
    #[error("`{0}` is no key file: one line `weighbridge-secret-ed25519:` and 64 hex digits is expected")]
    Malformed(PathBuf),
    /// The system has no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
}

impl SecretKey {
    /// A new one, from the system's randomness.
    pub(crate) fn generate() -> Result<Self, KeyFileError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes).map_err(|error| KeyFileError::Randomness(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        signature::public_key(&self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.public().id())
    }
}

/// Reads a key file.
pub fn read_secret_key(path: &Path) -> Result<SecretKey, KeyFileError> {
    let at = |source| KeyFileError::File { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(at)?;
    if !is_private(&file).map_err(at)? {
        return Err(KeyFileError::Readable(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(at)?;
    let digits = text.trim().strip_prefix(PREFIX);
    let bytes = digits.and_then(|digits| HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()).map(Zeroizing::new);
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
    bytes.map(|bytes| SecretKey(Zeroizing::new(bytes))).ok_or_else(|| KeyFileError::Malformed(path.to_owned()))
}

/// Writes a new key file; one that is there is never touched.
pub(crate) fn write_secret_key(path: &Path, key: &SecretKey) -> Result<(), KeyFileError> {
    let at = |source| KeyFileError::File { path: path.to_owned(), source };
    let digits = Zeroizing::new(data_encoding::HEXLOWER.encode(key.as_bytes()));
    let mut file = create_private(path).map_err(at)?;
    writeln!(file, "{PREFIX}{}", *digits).map_err(at)?;
    file.sync_all().map_err(at)
}

#[cfg(unix)]
fn is_private(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(file.metadata()?.mode() & 0o077 == 0)
}

#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn is_private(_: &File) -> std::io::Result<bool> {
    Ok(true)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

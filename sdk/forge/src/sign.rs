//! Signing a component that has a manifest, or signing a package anew.

use std::path::PathBuf;

use weighbridge_model::package::{Digest, KeyId, Malformation, SignatureSection, signature, verify};

use crate::key_file::{KeyFileError, read_secret_key};

/// What to sign.
#[derive(Clone, Debug)]
pub struct SignArgs {
    /// A component with a manifest section, signed or not.
    pub package: PathBuf,
    /// The file of the secret key.
    pub key: PathBuf,
    /// Where the signed package goes; it may be the same file.
    pub out: PathBuf,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The file.
    pub package: PathBuf,
    /// Its SHA-256.
    pub digest: Digest,
    /// The key it is signed with.
    pub key_id: KeyId,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// It is no package.
    #[error("`{path}` is no connector package: {reason}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Malformation,
    },
    /// A file.
    #[error("`{path}`: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
}

/// Signs. A signature that is there is replaced, since a package has one.
pub fn sign(args: &SignArgs) -> Result<Signed, SignError> {
    let key = read_secret_key(&args.key)?;
    let mut content =
        std::fs::read(&args.package).map_err(|source| SignError::File { path: args.package.clone(), source })?;
    if let Some((unsigned, _)) = SignatureSection::split(&content) {
        content.truncate(unsigned.len());
    }
    verify::manifest_of(&content).map_err(|reason| SignError::Malformed { path: args.package.clone(), reason })?;
    let bytes = signature::sign(content, key.as_bytes());
    std::fs::write(&args.out, &bytes).map_err(|source| SignError::File { path: args.out.clone(), source })?;
    Ok(Signed { package: args.out.clone(), digest: Digest::of(&bytes), key_id: key.public().id() })
}

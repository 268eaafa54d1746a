//! Writing a rotation statement: the old key's word that another follows it.

use std::path::{Path, PathBuf};

use weighbridge_model::package::{PublicKey, Rotation};
use weighbridge_model::time::{Timestamp, Window};

use crate::key_file::{KeyFileError, read_secret_key};

/// What the statement says, and where it goes.
#[derive(Clone, Debug)]
pub struct RotateArgs {
    /// The file of the old secret key, which signs.
    pub key: PathBuf,
    /// The file of the new public key.
    pub to: PathBuf,
    /// Whose keys they are.
    pub publisher: String,
    /// When packages under the new key may be installed.
    pub window: Window,
    /// When this is said.
    pub issued_at: Timestamp,
    /// Where the statement goes; what is there is replaced.
    pub out: PathBuf,
}

/// Why no statement was written.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// The old key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The new key's file holds something else.
    #[error("`{0}` is no public key file: it is the one that ends in `.pub`")]
    NewKey(PathBuf),
    /// A file.
    #[error("`{path}`: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
}

/// Signs a statement and writes it.
pub fn rotate(args: &RotateArgs) -> Result<Rotation, RotateError> {
    let old = read_secret_key(&args.key)?;
    let rotation = Rotation {
        publisher: args.publisher.clone(),
        from: old.public().id(),
        to: read_public_key(&args.to)?,
        window: args.window,
        issued_at: args.issued_at,
    };
    let at = |source| RotateError::File { path: args.out.clone(), source };
    std::fs::write(&args.out, rotation.signed(old.as_bytes())).map_err(at)?;
    Ok(rotation)
}

fn read_public_key(path: &Path) -> Result<PublicKey, RotateError> {
    let text = std::fs::read_to_string(path).map_err(|source| RotateError::File { path: path.to_owned(), source })?;
    text.parse().map_err(|_| RotateError::NewKey(path.to_owned()))
}

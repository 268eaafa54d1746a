//! Making a key pair.

use std::path::PathBuf;

use weighbridge_model::package::{KeyId, PublicKey};

use crate::key_file::{KeyFileError, SecretKey, write_secret_key};

/// Where the keys go.
#[derive(Clone, Debug)]
pub struct KeygenArgs {
    /// The file of the secret key; the public one goes beside it, with `.pub` at the end.
    pub path: PathBuf,
}

/// A key pair that was made.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The secret one, which stays with the publisher.
    pub secret_path: PathBuf,
    /// The public one, which operators add with `weighbridge trust add`.
    pub public_path: PathBuf,
    /// The public key itself.
    pub public: PublicKey,
    /// What packages name it by.
    pub id: KeyId,
}

/// Makes a key pair. A file that is there is never overwritten.
pub fn keygen(args: &KeygenArgs) -> Result<Keys, KeyFileError> {
    let key = SecretKey::generate()?;
    write_secret_key(&args.path, &key)?;
    let public = key.public();
    let public_path = args.path.with_added_extension("pub");
    std::fs::write(&public_path, format!("{public}\n"))
        .map_err(|source| KeyFileError::File { path: public_path.clone(), source })?;
    Ok(Keys { secret_path: args.path.clone(), public_path, public, id: public.id() })
}

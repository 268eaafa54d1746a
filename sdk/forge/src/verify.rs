//! Verifying a package as a host would that trusts these publishers.

use std::path::{Path, PathBuf};

use weighbridge_model::package::{PackageRefusal, TrustStore, UnverifiedPackage, VerifiedPackage};
use weighbridge_model::time::Timestamp;

/// Why a package is not believed.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The file.
    #[error("`{path}` cannot be read: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// The package.
    #[error(transparent)]
    Refused(#[from] PackageRefusal),
}

/// Reads a package and verifies it for installing at this time.
pub fn verify(package: &Path, trust: &TrustStore, now: Timestamp) -> Result<VerifiedPackage, VerifyError> {
    let bytes = std::fs::read(package).map_err(|source| VerifyError::File { path: package.to_owned(), source })?;
    Ok(UnverifiedPackage::new(bytes).verify(trust, now)?)
}

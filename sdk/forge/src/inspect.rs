//! Looking at a package without believing it.

use std::path::{Path, PathBuf};

use weighbridge_model::package::{Digest, KeyId, Malformation, Manifest, SignatureSection, verify};

/// What a package says of itself. None of it was verified.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The SHA-256 of the file.
    pub digest: Digest,
    /// How many bytes it has.
    pub bytes: usize,
    /// The key it claims to be signed with; none when it is unsigned.
    pub key_id: Option<KeyId>,
    /// Its manifest, or why it has none.
    pub manifest: Result<Manifest, Malformation>,
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
#[error("`{path}` cannot be read: {source}")]
pub struct InspectError {
    /// The file.
    pub path: PathBuf,
    /// What happened.
    pub source: std::io::Error,
}

/// Reads a package from its end: the signature first, then the manifest.
pub fn inspect(package: &Path) -> Result<Inspection, InspectError> {
    let bytes = std::fs::read(package).map_err(|source| InspectError { path: package.to_owned(), source })?;
    let split = SignatureSection::split(&bytes);
    let content = split.map_or(bytes.as_slice(), |(content, _)| content);
    Ok(Inspection {
        digest: Digest::of(&bytes),
        bytes: bytes.len(),
        key_id: split.map(|(_, section)| section.key_id),
        manifest: verify::manifest_of(content),
    })
}

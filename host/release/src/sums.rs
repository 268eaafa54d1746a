//! `SHA256SUMS`, as `sha256sum --check` reads it.

use std::path::Path;

use weighbridge_model::package::Digest;

use crate::error::ReleaseError;
use crate::files::{self, Files};

/// What the list is called.
pub(crate) const SUMS: &str = "SHA256SUMS";
/// What its signature is called: 64 bytes of ed25519.
pub(crate) const SIGNATURE: &str = "SHA256SUMS.sig";

/// A line for each of these files.
pub(crate) fn of(files: &Files) -> String {
    files.iter().map(|(path, file)| format!("{}  {path}\n", Digest::of(&file.bytes))).collect()
}

/// Whether every file of a list is in a folder as it was.
pub(crate) fn check(folder: &Path, list: &str) -> Result<(), ReleaseError> {
    for line in list.lines() {
        let (digest, path) = line.split_once("  ").ok_or_else(|| strange(line))?;
        if path.starts_with('/') || path.split('/').any(|part| part == "..") {
            return Err(strange(line));
        }
        if Digest::of(&files::read(&folder.join(path))?).to_string() != digest {
            return Err(ReleaseError::NotGenuine(format!("{path} is not the file that was signed")));
        }
    }
    Ok(())
}

fn strange(line: &str) -> ReleaseError {
    ReleaseError::NotGenuine(format!("`{line}` is no line of a list of digests"))
}

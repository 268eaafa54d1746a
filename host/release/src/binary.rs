//! The binary of a target: optimised, without symbols.

use std::path::{Path, PathBuf};

use crate::cargo;
use crate::error::ReleaseError;

/// The crate that has it.
pub(crate) const CRATE: &str = "weighbridge-cli";
/// Its name.
pub(crate) const NAME: &str = "weighbridge";

/// Builds it and says where it is. The linker takes the symbols away, so that no tool of the target's is needed for it.
pub(crate) fn build(sources: &Path, target_directory: &Path, target: &str) -> Result<PathBuf, ReleaseError> {
    let words = ["rustc", "--release", "--locked", "--package", CRATE, "--bin", NAME, "--target", target];
    cargo::run("cargo", &[&words[..], &["--", "-C", "strip=symbols"]].concat(), sources)?;
    Ok(target_directory.join(target).join("release").join(NAME))
}

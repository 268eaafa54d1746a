//! The binary of a target: optimised, without symbols.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::cargo;
use crate::error::ReleaseError;

/// The crate that has it.
pub(crate) const CRATE: &str = "weighbridge-cli";
/// Its name.
pub(crate) const NAME: &str = "weighbridge";

/// Builds it and says where it is. The linker takes the symbols away, so that no tool of the target's is needed for it; and where this
/// machine keeps its sources is nobody's business.
pub(crate) fn build(sources: &Path, target_directory: &Path, target: &str) -> Result<PathBuf, ReleaseError> {
    let words = ["rustc", "--release", "--locked", "--package", CRATE, "--bin", NAME, "--target", target];
    let flags = flags(sources, target_directory)?;
    cargo::run("cargo", &[&words[..], &["--", "-C", "strip=symbols"]].concat(), sources, ("RUSTFLAGS", &flags))?;
    Ok(target_directory.join(target).join("release").join(NAME))
}

/// What is set already, and what to write in place of this machine's folders.
fn flags(sources: &Path, target_directory: &Path) -> Result<OsString, ReleaseError> {
    let mut flags = std::env::var_os("RUSTFLAGS").unwrap_or_default();
    let sources = sources.canonicalize().map_err(ReleaseError::at(sources))?;
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    // The last that fits holds, and the target folder may stand among the sources.
    let target = Some(target_directory.to_owned());
    for (folder, name) in [(Some(sources), "weighbridge"), (cargo, "cargo"), (target, "target")] {
        if let Some(folder) = folder {
            flags.push(" --remap-path-prefix=");
            flags.push(folder);
            flags.push(format!("={name}"));
        }
    }
    Ok(flags)
}

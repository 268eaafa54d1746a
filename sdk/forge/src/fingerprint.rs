//! Whether a package is still what its sources make of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use weighbridge_model::package::Digest;

use crate::cargo::PROFILE;

/// Kept beside a package: what went in, and what came out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fingerprint {
    /// Every file that was read: sources (the SDK's too), manifests, lock, description.
    pub(crate) inputs: BTreeSet<PathBuf>,
    /// Over the contents of the inputs, the toolchain, the key and the forge.
    pub(crate) hash: Digest,
    /// The package that came out.
    pub(crate) package: Digest,
}

/// What beside the inputs decides about the package.
pub(crate) struct Surroundings<'a> {
    /// The connector's folder: another clone's sources may lie unchanged beside ours.
    pub(crate) folder: &'a Path,
    pub(crate) toolchain: &'a str,
    pub(crate) key: &'a str,
}

impl Fingerprint {
    /// Where the fingerprint of a package is kept.
    pub(crate) fn path(package: &Path) -> PathBuf {
        package.with_added_extension("fingerprint")
    }

    /// Whether the package at this path came out of the same things.
    pub(crate) fn still_holds(package: &Path, surroundings: &Surroundings<'_>) -> bool {
        let Some(kept) = Self::read(package) else { return false };
        let Ok(bytes) = std::fs::read(package) else { return false };
        Digest::of(&bytes) == kept.package && hash(&kept.inputs, surroundings) == Some(kept.hash)
    }

    /// Remembers what a package came out of. A fingerprint that cannot be taken or kept only costs the next build time.
    pub(crate) fn keep(package: &Path, inputs: BTreeSet<PathBuf>, surroundings: &Surroundings<'_>) {
        let (Some(hash), Ok(bytes)) = (hash(&inputs, surroundings), std::fs::read(package)) else { return };
        let kept = Self { inputs, hash, package: Digest::of(&bytes) };
        if let Ok(text) = serde_json::to_vec_pretty(&kept) {
            drop(std::fs::write(Self::path(package), text));
        }
    }

    fn read(package: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(Self::path(package)).ok()?).ok()
    }
}

/// The sources of a compiled crate and of the crates beside it that it was built from, as the compiler noted them, with the
/// `Cargo.toml`s above each.
pub(crate) fn sources(module: &Path) -> BTreeSet<PathBuf> {
    let noted = std::fs::read_to_string(module.with_extension("d")).unwrap_or_default();
    let mut inputs = BTreeSet::new();
    for path in noted.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, list)| split_list(list)) {
        let above = path.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
        inputs.extend(above.filter(|manifest| manifest.exists()));
        inputs.insert(path);
    }
    inputs
}

/// Paths with a space between them; a space inside one is written `\ `.
fn split_list(list: &str) -> Vec<PathBuf> {
    let marked = list.replace("\\ ", "\0");
    marked.split_whitespace().map(|path| PathBuf::from(path.replace('\0', " "))).collect()
}

fn hash(inputs: &BTreeSet<PathBuf>, surroundings: &Surroundings<'_>) -> Option<Digest> {
    let mut hasher = Sha256::new();
    let profile = PROFILE.iter().flat_map(|(name, value)| [*name, *value]);
    for text in [env!("CARGO_PKG_VERSION"), surroundings.toolchain, surroundings.key].into_iter().chain(profile) {
        hasher.update(Sha256::digest(text));
    }
    hasher.update(Sha256::digest(surroundings.folder.canonicalize().ok()?.as_os_str().as_encoded_bytes()));
    for input in inputs {
        hasher.update(Sha256::digest(input.as_os_str().as_encoded_bytes()));
        hasher.update(Sha256::digest(std::fs::read(input).ok()?));
    }
    Some(Digest::from_bytes(hasher.finalize().into()))
}

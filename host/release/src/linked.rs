//! Which crates are linked into something, and which of them needs which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::cargo::{self, Metadata, Package};
use crate::error::ReleaseError;
use crate::files;

/// A crate's name and version, which nothing else has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CrateId {
    pub(crate) name: String,
    pub(crate) version: String,
}

/// What is known of a crate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) licence: Option<String>,
    pub(crate) repository: Option<String>,
    /// The SHA-256 of what was fetched; none where it is of this repository.
    pub(crate) checksum: Option<String>,
    pub(crate) folder: PathBuf,
}

/// The crates of one or several programs.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    /// Each with what it needs.
    pub(crate) needs: BTreeMap<CrateId, BTreeSet<CrateId>>,
    pub(crate) known: BTreeMap<CrateId, Known>,
}

impl Linked {
    /// Adds what a crate links for a target, and says which one it is.
    pub(crate) fn add(&mut self, sources: &Path, crate_name: &str, target: &str) -> Result<CrateId, ReleaseError> {
        let metadata = cargo::metadata(sources, target)?;
        let checksums = checksums(&metadata.workspace_root)?;
        let tree = cargo::tree(sources, crate_name, target)?;
        let roots = read(&tree, &mut self.needs);
        for id in self.needs.keys() {
            let package = metadata.packages.iter().find(|one| one.name == id.name && one.version == id.version);
            if let (Some(package), false) = (package, self.known.contains_key(id)) {
                self.known.insert(id.clone(), known(package, &checksums));
            }
        }
        let nothing = || ReleaseError::Program { program: format!("cargo tree --package {crate_name}"), said: tree };
        roots.into_iter().next().ok_or_else(nothing)
    }
}

fn known(package: &Package, checksums: &BTreeMap<CrateId, String>) -> Known {
    let id = CrateId { name: package.name.clone(), version: package.version.clone() };
    let folder = package.manifest_path.parent().unwrap_or(Path::new("")).to_owned();
    // Older manifests put a slash between two licences.
    let licence = package.license.as_ref();
    let licence = licence.map(|text| text.split('/').map(str::trim).collect::<Vec<_>>().join(" OR "));
    let checksum = package.source.as_ref().and_then(|_| checksums.get(&id).cloned());
    Known { licence, repository: package.repository.clone(), checksum, folder }
}

/// Reads what `cargo tree` says, and gives what stands at its top.
fn read(tree: &str, needs: &mut BTreeMap<CrateId, BTreeSet<CrateId>>) -> Vec<CrateId> {
    let (mut above, mut roots): (Vec<CrateId>, _) = (Vec::new(), Vec::new());
    for (depth, id) in tree.lines().filter_map(line) {
        above.truncate(depth);
        needs.entry(id.clone()).or_default();
        match above.last() {
            Some(by) => drop(needs.entry(by.clone()).or_default().insert(id.clone())),
            None => roots.push(id.clone()),
        }
        above.push(id);
    }
    roots
}

/// `2 bytes v1.12.1 (*)`
fn line(line: &str) -> Option<(usize, CrateId)> {
    let mut words = line.split_whitespace();
    let (depth, name, version) = (words.next()?.parse().ok()?, words.next()?, words.next()?);
    Some((depth, CrateId { name: name.to_owned(), version: version.strip_prefix('v')?.to_owned() }))
}

fn checksums(workspace: &Path) -> Result<BTreeMap<CrateId, String>, ReleaseError> {
    let path = workspace.join("Cargo.lock");
    let lock: toml::Table = files::read_text(&path)?
        .parse()
        .map_err(|error| ReleaseError::File { path, source: std::io::Error::other(error) })?;
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let text = |package: &toml::Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    let checksum = |one: &toml::Value| {
        let id = CrateId { name: text(one, "name")?, version: text(one, "version")? };
        Some((id, text(one, "checksum")?))
    };
    Ok(packages.filter_map(checksum).collect())
}

impl Metadata {
    /// The version of a crate of this repository.
    pub(crate) fn version_of(&self, name: &str) -> Option<&str> {
        let own = self.packages.iter().find(|one| one.name == name && one.source.is_none());
        own.map(|package| package.version.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> CrateId {
        CrateId { name: name.into(), version: "1.0.0".into() }
    }

    #[test]
    fn reads_who_needs_whom_from_the_depth_of_the_lines() {
        let tree = "0 it v1.0.0 (/somewhere)\n1 a v1.0.0\n2 b v1.0.0\n1 c v1.0.0\n2 a v1.0.0 (*)\n";
        let mut needs = BTreeMap::new();
        assert_eq!(read(tree, &mut needs), [id("it")]);
        let of = |name: &str| needs[&id(name)].iter().map(|one| one.name.as_str()).collect::<Vec<_>>();
        assert_eq!((of("it"), of("a"), of("b"), of("c")), (vec!["a", "c"], vec!["b"], vec![], vec!["a"]));
    }

    #[test]
    fn passes_over_lines_that_name_no_crate() {
        assert!(read("[build-dependencies]\n\nwarning: x\n", &mut BTreeMap::new()).is_empty());
    }
}

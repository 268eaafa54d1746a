//! Where the demo has its connector from: the sources that it is run from, or a release.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The connector, as it was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Supply {
    /// To be built.
    Sources(PathBuf),
    /// Built, and signed with the other half of this key.
    Signed { package: PathBuf, key: PathBuf },
}

impl Supply {
    /// What a folder has, or what came with this program.
    pub(super) fn find(named: Option<&Path>) -> anyhow::Result<Self> {
        let folder = match named {
            Some(folder) => Some(folder.to_owned()),
            None => usual().into_iter().find(|folder| folder.is_dir()),
        };
        let absent = "demo.no_connector: no connector came with this program; name a folder of signed connectors, or of \
                      a connector's sources, with --connector";
        let folder = folder.context(absent)?;
        let folder = folder.canonicalize().with_context(|| format!("demo.no_connector: {}", folder.display()))?;
        if folder.join("connector.toml").exists() {
            return Ok(Self::Sources(folder));
        }
        Ok(Self::Signed { package: package_in(&folder)?, key: folder.join("publisher.pub") })
    }
}

/// Beside the program as archives have them, where packages put them, and where `cargo run` says that the sources are.
fn usual() -> Vec<PathBuf> {
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.parent().unwrap_or(Path::new("")).to_owned();
    let sources = std::env::var_os("CARGO_MANIFEST_DIR").map(|folder| Path::new(&folder).join("../../plugins/rest"));
    [beside.join("connectors"), beside.join("../share/weighbridge/connectors")].into_iter().chain(sources).collect()
}

/// The package of the REST connector in a folder.
pub(super) fn package_in(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut files = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("weighbridge.rest-") && name.ends_with(".wbc")
    };
    files.find(is_it).with_context(|| format!("demo.no_package: {} has no weighbridge.rest-….wbc", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_signed_connectors_where_there_are_no_sources() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        for name in ["weighbridge.tryton-0.1.0.wbc", "weighbridge.rest-0.1.0.wbc", "publisher.pub"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let (package, key) = (folder.join("weighbridge.rest-0.1.0.wbc"), folder.join("publisher.pub"));
        assert_eq!(Supply::find(Some(&folder)).unwrap(), Supply::Signed { package, key });
        std::fs::write(folder.join("connector.toml"), "").unwrap();
        assert_eq!(Supply::find(Some(&folder)).unwrap(), Supply::Sources(folder));
    }

    #[test]
    fn says_what_is_missing_where_a_folder_has_neither() {
        let folder = tempfile::tempdir().unwrap();
        let error = |path: &Path| Supply::find(Some(path)).unwrap_err().to_string();
        assert!(error(folder.path()).contains("demo.no_package"));
        assert!(error(&folder.path().join("gone")).contains("demo.no_connector"));
    }
}

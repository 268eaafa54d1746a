//! The connectors of this repository, built and signed.

use std::path::{Path, PathBuf};

use weighbridge_forge::{BuildArgs, build, read_secret_key};
use weighbridge_model::package::Digest;

use crate::error::ReleaseError;
use crate::files;

/// A signed connector.
pub(crate) struct Connector {
    /// `weighbridge.rest`.
    pub(crate) name: String,
    pub(crate) version: String,
    /// `weighbridge.rest-0.1.0.wbc`.
    pub(crate) file: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
    /// The crate that was compiled for it; none where it uses another one's component.
    pub(crate) crate_name: Option<String>,
    /// The connector whose component it uses.
    pub(crate) component: Option<String>,
}

/// What publishers' connectors are signed with, and where they are made.
pub(crate) struct Workshop<'a> {
    pub(crate) key: &'a Path,
    pub(crate) out: &'a Path,
}

impl Workshop<'_> {
    /// Builds what `plugins` has, in the order of its folders.
    pub(crate) fn build_all(&self, sources: &Path) -> Result<Vec<Connector>, ReleaseError> {
        let plugins = sources.join("plugins");
        let entries = std::fs::read_dir(&plugins).map_err(ReleaseError::at(&plugins))?;
        let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        folders.sort();
        folders.iter().filter(|folder| folder.join("connector.toml").exists()).map(|one| self.build(one)).collect()
    }

    fn build(&self, folder: &Path) -> Result<Connector, ReleaseError> {
        let args = BuildArgs {
            folder: folder.to_owned(),
            out: self.out.to_owned(),
            key: Some(self.key.to_owned()),
            target: None,
            locked: false,
        };
        let built = build(&args, &mut |_| {})?;
        let file = built.package.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Connector {
            name: built.manifest.name.to_string(),
            version: built.manifest.version.to_string(),
            file,
            bytes: files::read(&built.package)?,
            digest: built.digest,
            crate_name: said(folder, "Cargo.toml", &["package", "name"])?,
            component: said(folder, "connector.toml", &["component"])?,
        })
    }

    /// The public key that operators trust.
    pub(crate) fn public_key(&self) -> Result<String, ReleaseError> {
        Ok(format!("{}\n", read_secret_key(self.key)?.public()))
    }
}

/// What a text of TOML in a folder says at a place; nothing where there is no such file.
fn said(folder: &Path, file: &str, place: &[&str]) -> Result<Option<String>, ReleaseError> {
    let path = folder.join(file);
    if !path.exists() {
        return Ok(None);
    }
    let table = files::read_text(&path)?.parse::<toml::Table>();
    let table = table.map_err(|error| ReleaseError::File { path, source: std::io::Error::other(error) })?;
    let table = toml::Value::Table(table);
    let found = place.iter().try_fold(&table, |value, name| value.get(name));
    Ok(found.and_then(toml::Value::as_str).map(str::to_owned))
}

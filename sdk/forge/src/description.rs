//! From `connector.toml` to the manifest.

use std::path::{Component as Step, Path, PathBuf};

use serde_json::{Value, json};
use weighbridge_model::package::{Manifest, ManifestError};

use crate::CONTRACT;
use crate::declared;

/// The file's name.
pub(crate) const DESCRIPTION: &str = "connector.toml";

/// A manifest and the files it was made of.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) manifest: Manifest,
    pub(crate) files: Vec<PathBuf>,
}

/// Why there is no manifest.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    /// A file cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what its name says.
    #[error("`{path}` is malformed: {reason}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A `$file` leads out of the connector's folder.
    #[error("`$file = \"{0}\"` leads out of the connector's folder")]
    Outside(String),
    /// `component` names no connector beside this one.
    #[error(
        "`component = \"{0}\"`: no package of this name is in the folder `component`, and no folder beside this one has a \
         connector.toml of this name that has code of its own"
    )]
    NoComponent(String),
    /// It has fixed settings and code, or neither.
    #[error("connector.toml: {0}")]
    Component(&'static str),
    /// A setting is none that the component knows.
    #[error("connector.toml: `{setting}` is no setting that `{component}` knows")]
    UnknownSetting {
        /// The setting.
        setting: String,
        /// The connector whose component is used.
        component: String,
    },
    /// What it says is no manifest.
    #[error("connector.toml: {0}")]
    Manifest(#[from] ManifestError),
}

/// Reads the description in a folder. `version` and `contract` may be left out: they are the crate's and the forge's. A
/// table `{ "$file" = "schemas/party.json" }` stands for what that file holds.
pub(crate) fn read(folder: &Path, crate_version: &str) -> Result<Description, DescriptionError> {
    let (mut document, mut files) = document(folder)?;
    let component = declared::of(folder, &mut document)?;
    if let Some(component) = &component {
        component.check(&document)?;
        files.extend(component.files.iter().cloned());
    } else if document.get("preset").is_some() {
        return Err(DescriptionError::Component("`preset` has no meaning without `component`"));
    }
    if let Value::Object(fields) = &mut document {
        fields.entry("version").or_insert_with(|| json!(crate_version));
        fields.entry("contract").or_insert_with(|| json!(CONTRACT));
    }
    let manifest = Manifest::parse(document.to_string().as_bytes())?;
    Ok(Description { manifest, files })
}

/// The description as it is written, with files in their places, and all files that were read.
pub(crate) fn document(folder: &Path) -> Result<(Value, Vec<PathBuf>), DescriptionError> {
    let path = folder.join(DESCRIPTION);
    let text = text_of(&path)?;
    let mut document: Value = toml::from_str(&text).map_err(|error| malformed(&path, &error))?;
    let mut files = vec![path];
    put_files(folder, &mut document, &mut files)?;
    Ok((document, files))
}

fn put_files(folder: &Path, value: &mut Value, files: &mut Vec<PathBuf>) -> Result<(), DescriptionError> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| put_files(folder, item, files)),
        Value::Object(fields) => {
            if let (1, Some(Value::String(name))) = (fields.len(), fields.get("$file")) {
                let path = inside(folder, name)?;
                *value = serde_json::from_str(&text_of(&path)?).map_err(|error| malformed(&path, &error))?;
                files.push(path);
                return Ok(());
            }
            fields.values_mut().try_for_each(|field| put_files(folder, field, files))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn inside(folder: &Path, name: &str) -> Result<PathBuf, DescriptionError> {
    let plain = Path::new(name).components().all(|part| matches!(part, Step::Normal(_)));
    if plain { Ok(folder.join(name)) } else { Err(DescriptionError::Outside(name.to_owned())) }
}

fn text_of(path: &Path) -> Result<String, DescriptionError> {
    std::fs::read_to_string(path).map_err(|source| DescriptionError::Unreadable { path: path.to_owned(), source })
}

fn malformed(path: &Path, error: &dyn std::fmt::Display) -> DescriptionError {
    DescriptionError::Malformed { path: path.to_owned(), reason: error.to_string() }
}

//! Connectors that are declared and not programmed: a description that names another connector's component.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::description::{DESCRIPTION, DescriptionError, document};

/// The connector whose component another one uses.
#[derive(Debug)]
pub(crate) struct Component {
    name: String,
    folder: PathBuf,
    /// The settings that it knows; none where it takes any.
    settings: Option<Vec<String>>,
    pub(crate) files: Vec<PathBuf>,
}

/// The folder whose crate is compiled for the connector in a folder: its own, or that of the component it names.
pub(crate) fn sources(folder: &Path) -> Result<PathBuf, DescriptionError> {
    if !folder.join(DESCRIPTION).exists() {
        return Ok(folder.to_owned());
    }
    let (mut document, _) = document(folder)?;
    Ok(of(folder, &mut document)?.map_or_else(|| folder.to_owned(), |component| component.folder))
}

/// Takes `component` out of a description, and finds what it names among the folders beside.
pub(crate) fn of(folder: &Path, described: &mut Value) -> Result<Option<Component>, DescriptionError> {
    let Some(named) = described.as_object_mut().and_then(|fields| fields.remove("component")) else { return Ok(None) };
    let Value::String(name) = named else {
        return Err(DescriptionError::Component(
            "`component` is the name of a connector, such as \"weighbridge.rest\"",
        ));
    };
    if folder.join("src").exists() {
        return Err(DescriptionError::Component(
            "`component` has no meaning beside code of its own; remove one of them",
        ));
    }
    beside(folder, &name).map(Some).ok_or(DescriptionError::NoComponent(name))
}

fn beside(folder: &Path, name: &str) -> Option<Component> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder.canonicalize().ok()?.parent()?)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.sort();
    folders.into_iter().filter(|one| one.join("src").exists()).find_map(|folder| {
        let (described, files) = document(&folder).ok()?;
        (described["name"] == name).then(|| Component {
            name: name.to_owned(),
            settings: settings(&described["configuration"]),
            folder,
            files,
        })
    })
}

/// The names of a closed schema's properties.
fn settings(schema: &Value) -> Option<Vec<String>> {
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    closed.then(|| schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect())
}

impl Component {
    /// Whether the component knows every setting that it will be given.
    pub(crate) fn check(&self, described: &Value) -> Result<(), DescriptionError> {
        let Some(known) = &self.settings else { return Ok(()) };
        let named = [&described["preset"], &described["hosts"], &described["auth"]].map(Value::to_string).concat();
        let own = described["configuration"]["properties"].as_object().into_iter().flatten();
        // A setting that is named in braces is used up there.
        let own = own.map(|(name, _)| name).filter(|name| !named.contains(&format!("{{{name}}}")));
        let fixed = described["preset"].as_object().into_iter().flatten().map(|(name, _)| name);
        match fixed.chain(own).find(|name| !known.contains(name)) {
            Some(stranger) => {
                Err(DescriptionError::UnknownSetting { setting: stranger.clone(), component: self.name.clone() })
            }
            None => Ok(()),
        }
    }
}

//! Connectors that are declared and not programmed: a description that names another connector's component.

use std::path::{Path, PathBuf};

use serde_json::Value;
use weighbridge_model::package::SignatureSection;
use weighbridge_model::package::section;

use crate::description::{DESCRIPTION, DescriptionError, document};
use crate::inspect::inspect;

/// The folder of a declared connector in which the package lies whose component it uses.
pub(crate) const COMPONENTS: &str = "component";

/// Where the code of a connector is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// In sources that are compiled: its own, or those of a folder beside it.
    Sources(PathBuf),
    /// In a package that lies in its folder.
    Package(PathBuf),
}

/// The connector whose component another one uses.
#[derive(Debug)]
pub(crate) struct Component {
    name: String,
    code: Code,
    /// The settings that it knows; none where it takes any.
    settings: Option<Vec<String>>,
    pub(crate) files: Vec<PathBuf>,
}

/// The code of the connector in a folder: its own, or that of the component it names.
pub(crate) fn code(folder: &Path) -> Result<Code, DescriptionError> {
    let own = || Code::Sources(folder.to_owned());
    if !folder.join(DESCRIPTION).exists() {
        return Ok(own());
    }
    let (mut document, _) = document(folder)?;
    Ok(of(folder, &mut document)?.map_or_else(own, |component| component.code))
}

/// Takes `component` out of a description, and finds what it names among the folders beside, or as a package in its own.
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
    let found = packaged(folder, &name).or_else(|| beside(folder, &name));
    found.map(Some).ok_or(DescriptionError::NoComponent(name))
}

fn packaged(folder: &Path, name: &str) -> Option<Component> {
    entries(&folder.join(COMPONENTS))?.into_iter().find_map(|path| {
        let manifest = inspect(&path).ok()?.manifest.ok().filter(|manifest| manifest.name.as_str() == name)?;
        let (name, settings) = (name.to_owned(), settings(&manifest.configuration));
        Some(Component { name, settings, files: vec![path.clone()], code: Code::Package(path) })
    })
}

fn beside(folder: &Path, name: &str) -> Option<Component> {
    let folders = entries(folder.canonicalize().ok()?.parent()?)?;
    folders.into_iter().filter(|one| one.join("src").exists()).find_map(|folder| {
        let (described, files) = document(&folder).ok()?;
        (described["name"] == name).then(|| Component {
            name: name.to_owned(),
            settings: settings(&described["configuration"]),
            code: Code::Sources(folder),
            files,
        })
    })
}

fn entries(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    Some(found)
}

/// The component of a package, without the manifest and the signature at its end.
pub(crate) fn component_of(package: &[u8]) -> Option<&[u8]> {
    let content = SignatureSection::split(package).map_or(package, |(content, _)| content);
    let mut end = Vec::new();
    section::append_manifest(&mut end, section::manifest(content).ok()?);
    content.strip_suffix(end.as_slice())
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

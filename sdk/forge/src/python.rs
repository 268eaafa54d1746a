//! Connectors in Python: the modules that are imported while it is built, with an interpreter of their own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use weighbridge_model::package::Digest;

use crate::build::BuildError;
use crate::component;
use crate::language::{Compiled, LanguageError};
use crate::progress::{Progress, Step};
use crate::test::Said;
use crate::tool;

pub(crate) const PROJECT: &str = "pyproject.toml";
const REQUIREMENTS: &str = "requirements.txt";

/// The entry: the class that an author writes, as the contract has it.
const ENTRY: &str = "from @MODULE@ import @CLASS@ as Connector\nfrom weighbridge_sdk.guest import exported\n\n\
    Platform, Source, Destination = exported(Connector)\n";

/// A connector's project.
pub(crate) struct Python {
    pub(crate) version: String,
    module: String,
    class: String,
    /// Where modules are looked for.
    path: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Document {
    project: Described,
    tool: Tools,
}

#[derive(Deserialize)]
struct Described {
    version: String,
}

#[derive(Deserialize)]
struct Tools {
    weighbridge: Declared,
}

#[derive(Deserialize)]
struct Declared {
    connector: String,
    path: Vec<PathBuf>,
}

pub(crate) fn look_at(folder: &Path) -> Result<Python, LanguageError> {
    let file = folder.join(PROJECT);
    let needs = "it needs `project.version`, and `[tool.weighbridge]` with `connector = \"module:Class\"` and `path = [\"src\"]`";
    let unusable = |reason: String| LanguageError::Project { file: file.clone(), reason: format!("{reason}; {needs}") };
    let text = String::from_utf8(tool::read(&file)?).map_err(|error| unusable(error.to_string()))?;
    let Document { project, tool: Tools { weighbridge } } =
        toml::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|one| one.is_alphanumeric() || matches!(one, '_' | '.'));
    let named = weighbridge.connector.split_once(':').filter(|(module, class)| is_name(module) && is_name(class));
    let (module, class) = named.ok_or_else(|| unusable("`connector` names no class".into()))?;
    Ok(Python { version: project.version, module: module.into(), class: class.into(), path: weighbridge.path })
}

/// The interpreter that the tools run on.
pub(crate) fn runtime() -> Result<String, LanguageError> {
    tool::version("python3")
}

impl Python {
    pub(crate) fn compile(&self, folder: &Path, progress: Progress<'_>) -> Result<Compiled, BuildError> {
        install(folder, progress)?;
        progress(Step::Compiling(self.module.clone()));
        let entry = ENTRY.replace("@MODULE@", &self.module).replace("@CLASS@", &self.class);
        let place = tool::workplace(folder, ("entry/weighbridge_entry.py", &entry))?;
        let venv = folder.join(".venv");
        let mut command = Command::new(absolute(&venv.join("bin/componentize-py"))?);
        command.args(["-d", "dist/wit", "-w", "connector", "componentize", "--stub-wasi", "-p", "dist/entry"]);
        self.path.iter().for_each(|one| _ = command.arg("-p").arg(one));
        command.args(["weighbridge_entry", "-o", "dist/component.wasm"]);
        // What is written beside the sources while they are read would not be theirs.
        command.current_dir(folder).env("VIRTUAL_ENV", absolute(&venv)?).env("PYTHONDONTWRITEBYTECODE", "1");
        let done = tool::run("componentize-py", &mut command)?;
        done.map_err(|said| LanguageError::DoesNotBuild { tool: "componentize-py", said: without_frames(&said) })?;
        let component = tool::read(&place.join("component.wasm"))?;
        component::check(&component).map_err(BuildError::NoConnector)?;
        let mut inputs = BTreeSet::from([PROJECT, REQUIREMENTS].map(|name| folder.join(name)));
        self.path.iter().for_each(|one| modules(&folder.join(one), &mut inputs));
        Ok(Compiled { component, inputs })
    }

    /// The author's cases, by Python's own runner.
    pub(crate) fn test(&self, folder: &Path) -> Result<Said, LanguageError> {
        let path = std::env::join_paths(&self.path).map_err(|error| LanguageError::Project {
            file: folder.join(PROJECT),
            reason: format!("`path`: {error}"),
        })?;
        let mut command = Command::new(absolute(&folder.join(".venv/bin/python"))?);
        command.args(["-m", "unittest", "discover", "-v", "-s", "tests", "-t", "."]);
        command.current_dir(folder).env("PYTHONPATH", path).env("PYTHONDONTWRITEBYTECODE", "1");
        let absent = |source| LanguageError::Absent { program: "python3", source };
        Said::by(&mut command, |said| Box::new(cases(said))).map_err(absent)
    }
}

/// Makes the project's own environment of what the requirements say, by their digests.
pub(crate) fn install(folder: &Path, progress: Progress<'_>) -> Result<(), LanguageError> {
    let wanted = Digest::of(&tool::read(&folder.join(REQUIREMENTS))?).to_string();
    let note = folder.join(".venv/weighbridge.sha256");
    if std::fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    progress(Step::Installing("pip install"));
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", ".venv"]).current_dir(folder);
    let failed = |said| LanguageError::NotInstalled { command: "python3 -m venv", said };
    tool::run("python3", &mut venv)?.map_err(failed)?;
    let mut pip = Command::new(absolute(&folder.join(".venv/bin/python"))?);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r"]);
    pip.arg(REQUIREMENTS).current_dir(folder);
    let failed = |said| LanguageError::NotInstalled { command: "pip install", said };
    tool::run("python3", &mut pip)?.map_err(failed)?;
    std::fs::write(&note, wanted).map_err(|error| LanguageError::Project { file: note, reason: error.to_string() })
}

/// A program that is named by a path is looked for from where it is started.
fn absolute(path: &Path) -> Result<PathBuf, LanguageError> {
    std::path::absolute(path).map_err(|source| LanguageError::Absent { program: "python3", source })
}

/// What it says of the connector, without what it says of itself.
fn without_frames(said: &str) -> String {
    let is_frame = |line: &str| {
        let line = line.trim_start();
        line.starts_with("at ") || line.split_once(": ").is_some_and(|(number, _)| number.parse::<u32>().is_ok())
    };
    said.lines().filter(|line| !is_frame(line)).collect::<Vec<_>>().join("\n")
}

fn modules(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            modules(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "py") {
            found.insert(path);
        }
    }
}

/// Each case, and whether it passed.
fn cases(said: &str) -> impl Iterator<Item = (bool, &str)> {
    said.lines().filter_map(|line| {
        let (name, came) = line.rsplit_once(" ... ")?;
        Some((matches!(came, "ok" | "expected failure") || came.starts_with("skipped"), name))
    })
}

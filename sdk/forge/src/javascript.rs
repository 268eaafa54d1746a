//! Connectors in JavaScript and TypeScript: bundled into one module, which an engine of their own brings along.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::build::BuildError;
use crate::component;
use crate::language::{Compiled, LanguageError};
use crate::progress::{Progress, Step};
use crate::test::Said;
use crate::tool;

pub(crate) const PROJECT: &str = "package.json";

/// The entry: what an author exports, as the contract has it.
const ENTRY: &str = "import Connector from \"@CONNECTOR@\";\nimport { exported } from \"weighbridge-sdk/guest\";\n\
    export const { platform, source, destination } = exported(Connector);\n";

/// A connector's project.
pub(crate) struct JavaScript {
    pub(crate) version: String,
    /// The module whose default export is the connector.
    connector: String,
}

#[derive(Deserialize)]
struct Package {
    version: String,
    weighbridge: Declared,
}

#[derive(Deserialize)]
struct Declared {
    connector: String,
}

#[derive(Deserialize)]
struct Bundled {
    inputs: std::collections::BTreeMap<PathBuf, serde::de::IgnoredAny>,
}

pub(crate) fn look_at(folder: &Path) -> Result<JavaScript, LanguageError> {
    let file = folder.join(PROJECT);
    let read: Result<Package, _> = serde_json::from_slice(&tool::read(&file)?);
    let package = read.map_err(|error| LanguageError::Project {
        file,
        reason: format!(
            "{error}; it needs `version`, and the connector's module as `\"weighbridge\": {{\"connector\": \"src/connector.js\"}}`"
        ),
    })?;
    Ok(JavaScript { version: package.version, connector: package.weighbridge.connector })
}

/// The engine that the tools run on.
pub(crate) fn runtime() -> Result<String, LanguageError> {
    Ok(format!("node {}", tool::version("node")?))
}

impl JavaScript {
    pub(crate) fn compile(&self, folder: &Path, locked: bool, progress: Progress<'_>) -> Result<Compiled, BuildError> {
        install(folder, locked, progress)?;
        progress(Step::Compiling(self.connector.clone()));
        let entry = ENTRY.replace("@CONNECTOR@", &format!("../{}", self.connector));
        let place = tool::workplace(folder, ("entry.js", &entry))?;
        bundle(folder)?;
        let mut command = Command::new("node");
        command.args(["node_modules/componentize-qjs/cli.mjs", "--sync", "--stub-wasi", "--wit", "dist/wit"]);
        command.args(["--world", "connector", "--js", "dist/connector.js", "--output", "dist/component.wasm"]);
        done("node", "componentize-qjs", command.current_dir(folder))?;
        let component = tool::read(&place.join("component.wasm"))?;
        component::check(&component).map_err(BuildError::NoConnector)?;
        let bundled: Bundled = serde_json::from_slice(&tool::read(&place.join("bundle.json"))?)
            .map_err(|error| LanguageError::Project { file: place.join("bundle.json"), reason: error.to_string() })?;
        let mut inputs =
            bundled.inputs.into_keys().map(|one| folder.join(one)).collect::<std::collections::BTreeSet<_>>();
        inputs.extend([PROJECT, "package-lock.json"].map(|name| folder.join(name)));
        Ok(Compiled { component, inputs })
    }
}

/// One module of all, without types; only the contract's own modules stay outside.
fn bundle(folder: &Path) -> Result<(), LanguageError> {
    let mut command = Command::new("node");
    command.args(["node_modules/esbuild/bin/esbuild", "dist/entry.js", "--bundle", "--format=esm", "--target=es2022"]);
    command.args([
        "--platform=neutral",
        "--main-fields=module,main",
        "--external:weighbridge:*",
        "--log-level=warning",
    ]);
    command.args(["--metafile=dist/bundle.json", "--outfile=dist/connector.js"]);
    done("node", "esbuild", command.current_dir(folder))
}

/// Installs what the lock file says where that is not what is there. No package's own commands are run.
pub(crate) fn install(folder: &Path, locked: bool, progress: Progress<'_>) -> Result<(), LanguageError> {
    let changed = |name: &str| folder.join(name).metadata().and_then(|file| file.modified()).ok();
    let lock = changed("package-lock.json");
    if let Some(installed) = changed("node_modules/.package-lock.json")
        && lock.is_some_and(|lock| installed >= lock)
    {
        return Ok(());
    }
    if lock.is_none() && locked {
        let reason = "there is no such file, and nothing is built without it; make it by `npm install`".to_owned();
        return Err(LanguageError::Project { file: folder.join("package-lock.json"), reason });
    }
    let verb = if lock.is_some() { "ci" } else { "install" };
    let shown = if lock.is_some() { "npm ci" } else { "npm install" };
    progress(Step::Installing(shown));
    let mut command = Command::new("npm");
    command.args([verb, "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    tool::run("npm", &mut command)?.map_err(|said| LanguageError::NotInstalled { command: shown, said })?;
    Ok(())
}

fn done(program: &'static str, tool: &'static str, command: &mut Command) -> Result<(), LanguageError> {
    tool::run(program, command)?.map_err(|said| LanguageError::DoesNotBuild { tool, said })?;
    Ok(())
}

/// The author's cases, by Node's own runner.
pub(crate) fn test(folder: &Path) -> Result<Said, LanguageError> {
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=tap", "tests/"]).current_dir(folder).env_remove("NODE_TEST_CONTEXT");
    Said::by(&mut command, |said| Box::new(cases(said)))
        .map_err(|source| LanguageError::Absent { program: "node", source })
}

/// Each case, and whether it passed.
fn cases(said: &str) -> impl Iterator<Item = (bool, &str)> {
    said.lines().filter_map(|line| {
        let line = line.trim_start();
        let (passed, rest) = match line.strip_prefix("not ok ") {
            Some(rest) => (false, rest),
            None => (true, line.strip_prefix("ok ")?),
        };
        let (_, name) = rest.split_once(" - ")?;
        // What is reported of a file stands for the cases in it.
        (!Path::new(name).extension().is_some_and(|ending| ending == "js" || ending == "ts")).then_some((passed, name))
    })
}

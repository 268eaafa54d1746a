//! In which language a connector is written, and what turns it into a component.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cargo::{self, Crate};
use crate::javascript::{self, JavaScript};
use crate::progress::Progress;
use crate::python::{self, Python};
use crate::toolchain::{self, Toolchain};
use crate::{build::BuildError, component, fingerprint};

/// A connector's sources, by their language.
pub(crate) enum Sources {
    Rust(Box<Crate>),
    JavaScript(JavaScript),
    Python(Python),
}

/// What compiles them.
pub(crate) enum Compiler {
    Rust(Toolchain),
    /// A runtime of this version.
    Runtime(String),
}

/// A component without its manifest, and the files that it was made of.
pub(crate) struct Compiled {
    pub(crate) component: Vec<u8>,
    pub(crate) inputs: BTreeSet<PathBuf>,
}

/// Why a connector in a language with a runtime was not built.
#[derive(Debug, thiserror::Error)]
pub enum LanguageError {
    /// What runs the language's own tools is missing.
    #[error("`{program}` cannot be started: {source}")]
    Absent {
        /// The program.
        program: &'static str,
        /// What happened.
        source: std::io::Error,
    },
    /// The folder does not say what is to be built.
    #[error("`{file}`: {reason}")]
    Project {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// What it depends on was not installed.
    #[error("`{command}` did not install what the connector needs; it says:\n{said}")]
    NotInstalled {
        /// The command.
        command: &'static str,
        /// Its first lines.
        said: String,
    },
    /// It makes no component.
    #[error("the connector does not build; `{tool}` says:\n{said}")]
    DoesNotBuild {
        /// The tool.
        tool: &'static str,
        /// Its first lines.
        said: String,
    },
}

impl LanguageError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "build.no_runtime",
            Self::Project { .. } => "build.no_project",
            Self::NotInstalled { .. } => "build.not_installed",
            Self::DoesNotBuild { .. } => "build.does_not_compile",
        }
    }

    /// What to do about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::Absent { .. } => {
                "Install Node.js 20 or newer with npm for JavaScript, Python 3.11 or newer with venv for Python; then build again."
            }
            Self::Project { .. } => "Mend the file that is named, or begin anew with `weighbridge connector new`.",
            Self::NotInstalled { .. } => {
                "See that the registry can be reached and that the lock file fits what it locks; then build again."
            }
            Self::DoesNotBuild { .. } => "Mend what the tool names, then build again.",
        }
    }
}

/// The sources in a folder: `package.json` is JavaScript's, `pyproject.toml` Python's, all else is a crate.
pub(crate) fn look_at(folder: &Path, target: Option<&PathBuf>) -> Result<Sources, BuildError> {
    if folder.join(javascript::PROJECT).exists() {
        return Ok(Sources::JavaScript(javascript::look_at(folder)?));
    }
    if folder.join(python::PROJECT).exists() {
        return Ok(Sources::Python(python::look_at(folder)?));
    }
    let mut found = cargo::look_at(folder)?;
    if let Some(target) = target {
        found.target.clone_from(target);
    }
    Ok(Sources::Rust(Box::new(found)))
}

impl Sources {
    pub(crate) fn version(&self) -> &str {
        match self {
            Self::Rust(found) => &found.version,
            Self::JavaScript(found) => &found.version,
            Self::Python(found) => &found.version,
        }
    }

    pub(crate) fn compiler(&self, folder: &Path, progress: Progress<'_>) -> Result<Compiler, BuildError> {
        Ok(match self {
            Self::Rust(_) => Compiler::Rust(toolchain::find(folder, progress)?),
            Self::JavaScript(_) => Compiler::Runtime(javascript::runtime()?),
            Self::Python(_) => Compiler::Runtime(python::runtime()?),
        })
    }

    pub(crate) fn compile(
        &self,
        folder: &Path,
        compiler: &Compiler,
        locked: bool,
        progress: Progress<'_>,
    ) -> Result<Compiled, BuildError> {
        match (self, compiler) {
            (Self::Rust(found), Compiler::Rust(toolchain)) => {
                let module = cargo::compile(folder, found, toolchain, locked, progress)?;
                let at = |source| BuildError::File { path: module.clone(), source };
                let component = component::encode(&std::fs::read(&module).map_err(at)?);
                let mut inputs = fingerprint::sources(&module);
                inputs.insert(found.workspace.join("Cargo.lock"));
                Ok(Compiled { component: component.map_err(BuildError::NoConnector)?, inputs })
            }
            (Self::Python(found), _) => found.compile(folder, progress),
            (Self::JavaScript(found), _) => found.compile(folder, locked, progress),
            // A crate's compiler is a crate's; `compiler` gives no other one.
            (Self::Rust(_), Compiler::Runtime(_)) => Err(BuildError::NoConnector("there is no compiler".into())),
        }
    }
}

impl Compiler {
    /// What decides about the package beside the sources.
    pub(crate) fn version(&self) -> &str {
        match self {
            Self::Rust(toolchain) => &toolchain.version,
            Self::Runtime(version) => version,
        }
    }
}

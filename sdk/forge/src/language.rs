//! In which language a connector is written, and what turns it into a component.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use weighbridge_model::package::{Digest, SignatureSection, verify};

use crate::cargo::{self, Crate};
use crate::declared::{self, Code};
use crate::javascript::{self, JavaScript};
use crate::progress::Progress;
use crate::python::{self, Python};
use crate::toolchain::{self, Toolchain};
use crate::{build::BuildError, component, fingerprint};

/// A connector's sources, and the folder they are in.
pub(crate) struct Found {
    folder: PathBuf,
    sources: Sources,
}

/// Sources, by their language.
enum Sources {
    Rust(Box<Crate>),
    JavaScript(JavaScript),
    Python(Python),
    /// None: somebody else compiled them.
    Package(Packaged),
}

/// The component of another connector's package.
struct Packaged {
    version: String,
    digest: Digest,
    component: Vec<u8>,
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

/// What the code of a connector is.
pub(crate) fn look_at(code: &Code, target: Option<&PathBuf>) -> Result<Found, BuildError> {
    let (folder, sources) = match code {
        Code::Package(package) => (package, Sources::Package(unpacked(package)?)),
        Code::Sources(folder) => (folder, sources(folder, target)?),
    };
    Ok(Found { folder: folder.clone(), sources })
}

/// The sources in a folder: `package.json` is JavaScript's, `pyproject.toml` Python's, all else is a crate.
fn sources(folder: &Path, target: Option<&PathBuf>) -> Result<Sources, BuildError> {
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

fn unpacked(package: &Path) -> Result<Packaged, BuildError> {
    let at = |source| BuildError::File { path: package.to_owned(), source };
    let bytes = std::fs::read(package).map_err(at)?;
    let none = || BuildError::NoConnector(format!("`{}` is no package of one", package.display()));
    let component = declared::component_of(&bytes).ok_or_else(none)?.to_vec();
    let content = SignatureSection::split(&bytes).map_or(bytes.as_slice(), |(content, _)| content);
    let manifest = verify::manifest_of(content).map_err(|error| BuildError::NoConnector(error.to_string()))?;
    Ok(Packaged { version: manifest.version.to_string(), digest: Digest::of(&bytes), component })
}

impl Found {
    pub(crate) fn version(&self) -> &str {
        match &self.sources {
            Sources::Rust(found) => &found.version,
            Sources::JavaScript(found) => &found.version,
            Sources::Python(found) => &found.version,
            Sources::Package(found) => &found.version,
        }
    }

    pub(crate) fn compiler(&self, progress: Progress<'_>) -> Result<Compiler, BuildError> {
        Ok(match &self.sources {
            Sources::Rust(_) => Compiler::Rust(toolchain::find(&self.folder, progress)?),
            Sources::JavaScript(_) => Compiler::Runtime(javascript::runtime()?),
            Sources::Python(_) => Compiler::Runtime(python::runtime()?),
            Sources::Package(found) => Compiler::Runtime(found.digest.to_string()),
        })
    }

    pub(crate) fn compile(
        &self,
        compiler: &Compiler,
        locked: bool,
        progress: Progress<'_>,
    ) -> Result<Compiled, BuildError> {
        let folder = &self.folder;
        match (&self.sources, compiler) {
            (Sources::Rust(found), Compiler::Rust(toolchain)) => {
                let module = cargo::compile(folder, found, toolchain, locked, progress)?;
                let at = |source| BuildError::File { path: module.clone(), source };
                let component = component::encode(&std::fs::read(&module).map_err(at)?);
                let mut inputs = fingerprint::sources(&module);
                inputs.insert(found.workspace.join("Cargo.lock"));
                Ok(Compiled { component: component.map_err(BuildError::NoConnector)?, inputs })
            }
            (Sources::Python(found), _) => found.compile(folder, progress),
            (Sources::JavaScript(found), _) => found.compile(folder, locked, progress),
            (Sources::Package(found), _) => {
                let inputs = BTreeSet::from([folder.clone()]);
                Ok(Compiled { component: found.component.clone(), inputs })
            }
            // A crate's compiler is a crate's; `compiler` gives no other one.
            (Sources::Rust(_), Compiler::Runtime(_)) => Err(BuildError::NoConnector("there is no compiler".into())),
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

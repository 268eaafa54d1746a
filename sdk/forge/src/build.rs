//! Building a connector: compile, make a component, put the manifest in, sign.

use std::path::{Path, PathBuf};

use weighbridge_model::package::{Digest, KeyId, Manifest, signature};

use crate::cargo::CargoError;
use crate::component;
use crate::declared;
use crate::description::{self, DescriptionError};
use crate::fingerprint::{Fingerprint, Surroundings};
use crate::key_file::{KeyFileError, SecretKey, read_secret_key};
use crate::language::{self, LanguageError};
use crate::progress::{Progress, Step};
use crate::toolchain::ToolchainError;

/// What to build.
#[derive(Clone, Debug)]
pub struct BuildArgs {
    /// The connector's crate, with its `connector.toml`; or that alone, where it uses another one's component.
    pub folder: PathBuf,
    /// Where the package goes.
    pub out: PathBuf,
    /// The file of the secret key to sign with; without one the package is unsigned and cannot be installed.
    pub key: Option<PathBuf>,
    /// Where to compile; without one, in `guests` of cargo's own target folder, which the connectors of a workspace share.
    pub target: Option<PathBuf>,
    /// Whether what Cargo.lock says is taken, or nothing: without a lock, or with an old one, nothing is built.
    pub locked: bool,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Built {
    /// `OUT/NAME-VERSION.wbc`.
    pub package: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// The SHA-256 of the file.
    pub digest: Digest,
    /// The key it is signed with.
    pub key_id: Option<KeyId>,
    /// How many bytes it has.
    pub bytes: usize,
    /// Whether nothing had changed, so that nothing was done.
    pub unchanged: bool,
}

/// Why nothing was built. Whatever package was there is still there.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// No compiler.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// Cargo or the compiler.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// The tools of a language with a runtime.
    #[error(transparent)]
    Language(#[from] LanguageError),
    /// `connector.toml`.
    #[error(transparent)]
    Description(#[from] DescriptionError),
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The compiled module is no connector.
    #[error("the compiled module is no connector: {0}")]
    NoConnector(String),
    /// A file.
    #[error("`{path}`: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
}

impl BuildError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Toolchain(_) => "build.no_toolchain",
            Self::Cargo(CargoError::DoesNotCompile { .. }) => "build.does_not_compile",
            Self::Cargo(_) => "build.no_crate",
            Self::Language(error) => error.code(),
            Self::Description(_) => "build.description_malformed",
            Self::Key(_) => "build.key_unusable",
            Self::NoConnector(_) => "build.no_connector",
            Self::File { .. } => "build.file",
        }
    }

    /// What to do about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::Toolchain(_) => "Install what is listed, then build again.",
            Self::Cargo(CargoError::DoesNotCompile { .. }) => "Mend what the compiler names, then build again.",
            Self::Cargo(_) => "Name the folder that has the connector's Cargo.toml, package.json or pyproject.toml.",
            Self::Language(error) => error.next_step(),
            Self::Description(_) => "Mend the place that is named, then build again.",
            Self::Key(_) => "Make a key with `weighbridge connector keygen`, or name another file.",
            Self::NoConnector(_) => {
                "A connector calls `weighbridge_sdk::export_connector!` and imports nothing but the contract; a crate that \
                 needs an operating system or a browser cannot be part of it."
            }
            Self::File { .. } => "See that the folder exists and may be written.",
        }
    }
}

/// Builds a connector, unless the package that is there came out of the same sources, toolchain and key.
pub fn build(args: &BuildArgs, progress: Progress<'_>) -> Result<Built, BuildError> {
    let found = language::look_at(&declared::code(&args.folder)?, args.target.as_ref())?;
    let description = description::read(&args.folder, found.version())?;
    let key = args.key.as_deref().map(read_secret_key).transpose()?;
    let compiler = found.compiler(progress)?;
    let package = args.out.join(file_name(&description.manifest));
    let key_id = key.as_ref().map(|key| key.public().id());
    let key_text = key_id.map(|id| id.to_string()).unwrap_or_default();
    let surroundings = Surroundings { folder: &args.folder, toolchain: compiler.version(), key: &key_text };

    let unchanged = Fingerprint::still_holds(&package, &surroundings);
    if unchanged {
        progress(Step::Unchanged);
    } else {
        let compiled = found.compile(&compiler, args.locked, progress)?;
        let bytes = packaged(compiled.component, &description.manifest, key.as_ref(), progress);
        replace(&package, &bytes)?;
        let mut inputs = compiled.inputs;
        inputs.extend(description.files);
        Fingerprint::keep(&package, inputs, &surroundings);
    }
    let bytes = std::fs::read(&package).map_err(|source| BuildError::File { path: package.clone(), source })?;
    let (digest, manifest) = (Digest::of(&bytes), description.manifest);
    Ok(Built { package, manifest, digest, key_id, bytes: bytes.len(), unchanged })
}

/// `NAME-VERSION.wbc`.
pub fn file_name(manifest: &Manifest) -> String {
    format!("{}-{}.wbc", manifest.name, manifest.version)
}

fn packaged(component: Vec<u8>, manifest: &Manifest, key: Option<&SecretKey>, progress: Progress<'_>) -> Vec<u8> {
    progress(Step::Packaging);
    let component = component::package(component, manifest);
    let Some(key) = key else { return component };
    progress(Step::Signing);
    signature::sign(component, key.as_bytes())
}

/// Puts a whole file in the place of another: a reader sees the one before or the new one.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| BuildError::File { path, source }
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(at(folder))?;
    }
    let fresh = path.with_added_extension(format!("{}.new", std::process::id()));
    std::fs::write(&fresh, bytes).map_err(at(&fresh))?;
    std::fs::rename(&fresh, path).map_err(at(path))
}

//! Asking cargo: where a crate lives, and to compile it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use weighbridge_model::package::Digest;

use crate::TARGET;
use crate::progress::{Progress, Step};
use crate::toolchain::Toolchain;

/// What cargo knows of a connector's crate.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    pub(crate) version: String,
    /// The file name of the library, without its ending.
    pub(crate) library: String,
    pub(crate) workspace: PathBuf,
    /// Where guests are compiled: apart from everything else, and shared by those of one workspace alone. A module has its
    /// library's name and nothing more, which two workspaces may both have given.
    pub(crate) target: PathBuf,
}

/// Why cargo did not do it.
#[derive(Debug, thiserror::Error)]
pub enum CargoError {
    /// It cannot be started.
    #[error("cargo cannot be started: {0}. Install Rust from https://rustup.rs")]
    Absent(#[source] std::io::Error),
    /// The folder is no crate.
    #[error("`{folder}` is no connector's crate: {reason}. Begin with `weighbridge connector new`")]
    NoCrate {
        /// The folder.
        folder: PathBuf,
        /// What cargo said.
        reason: String,
    },
    /// The compiler found errors.
    #[error("the connector does not compile; the compiler says:\n{said}")]
    DoesNotCompile {
        /// Its last lines.
        said: String,
    },
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    version: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Looks at the crate in a folder.
pub(crate) fn look_at(folder: &Path) -> Result<Crate, CargoError> {
    let no_crate = |reason: String| CargoError::NoCrate { folder: folder.to_owned(), reason };
    let manifest =
        folder.join("Cargo.toml").canonicalize().map_err(|error| no_crate(format!("Cargo.toml: {error}")))?;
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(&manifest)
        .current_dir(folder)
        .output()
        .map_err(CargoError::Absent)?;
    if !output.status.success() {
        return Err(no_crate(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(|error| no_crate(error.to_string()))?;
    let package = metadata.packages.into_iter().find(|package| package.manifest_path == manifest);
    let package = package.ok_or_else(|| no_crate("it has no package".to_owned()))?;
    let is_library = |target: &Target| target.kind.iter().any(|kind| kind.ends_with("lib"));
    let library =
        package.targets.into_iter().find(is_library).ok_or_else(|| no_crate("it has no library".to_owned()))?;
    Ok(Crate {
        version: package.version,
        library: library.name.replace('-', "_"),
        target: metadata.target_directory.join("guests").join(folder_name(&metadata.workspace_root)),
        workspace: metadata.workspace_root,
    })
}

/// A short name that no other workspace has.
fn folder_name(workspace: &Path) -> String {
    let mut name = Digest::of(workspace.as_os_str().as_encoded_bytes()).to_string();
    name.truncate(16);
    name
}

/// Compiles the crate in a folder to a core module and says where that is.
pub(crate) fn compile(
    folder: &Path,
    found: &Crate,
    toolchain: &Toolchain,
    locked: bool,
    progress: Progress<'_>,
) -> Result<PathBuf, CargoError> {
    let mut command = Command::new(&toolchain.cargo);
    command
        .args(["rustc", "--lib", "--crate-type", "cdylib", "--release", "--target", TARGET, "--target-dir"])
        .arg(&found.target)
        .args(&toolchain.arguments)
        .args(locked.then_some("--locked"))
        .current_dir(folder)
        .envs(toolchain.environment.iter().map(|(name, value)| (name, value)))
        .envs(PROFILE)
        // Flags meant for the host's own build would be taken for the guest's.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET");
    let said = run(command, &mut |line| {
        if let Some(name) = line.trim_start().strip_prefix("Compiling ") {
            progress(Step::Compiling(name.split(" (").next().unwrap_or(name).to_owned()));
        }
    })?;
    match said {
        Ok(()) => Ok(found.target.join(TARGET).join("release").join(format!("{}.wasm", found.library))),
        Err(said) => Err(CargoError::DoesNotCompile { said }),
    }
}

/// Small, whole-program optimised, without unwinding; randomness comes from the SDK. (Measured on `plugins/rest`: level 3 is a third
/// larger and no faster.)
pub(crate) const PROFILE: [(&str, &str); 7] = [
    ("RUSTFLAGS", "--cfg getrandom_backend=\"custom\""),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ("CARGO_TERM_COLOR", "never"),
];

/// Runs a command, hands over each line of its standard error as it comes, and gives the last of them when it fails.
pub(crate) fn run(mut command: Command, each: &mut dyn FnMut(&str)) -> Result<Result<(), String>, CargoError> {
    const KEPT_LINES: usize = 200;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(CargoError::Absent)?;
    let mut said = std::collections::VecDeque::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            each(&line);
            if said.len() == KEPT_LINES {
                said.pop_front();
            }
            said.push_back(line);
        }
    }
    let status = child.wait().map_err(CargoError::Absent)?;
    Ok(if status.success() { Ok(()) } else { Err(Vec::from(said).join("\n")) })
}

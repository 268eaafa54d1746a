//! What is asked of cargo, the compiler and git.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::error::ReleaseError;

/// What cargo knows of the packages that may be linked.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
    pub(crate) workspace_root: PathBuf,
}

/// One of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) manifest_path: PathBuf,
    /// Where it was fetched from; nothing where it is of this repository.
    pub(crate) source: Option<String>,
}

/// The packages for a target.
pub(crate) fn metadata(sources: &Path, target: &str) -> Result<Metadata, ReleaseError> {
    let said = ask("cargo", &["metadata", "--format-version", "1", "--locked", "--filter-platform", target], sources)?;
    serde_json::from_str(&said)
        .map_err(|error| ReleaseError::Program { program: "cargo metadata".into(), said: error.to_string() })
}

/// What a crate links, one a line, each under what needs it. Macros run in the compiler and are not linked.
pub(crate) fn tree(sources: &Path, crate_name: &str, target: &str) -> Result<String, ReleaseError> {
    let edges = ["--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", " {p}"];
    ask("cargo", &[&["tree", "--locked", "--package", crate_name, "--target", target], &edges[..]].concat(), sources)
}

/// The compiler's release and the target that it builds for by itself.
pub(crate) fn compiler(sources: &Path) -> Result<(String, String), ReleaseError> {
    let said = ask("rustc", &["-vV"], sources)?;
    let field = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
    Ok((field("release: "), field("host: ")))
}

/// When the last change was made, in seconds: the time of everything in a release.
pub(crate) fn last_change(sources: &Path) -> Result<u64, ReleaseError> {
    let said = ask("git", &["log", "-1", "--format=%ct"], sources)?;
    let malformed = |_| ReleaseError::Program { program: "git log".into(), said: said.clone() };
    said.trim().parse().map_err(malformed)
}

/// Runs a program that says something, and gives what it said.
pub(crate) fn ask(program: &str, words: &[&str], folder: &Path) -> Result<String, ReleaseError> {
    let failed = |said: String| ReleaseError::Program { program: format!("{program} {}", words.join(" ")), said };
    let output = Command::new(program).args(words).current_dir(folder).stdin(Stdio::null()).output();
    let output = output.map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    String::from_utf8(output.stdout).map_err(|error| failed(error.to_string()))
}

/// Runs a program, under a variable of the environment, whose progress whoever watches sees.
pub(crate) fn run(
    program: &str,
    words: &[&str],
    folder: &Path,
    (name, value): (&str, &OsStr),
) -> Result<(), ReleaseError> {
    let failed = |said: String| ReleaseError::Program { program: format!("{program} {}", words.join(" ")), said };
    let mut command = Command::new(program);
    let status = command.args(words).current_dir(folder).env(name, value).stdin(Stdio::null()).status();
    let status = status.map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(status.to_string())) }
}

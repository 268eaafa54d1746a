//! Finding something that compiles to WebAssembly.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::TARGET;
use crate::progress::{Progress, Step};

/// A compiler that makes WebAssembly, and how it has to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolchain {
    pub(crate) cargo: PathBuf,
    /// What `rustc -vV` says; part of the fingerprint.
    pub(crate) version: String,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) arguments: Vec<String>,
}

/// Why nothing compiles to WebAssembly here.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// There is no way on this machine.
    #[error(
        "no Rust toolchain that compiles to {TARGET} was found ({tried}). Install one of these:\n  \
         - rustup (https://rustup.rs); then `rustup target add {TARGET}`\n  \
         - on Debian: apt-get install rustc-web cargo-web rust-web-src lld"
    )]
    Missing {
        /// What was tried, and what it said.
        tried: String,
    },
}

/// The first of: a compiler with the target installed; rustup, which is asked to add it; Debian's compiler with the sources
/// of `std`, which is then built with the connector.
pub(crate) fn find(folder: &Path, progress: Progress<'_>) -> Result<Toolchain, ToolchainError> {
    let mut tried = Vec::new();
    if let Some(version) = output(folder, "rustc", &["-vV"]) {
        if has_target(folder) || add_target(folder, &mut tried, progress) {
            return Ok(installed(folder, version));
        }
    } else {
        tried.push("there is no `rustc`".to_owned());
    }
    debian(folder, &mut tried).ok_or(ToolchainError::Missing { tried: tried.join("; ") })
}

fn has_target(folder: &Path) -> bool {
    let libraries = output(folder, "rustc", &["--print", "target-libdir", "--target", TARGET]);
    let entries = libraries.and_then(|path| std::fs::read_dir(path.trim()).ok());
    entries.into_iter().flatten().flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn add_target(folder: &Path, tried: &mut Vec<String>, progress: Progress<'_>) -> bool {
    if output(folder, "rustup", &["--version"]).is_none() {
        tried.push(format!("`rustc` has no target {TARGET} and there is no `rustup`"));
        return false;
    }
    progress(Step::AddingTarget);
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(folder).output();
    match added {
        Ok(output) if output.status.success() && has_target(folder) => true,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().last().unwrap_or("nothing").to_owned();
            tried.push(format!("`rustup target add {TARGET}` said: {last}"));
            false
        }
        Err(error) => {
            tried.push(format!("`rustup` did not start: {error}"));
            false
        }
    }
}

fn installed(folder: &Path, version: String) -> Toolchain {
    let mut environment = Vec::new();
    if !has_own_linker(folder, &version) {
        environment.push(linker("wasm-ld"));
    }
    Toolchain { cargo: "cargo".into(), version, environment, arguments: Vec::new() }
}

/// Distributions leave `rust-lld` out of the compiler's own folder.
fn has_own_linker(folder: &Path, version: &str) -> bool {
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let sysroot = output(folder, "rustc", &["--print", "sysroot"]).unwrap_or_default();
    Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/rust-lld").exists()
}

fn debian(folder: &Path, tried: &mut Vec<String>) -> Option<Toolchain> {
    let Some(version) = output(folder, "/usr/bin/rustc", &["-vV"]) else {
        tried.push("there is no `/usr/bin/rustc`".to_owned());
        return None;
    };
    let sysroot = output(folder, "/usr/bin/rustc", &["--print", "sysroot"]).unwrap_or_default();
    if !Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").exists() {
        tried.push("`/usr/bin/rustc` comes without the sources of `std`".to_owned());
        return None;
    }
    if output(folder, "wasm-ld", &["--version"]).is_none() {
        tried.push("there is no `wasm-ld`".to_owned());
        return None;
    }
    let environment = vec![text("RUSTC_BOOTSTRAP", "1"), text("RUSTC", "/usr/bin/rustc"), linker("wasm-ld")];
    let arguments = vec!["-Zbuild-std=std,panic_abort".to_owned()];
    Some(Toolchain { cargo: "/usr/bin/cargo".into(), version, environment, arguments })
}

fn linker(name: &str) -> (String, String) {
    text("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", name)
}

fn text(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn output(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(folder).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

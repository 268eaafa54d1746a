//! Programs from Python's package index, each list of them in a virtual environment that later runs find again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where what is installed is kept between runs.
pub(super) fn shelf(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("platforms").join(name)
}

/// An environment with these packages; only one that was made whole is used again.
pub(super) fn environment(name: &str, packages: &[&str]) -> PathBuf {
    let (environment, whole) = (shelf(name).join("venv"), shelf(name).join("whole"));
    if !whole.exists() {
        make_environment(&environment, packages);
        fs::write(whole, "").unwrap();
    }
    environment
}

/// Makes an environment with these packages, whatever was there before.
pub(super) fn make_environment(environment: &Path, packages: &[&str]) {
    println!("installing {} into {}", packages.join(", "), environment.display());
    drop(fs::remove_dir_all(environment));
    fs::create_dir_all(environment).unwrap();
    run(Command::new("python3").args(["-m", "venv"]).arg(environment));
    let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(environment.join("bin/python")).args(options).args(packages));
}

/// Runs a command that must succeed.
pub(super) fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{said}");
}

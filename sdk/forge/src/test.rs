//! Running the author's cases.

use std::path::PathBuf;
use std::process::Command;

use crate::declared;
use crate::progress::{Progress, Step};

/// What to test.
#[derive(Clone, Debug)]
pub struct TestArgs {
    /// The connector's crate.
    pub folder: PathBuf,
}

/// How the cases went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// How many passed.
    pub passed: usize,
    /// The names of those that did not.
    pub failed: Vec<String>,
    /// Everything cargo and the cases wrote, for showing when something failed.
    pub output: String,
}

/// Why no case ran.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// Cargo is not there.
    #[error("cargo cannot be started: {0}. Install Rust from https://rustup.rs")]
    Absent(#[source] std::io::Error),
    /// The cases do not compile.
    #[error("the connector's tests do not compile; the compiler says:\n{0}")]
    DoesNotCompile(String),
}

/// Runs `cargo test` in the connector's folder, on this machine's own processor: against scripted answers, without a
/// platform.
pub fn test(args: &TestArgs, progress: Progress<'_>) -> Result<Tested, TestError> {
    if !args.folder.join("Cargo.toml").exists() && declared::sources(&args.folder).is_ok_and(|one| one != args.folder) {
        // It has no code, and so no cases of its own.
        return Ok(Tested::default());
    }
    let mut command = Command::new("cargo");
    command.args(["test", "--no-fail-fast"]).env("CARGO_TERM_COLOR", "never").current_dir(&args.folder);
    let output = command.output().map_err(TestError::Absent)?;
    let (cases, compiler) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let mut tested = Tested { output: format!("{compiler}{cases}"), ..Tested::default() };
    for line in cases.lines().filter_map(|line| line.strip_prefix("test ")) {
        if let Some(name) = line.strip_suffix(" ... ok") {
            progress(Step::Tested(name.to_owned()));
            tested.passed += 1;
        } else if let Some(name) = line.strip_suffix(" ... FAILED") {
            tested.failed.push(name.to_owned());
        }
    }
    if !output.status.success() && tested.failed.is_empty() {
        return Err(TestError::DoesNotCompile(compiler.into_owned()));
    }
    Ok(tested)
}

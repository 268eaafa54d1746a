//! Running the author's cases.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::declared::{self, Code};
use crate::language::LanguageError;
use crate::progress::{Progress, Step};
use crate::{javascript, python};

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
    /// The tools of a language with a runtime.
    #[error(transparent)]
    Language(#[from] LanguageError),
    /// The cases do not compile.
    #[error("the connector's tests do not compile; the compiler says:\n{0}")]
    DoesNotCompile(String),
}

/// Runs the author's cases in the connector's folder, by `cargo test`, Node's or Python's own runner: on this machine's own
/// processor, against scripted answers, without a platform.
pub fn test(args: &TestArgs, progress: Progress<'_>) -> Result<Tested, TestError> {
    if !args.folder.join("Cargo.toml").exists()
        && declared::code(&args.folder).is_ok_and(|code| code != Code::Sources(args.folder.clone()))
    {
        // It has no code, and so no cases of its own.
        return Ok(Tested::default());
    }
    let said = match scripted(&args.folder, progress)? {
        Some(said) => said,
        None => cargo(&args.folder)?,
    };
    let mut tested = Tested { output: format!("{}{}", said.compiler, said.cases), ..Tested::default() };
    for (passed, name) in said.named() {
        if passed {
            progress(Step::Tested(name.to_owned()));
            tested.passed += 1;
        } else {
            tested.failed.push(name.to_owned());
        }
    }
    if !said.success && tested.failed.is_empty() {
        return Err(TestError::DoesNotCompile(if said.compiler.is_empty() { said.cases } else { said.compiler }));
    }
    Ok(tested)
}

/// Reads each case's name, and whether it passed, from what a runner said.
pub(crate) type ReadCases = for<'a> fn(&'a str) -> Box<dyn Iterator<Item = (bool, &'a str)> + 'a>;

/// What a runner of cases said.
pub(crate) struct Said {
    pub(crate) success: bool,
    pub(crate) cases: String,
    pub(crate) compiler: String,
    pub(crate) read: ReadCases,
}

impl Said {
    /// Runs a runner to its end.
    pub(crate) fn by(command: &mut Command, read: ReadCases) -> Result<Self, std::io::Error> {
        let output = command.output()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (cases, compiler) = (text(&output.stdout), text(&output.stderr));
        Ok(Self { success: output.status.success(), cases, compiler, read })
    }

    fn named(&self) -> impl Iterator<Item = (bool, &str)> {
        (self.read)(&self.cases).chain((self.read)(&self.compiler))
    }
}

/// The cases of a connector whose language brings a runtime; none where it is a crate.
fn scripted(folder: &Path, progress: Progress<'_>) -> Result<Option<Said>, LanguageError> {
    if folder.join(javascript::PROJECT).exists() {
        javascript::install(folder, false, progress)?;
        return javascript::test(folder).map(Some);
    }
    if folder.join(python::PROJECT).exists() {
        python::install(folder, progress)?;
        return python::look_at(folder)?.test(folder).map(Some);
    }
    Ok(None)
}

fn cargo(folder: &Path) -> Result<Said, TestError> {
    let mut command = Command::new("cargo");
    command.args(["test", "--no-fail-fast"]).env("CARGO_TERM_COLOR", "never").current_dir(folder);
    Said::by(&mut command, |said| Box::new(cargo_cases(said))).map_err(TestError::Absent)
}

fn cargo_cases(said: &str) -> impl Iterator<Item = (bool, &str)> {
    said.lines().filter_map(|line| {
        let line = line.strip_prefix("test ")?;
        let passed = line.strip_suffix(" ... ok").map(|name| (true, name));
        passed.or_else(|| Some((false, line.strip_suffix(" ... FAILED")?)))
    })
}

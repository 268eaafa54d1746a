//! The one place that prints.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};

use serde_json::{Value, json};
use weighbridge::backup::BackupError;
use weighbridge::document::DocumentError;
use weighbridge::model::package::Difference;
use weighbridge::model::problem::{Problem, ProblemCode, ProblemKind};
use weighbridge::{ApplyError, ConnectorError, EngineError, InstallError, MasterError, RingError, TrustChangeError};
use weighbridge_forge::{BuildError, TestError};
use weighbridge_store::{OpenError, WriteError};
use weighbridge_workshop::{BenchError, CassetteError, LiveError, RecordError, ShapingError};

use crate::beside;
use crate::exit::Exit;

/// A line for a person, or for a script.
pub(crate) fn line(text: impl Display) {
    let text = shown(&text.to_string());
    if beside::say(&text, false) {
        return;
    }
    // A closed pipe is a reader that has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A JSON document of one line.
pub(crate) fn json(value: &Value) {
    line(value);
}

/// A line beside the answer: progress and warnings.
pub(crate) fn aside(text: impl Display) {
    let text = shown(&text.to_string());
    if beside::say(&text, true) {
        return;
    }
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Without what a terminal obeys: platforms and connectors wrote some of these texts.
fn shown(text: &str) -> String {
    let obeyed = |letter: char| {
        let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || letter.is_control() && !matches!(letter, '\n' | '\t')
    };
    text.replace(obeyed, "\u{fffd}")
}

/// Whether a person watches.
pub(crate) fn is_watched() -> bool {
    beside::engine().is_none() && std::io::stderr().is_terminal()
}

/// Rows under headings, each column as wide as its widest cell.
pub(crate) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) {
    self::rows(&headings, rows);
}

/// The same, of columns that are known only when it runs.
pub(crate) fn rows(headings: &[&str], rows: &[impl AsRef<[String]>]) {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row.as_ref()[column].chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let print = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        line(padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    print(&headings.iter().map(|heading| heading.to_uppercase().replace('_', " ")).collect::<Vec<_>>());
    rows.iter().for_each(|row| print(row.as_ref()));
}

/// What is asked for, one thing after another.
pub(crate) fn additions(difference: &Difference) -> Vec<Value> {
    difference.additions.iter().map(|one| json!({ "kind": one.kind(), "text": one.to_string() })).collect()
}

/// Why a command did not do what was asked, and the exit code that says so.
pub(crate) fn report(error: &anyhow::Error, as_json: bool) -> Exit {
    let exit = exit_of(error);
    let text = whole(error);
    if as_json {
        let (code, message) = text.split_once(": ").unwrap_or(("error", &text));
        let code = if code.contains(' ') { "error" } else { code };
        aside(json!({ "code": code, "message": message, "exit": exit as u8 }));
    } else {
        aside(format_args!("error: {text}"));
    }
    exit
}

/// The error and what caused it, as far as it does not say so itself.
pub(crate) fn whole(error: &anyhow::Error) -> String {
    if let Some(error) = error.downcast_ref::<BuildError>() {
        return format!("{}: {error}\n{}", error.code(), error.next_step());
    }
    if let Some(TestError::Language(error)) = error.downcast_ref::<TestError>() {
        return format!("{}: {error}\n{}", error.code(), error.next_step());
    }
    error.chain().map(ToString::to_string).fold(String::new(), |text, cause| match text.as_str() {
        "" => cause,
        said if said.contains(&cause) => text,
        said => format!("{said}: {cause}"),
    })
}

fn exit_of(error: &anyhow::Error) -> Exit {
    if error.is::<DocumentError>()
        || error.is::<crate::file::Unreadable>()
        || error.is::<crate::config::ConfigError>()
        || error.is::<crate::commands::init::InitError>()
        || error.is::<crate::exit::Misasked>()
    {
        return Exit::Invalid;
    }
    if let Some(exit) = workshop(error) {
        return exit;
    }
    if let Some(problem) = error.downcast_ref::<Problem>() {
        return match problem.code.kind() {
            _ if problem.code == ProblemCode::CommitUnknown => Exit::Unknown,
            ProblemKind::Elsewhere | ProblemKind::Fault | ProblemKind::Unavailable => Exit::Failed,
            _ => Exit::Invalid,
        };
    }
    if let Some(error) = error.downcast_ref::<TrustChangeError>() {
        return if let TrustChangeError::Engine(error) = error { engine(error) } else { Exit::Invalid };
    }
    if let Some(error) = error.downcast_ref::<ConnectorError>() {
        return if let ConnectorError::Engine(error) = error { engine(error) } else { Exit::Invalid };
    }
    if let Some(error) = error.downcast_ref::<BackupError>() {
        return backup(error);
    }
    match (error.downcast_ref(), error.downcast_ref(), error.downcast_ref()) {
        (Some(error), _, _) => engine(error),
        (_, Some(ApplyError::Invalid { .. } | ApplyError::PlanChanged), _)
        | (_, _, Some(InstallError::Refused { .. } | InstallError::Unusable(_))) => Exit::Invalid,
        (_, Some(ApplyError::Engine(error)), _) | (_, _, Some(InstallError::Engine(error))) => engine(error),
        _ => Exit::Failed,
    }
}

/// What an author's workshop refuses is not right; a connector that does not get through its case has begun.
fn workshop(error: &anyhow::Error) -> Option<Exit> {
    let refused = error.is::<CassetteError>()
        || error.is::<LiveError>()
        || error.is::<BenchError>()
        || error.is::<ShapingError>();
    match error.downcast_ref::<RecordError>() {
        Some(RecordError::Failed(_)) => Some(Exit::Failed),
        Some(_) => Some(Exit::Invalid),
        None => refused.then_some(Exit::Invalid),
    }
}

const fn backup(error: &BackupError) -> Exit {
    match error {
        BackupError::Engine(error) => engine(error),
        BackupError::Running(_) => Exit::InUse,
        BackupError::NoKeys(_) | BackupError::KeysMissing { .. } => Exit::Unusable,
        BackupError::Absent(_)
        | BackupError::Present(_)
        | BackupError::NewerLayout { .. }
        | BackupError::NewerRows(_) => Exit::Invalid,
        _ => Exit::Failed,
    }
}

const fn engine(error: &EngineError) -> Exit {
    match error {
        EngineError::Open(OpenError::InUse { .. }) => Exit::InUse,
        EngineError::Ring(RingError::Master(MasterError::Place | MasterError::Present(_)) | RingError::Export(_)) => {
            Exit::Invalid
        }
        EngineError::Ring(RingError::Master(_)) => Exit::WrongMasterKey,
        EngineError::Open(_) | EngineError::Ring(_) | EngineError::Unseal(_) => Exit::Unusable,
        EngineError::Write(WriteError::Unknown(_) | WriteError::Stopped) => Exit::Unknown,
        EngineError::NotFound(_) | EngineError::Instant(_) | EngineError::Present(_) => Exit::Invalid,
        _ => Exit::Failed,
    }
}

#[cfg(test)]
mod tests {
    use weighbridge::model::problem::{Problem, ProblemCode};

    use crate::exit::Exit;

    #[test]
    fn says_that_a_commit_is_unknown_only_where_it_is() {
        let exit = |code: ProblemCode| super::exit_of(&anyhow::Error::new(Problem::from(code)));
        assert_eq!(exit(ProblemCode::CommitUnknown), Exit::Unknown);
        assert_eq!(exit(ProblemCode::Unavailable), Exit::Failed);
        assert_eq!(exit(ProblemCode::TooSlow), Exit::Failed);
        assert_eq!(exit(ProblemCode::NameTaken), Exit::Invalid);
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        assert_eq!(super::shown("all is \u{1b}[2Kwell\u{202e}\r"), "all is \u{fffd}[2Kwell\u{fffd}\u{fffd}");
        assert_eq!(super::shown("Zażółć\n\tgęślą"), "Zażółć\n\tgęślą");
    }
}

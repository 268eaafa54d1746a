//! What every connector must do, tried on a package and its recordings.
//!
//! One file a check: what it looks at, its stable code, and what to do next. What a check cannot try it says so.

mod case;
mod classes;
mod determinism;
mod hostile;
mod junit;
mod limits;
mod listed;
mod lost;
mod memory;
mod replayed;
mod report;
mod resume;
mod schema;
mod twist;
mod unconfigured;
pub(crate) mod until;
mod written;

use weighbridge_model::endpoint::Direction;
use weighbridge_sandbox::Answer;

use crate::bench::{Bench, BenchError};
use crate::cassette::{Cassette, Drill};
use case::Case;

pub use report::{Finding, Report};

/// What became of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The connector does what it must.
    Passed,
    /// It does not: what it did instead.
    Failed(String),
    /// It was not tried, and another recording would do: why.
    NotTried(String),
    /// There is nothing of the kind to try: why.
    Moot(String),
}

impl Verdict {
    /// Nothing was found, or the first thing that was.
    fn of(fault: Option<String>) -> Self {
        fault.map_or(Self::Passed, Self::Failed)
    }
}

/// Something that every connector must do.
pub struct Check {
    /// The stable code of its failure.
    pub code: &'static str,
    /// What every connector must do, as a sentence.
    pub rule: &'static str,
    /// What an author does who meets it.
    pub next_step: &'static str,
    run: for<'a> fn(&'a Case<'a>) -> Answer<'a, Result<Verdict, BenchError>>,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Check").field("code", &self.code).finish_non_exhaustive()
    }
}

/// All that is tried of a recording.
pub const CHECKS: &[Check] = &[
    replayed::CHECK,
    listed::CHECK,
    schema::CHECK,
    lost::CHECK,
    limits::CHECK,
    resume::CHECK,
    until::CHECK,
    written::CHECK,
    determinism::CHECK,
    classes::CHECK,
    hostile::CHECK,
    memory::CHECK,
];

/// What is tried without a recording.
pub const ALONE: &Check = &unconfigured::CHECK;

/// What is said of a stream that no recording is about.
const UNRECORDED: &str = "no recording is about it; make one with `weighbridge connector record`";

/// Tries a package with its recordings.
pub async fn conform(bench: &Bench, cassettes: &[Cassette]) -> Result<Report, BenchError> {
    let mut report = Report::default();
    report.add(ALONE, None, unconfigured::run(bench).await?);
    for cassette in cassettes {
        let case = Case::open(bench, cassette).await?;
        for check in CHECKS {
            let verdict = (check.run)(&case).await?;
            report.add(check, Some(&cassette.header.case), verdict);
        }
    }
    for capability in &bench.manifest().capabilities {
        let is_about = |drill: &Drill| {
            let direction = match drill {
                Drill::Read(_) => Direction::Source,
                Drill::Write(_) => Direction::Destination,
            };
            direction == capability.direction && (capability.stream == "*" || capability.stream == drill.stream())
        };
        if !cassettes.iter().any(|cassette| is_about(&cassette.header.drill)) {
            let word = if capability.direction == Direction::Source { "reading" } else { "writing" };
            let name = format!("{word} {}", capability.stream);
            report.add(&replayed::CHECK, Some(&name), Verdict::NotTried(UNRECORDED.into()));
        }
    }
    Ok(report)
}

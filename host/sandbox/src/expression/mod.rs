//! Running expressions that a person wrote. Their interpreter cannot be interrupted and its memory cannot be bounded, so that
//! this is done in a process of its own, which is ended when one record takes too much.

mod child;
mod inside;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use weighbridge_model::mapping::Evaluated;

pub use inside::evaluate_expressions;

/// Where expressions are run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expressions {
    /// Nowhere: mappings that have one are refused.
    #[default]
    Nowhere,
    /// In a process of its own.
    Child(ExpressionChild),
}

/// The command that runs expressions. It calls [`evaluate_expressions`] with the two numbers that follow its own arguments:
/// bytes of memory and seconds of CPU time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionChild {
    /// The program, usually the one that runs already.
    pub program: PathBuf,
    /// What makes it run expressions.
    pub arguments: Vec<OsString>,
    /// How much it may take.
    pub limits: ExpressionLimits,
}

/// How much expressions may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpressionLimits {
    /// Memory of the process, its stack of 128 MiB among it.
    pub memory_bytes: u64,
    /// Wall time for one record.
    pub record: Duration,
    /// CPU time of one process, in whole seconds: for those whose starter is gone.
    pub cpu: Duration,
    /// Records of one batch on which it may be ended, before the batch is given up.
    pub stops_max: u32,
    /// All that expressions may give for one batch.
    pub answers_bytes_max: usize,
}

impl Default for ExpressionLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 384 << 20,
            record: Duration::from_secs(1),
            cpu: Duration::from_secs(300),
            stops_max: 5,
            answers_bytes_max: 64 << 20,
        }
    }
}

/// Why expressions were not run on a whole batch. A record on which one fails, or has to be ended, is no such failure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionFailure {
    /// There is no place for it.
    #[error("this program runs no jq expressions; use the other rules, or run the mapping by `weighbridge` itself")]
    Nowhere,
    /// It was ended too often.
    #[error(
        "the expression was stopped on {0} records of one batch, where it took too long or too much memory; write it more simply"
    )]
    RunsAway(u32),
    /// It gave too much.
    #[error("the expressions give more than {0} bytes for one batch; let them give less, or make the batches smaller")]
    TooLarge(usize),
    /// The process did not begin.
    #[error("the process that runs expressions did not begin: {0}; try again, and send this to Weighbridge's authors")]
    Broken(String),
}

impl ExpressionFailure {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nowhere => "mapping.expressions_off",
            Self::RunsAway(_) => "mapping.expression_runs_away",
            Self::TooLarge(_) => "mapping.expressions_too_large",
            Self::Broken(_) => "mapping.expressions_broken",
        }
    }
}

impl Expressions {
    /// Whether there is a place for them.
    pub fn are_run(&self) -> bool {
        *self != Self::Nowhere
    }

    /// Runs expressions, each named by its place in the list, on the records beside: one answer for each, in their order.
    /// Blocks.
    pub fn evaluate(
        &self,
        expressions: &[String],
        questions: &[(usize, String)],
    ) -> Result<Vec<Evaluated>, ExpressionFailure> {
        match self {
            _ if questions.is_empty() => Ok(Vec::new()),
            Self::Nowhere => Err(ExpressionFailure::Nowhere),
            Self::Child(child) => child::evaluate(child, expressions, questions),
        }
    }
}

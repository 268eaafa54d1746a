//! A document that cannot be applied; nothing of it is.

use weighbridge_model::problem::Problem;

use crate::error::EngineError;

/// A document that cannot be applied; nothing of it is.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Something in it is wrong.
    #[error("document.invalid: {at}: {what}")]
    Invalid {
        /// Where, as a path into the document.
        at: String,
        /// What is wrong there, and what to write instead.
        what: String,
    },
    /// What it would change is no longer what was planned.
    #[error(
        "document.plan_changed: the document, a file that it names, or what is stored is not what this plan was made from; \
         look at what would be changed, and at its hash, by: weighbridge apply FILE --plan"
    )]
    PlanChanged,
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl ApplyError {
    pub(crate) fn at(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Invalid { at: at.into(), what: what.into() }
    }

    /// What a verb would answer, under a place in a document.
    pub(crate) fn of(at: &str, problem: &Problem) -> Self {
        let particulars = problem.particulars.iter().map(|(name, what)| format!("{name}: {}", what.join(", ")));
        let errors = problem.errors.iter().map(|one| format!("{}: {}", one.at, one.what));
        let told: Vec<String> = errors.chain(particulars).collect();
        let told = if told.is_empty() { problem.code.sentence().to_owned() } else { told.join("; ") };
        Self::at(at, told)
    }
}

/// Any error of the engine's parts is one of the engine.
macro_rules! through_engine {
    ($($error:ty)*) => {$(
        impl From<$error> for ApplyError {
            fn from(error: $error) -> Self {
                Self::Engine(error.into())
            }
        }
    )*};
}

through_engine! { weighbridge_store::ReadError weighbridge_store::TxError weighbridge_vault::RingError }

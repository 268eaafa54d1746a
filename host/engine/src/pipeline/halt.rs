//! Why an attempt does not go on.

use std::time::Duration;

use weighbridge_model::gate::Refusal;
use weighbridge_model::name::Code;
use weighbridge_model::problem::ProblemCode;
use weighbridge_model::run::{Counts, FailureClass};
use weighbridge_sandbox::{Ended, Stop};
use weighbridge_store::engine::EngineError as BlobError;
use weighbridge_store::{TxError, WriteError};

use super::patience::Patience;
use crate::error::EngineError;

/// Why an attempt does not go on.
#[derive(Debug)]
pub(crate) enum Halt {
    /// All there was is settled.
    Done,
    /// The host is about to stop, and nothing is held.
    Drained,
    /// A connector has another version than the one at work; the next attempt uses it.
    Renewed,
    /// A person wants the run to wait or to end.
    Wished,
    /// The gate said no.
    Refused(Refusal),
    /// A connector, or something of ours, could not do its part.
    Failed(Trouble),
    /// The run has more rejected records than its transfer allows.
    TooManyRejected(Trouble),
    /// The store did not take what had to be written.
    Store(EngineError),
}

/// What went wrong, by what is to be done about it.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) class: FailureClass,
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) retry_after: Option<Duration>,
}

impl Halt {
    /// A failure of our own naming.
    pub(crate) fn failed(class: FailureClass, code: &str, message: impl Into<String>) -> Self {
        Self::Failed(Trouble { class, code: code_or_unnamed(code), message: message.into(), retry_after: None })
    }

    /// Something that a person set up is not as it must be.
    pub(crate) fn config(code: &str, message: &str) -> Self {
        Self::failed(FailureClass::Config, code, message)
    }

    /// More records were rejected than the transfer allows.
    pub(crate) fn too_many_rejected(counts: &Counts) -> Self {
        let Counts { read, delivered, dead_lettered, .. } = counts;
        let message = format!("{dead_lettered} of {read} records were rejected, and {delivered} were delivered");
        let code = Code::known(ProblemCode::TooManyRejected.as_str());
        Self::TooManyRejected(Trouble { class: FailureClass::Config, code, message, retry_after: None })
    }

    /// How long to wait before the next attempt; `None` where there is to be none.
    pub(crate) fn wait(&self, patience: &mut Patience, draining: bool) -> Result<Option<Duration>, EngineError> {
        match self {
            Self::Renewed if !draining => Ok(Some(Duration::ZERO)),
            // It waits for its turn, which is no failure: it goes on at the next start.
            Self::Failed(trouble) if trouble.class == FailureClass::RateLimited && draining => Ok(Some(Duration::ZERO)),
            Self::Failed(trouble) if self.is_passing() && !draining => patience.wait(trouble.retry_after),
            _ => Ok(None),
        }
    }

    /// Whether another attempt may find it otherwise.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Failed(trouble) if is_passing(trouble.class))
    }
}

const fn is_passing(class: FailureClass) -> bool {
    matches!(class, FailureClass::RateLimited | FailureClass::Transient)
}

/// A connector's code is its own affair, as long as it is one.
fn code_or_unnamed(code: &str) -> Code {
    code.parse().unwrap_or_else(|_| Code::known("connector.unnamed"))
}

impl From<Ended> for Halt {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Failure(failure) => Self::Failed(Trouble {
                class: failure.class,
                code: code_or_unnamed(&failure.code),
                message: failure.message,
                retry_after: failure.retry_after_ms.map(Duration::from_millis),
            }),
            Ended::Stopped(stopped) => {
                let class = match stopped.stop {
                    Stop::DeadlinePassed => FailureClass::Transient,
                    Stop::Cancelled => FailureClass::Cancelled,
                    _ => FailureClass::System,
                };
                let next = stopped.stop.next_step();
                Self::failed(class, stopped.stop.code(), format!("{} {next}", stopped.message))
            }
        }
    }
}

impl From<WriteError> for Halt {
    fn from(error: WriteError) -> Self {
        Self::Store(error.into())
    }
}

impl From<BlobError> for Halt {
    fn from(error: BlobError) -> Self {
        Self::Store(TxError::from(error).into())
    }
}

impl From<EngineError> for Halt {
    fn from(error: EngineError) -> Self {
        Self::Store(error)
    }
}

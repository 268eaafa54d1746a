//! A document that cannot be applied; nothing of it is.

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
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl ApplyError {
    pub(crate) fn at(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Invalid { at: at.into(), what: what.into() }
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

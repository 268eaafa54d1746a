//! Every way in which a third party gets no page, beside those of the gate.

use weighbridge::model::run::FailureClass;
use weighbridge::model::service::MalformedKey;
use weighbridge::{EngineError, PullError};

use super::refusals::{Row, sentence};

fn errors() -> Vec<PullError> {
    vec![
        PullError::Key(MalformedKey::Form),
        PullError::Key(MalformedKey::Checksum),
        PullError::CursorUnknown,
        PullError::CursorExpired,
        PullError::LimitOutOfRange { max: 10_000 },
        PullError::LimitTooSmall,
        PullError::SinceWithCursor,
        PullError::SinceMalformed,
        PullError::SinceUnusable,
        PullError::Busy,
        PullError::Stopping,
        PullError::Failed { class: FailureClass::Transient, code: "CODE".parse().unwrap(), retry_after: None },
        PullError::Unavailable(EngineError::Running),
    ]
}

pub fn rows() -> Vec<Row> {
    errors().iter().map(|error| row(&error.to_string())).collect()
}

/// A code and a sentence, and after the last semicolon what to do.
fn row(text: &str) -> Row {
    let (code, text) = text.split_once(": ").unwrap();
    let (what, next) = text.rsplit_once("; ").unwrap();
    vec![format!("`{code}`"), sentence(what), sentence(next)]
}

#[test]
fn every_error_says_its_own_code() {
    for error in errors() {
        assert!(error.to_string().starts_with(error.code()), "{error}");
    }
}

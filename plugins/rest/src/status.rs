//! What a status means on this platform.

use weighbridge_sdk::http::failure_of;
use weighbridge_sdk::{Failure, FailureClass};

use crate::settings::{Meaning, Settings};

/// What an answer that is not 2xx comes to.
pub(crate) enum Refused {
    /// The request did not work.
    Failed(Failure),
    /// The platform looked at the records and does not accept them.
    Rejected(Failure),
}

/// Judges an answer by its status: the settings' table first, then the usual meanings. 400, 409, 413 and 422 are about the
/// records; so are 404 and 410 where the path names a record.
pub(crate) fn judge(settings: &Settings, mut failure: Failure, status: u16, names_record: bool) -> Refused {
    match settings.statuses.get(&status).copied() {
        Some(Meaning::Rejection) => Refused::Rejected(failure),
        Some(meaning) => {
            failure.class = class(meaning);
            Refused::Failed(failure)
        }
        None if matches!(status, 400 | 409 | 413 | 422) => Refused::Rejected(failure),
        None if names_record && matches!(status, 404 | 410) => Refused::Rejected(failure),
        None => Refused::Failed(failure),
    }
}

/// The failure of an answer to a read.
pub(crate) fn failure(settings: &Settings, status: u16, headers: &[(String, String)], body: &[u8]) -> Failure {
    let mut failure = plain(status, headers, body);
    if let Some(meaning) = settings.statuses.get(&status).copied() {
        failure.class = class(meaning);
    }
    failure
}

/// The failure that a status usually means, with the start of the body in its message.
pub(crate) fn plain(status: u16, headers: &[(String, String)], body: &[u8]) -> Failure {
    failure_of(status, headers, &body[..body.len().min(300)])
}

const fn class(meaning: Meaning) -> FailureClass {
    match meaning {
        Meaning::Config => FailureClass::Config,
        Meaning::Auth => FailureClass::Auth,
        Meaning::RateLimited => FailureClass::RateLimited,
        Meaning::Transient => FailureClass::Transient,
        Meaning::System | Meaning::Rejection => FailureClass::System,
    }
}

//! What a third party is told where it gets no page.

use std::time::Duration;

use weighbridge_model::gate::Refusal;
use weighbridge_model::name::Code;
use weighbridge_model::run::FailureClass;
use weighbridge_model::service::MalformedKey;

use crate::error::EngineError;

/// Why there is no page, or no answer to a ping. Nothing was billed for it.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The key is not one as it was shown; nothing was looked up.
    #[error(transparent)]
    Key(#[from] MalformedKey),
    /// The gate said no.
    #[error("{code}: {sentence} {next}", code = .0.code.as_str(), sentence = .0.code.sentence(), next = .0.code.next_step())]
    Refused(Refusal),
    /// The cursor is none of this service and endpoint.
    #[error(
        "cursor.unknown: this cursor was not given out for this endpoint under this access; send the one of the last page, or none to begin a new reading"
    )]
    CursorUnknown,
    /// The cursor was good once.
    #[error(
        "cursor.expired: this page is no longer kept, or a newer reading has begun; send no cursor to begin a new reading, which is billed"
    )]
    CursorExpired,
    /// So many records do not fit in a page.
    #[error("pull.limit_out_of_range: a page holds 1 to {max} records; ask for as many")]
    LimitOutOfRange {
        /// The most.
        max: u64,
    },
    /// The source gives more than that between two places that are safe to go on from.
    #[error(
        "pull.limit_too_small: the source gives more records at once than were asked for; ask for more, or leave the limit out"
    )]
    LimitTooSmall,
    /// A cursor says already where to go on.
    #[error("pull.since_with_cursor: a cursor goes on with its own reading; send either the cursor or `since`")]
    SinceWithCursor,
    /// A text is no instant.
    #[error("pull.since_malformed: `since` is no instant; write one such as 2026-03-31 or 2026-03-31T08:00:00Z")]
    SinceMalformed,
    /// The stream has no instants.
    #[error("pull.since_unusable: this endpoint cannot tell what changed since an instant; leave `since` out")]
    SinceUnusable,
    /// Another request for the same reading takes long.
    #[error("pull.busy: another request of this access reads the same endpoint; wait for its answer, and ask again")]
    Busy,
    /// The host is about to stop.
    #[error("pull.stopping: this host is about to stop; ask again in a minute with the same cursor")]
    Stopping,
    /// The source could not give the page. What the platform said is kept for those whose platform it is.
    #[error("pull.failed: the source could not give this page ({code}); ask again later with the same cursor")]
    Failed {
        /// What kind of failure it is.
        class: FailureClass,
        /// The connector's or our own code.
        code: Code,
        /// When to ask again, where the platform says so.
        retry_after: Option<Duration>,
    },
    /// The host could not do its part.
    #[error("pull.unavailable: this host cannot answer; ask again later with the same cursor")]
    Unavailable(#[source] EngineError),
}

impl PullError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Key(error) => error.code(),
            Self::Refused(refusal) => refusal.code.as_str(),
            Self::CursorUnknown => "cursor.unknown",
            Self::CursorExpired => "cursor.expired",
            Self::LimitOutOfRange { .. } => "pull.limit_out_of_range",
            Self::LimitTooSmall => "pull.limit_too_small",
            Self::SinceWithCursor => "pull.since_with_cursor",
            Self::SinceMalformed => "pull.since_malformed",
            Self::SinceUnusable => "pull.since_unusable",
            Self::Busy => "pull.busy",
            Self::Stopping => "pull.stopping",
            Self::Failed { .. } => "pull.failed",
            Self::Unavailable(_) => "pull.unavailable",
        }
    }
}

impl<E: Into<EngineError>> From<E> for PullError {
    fn from(error: E) -> Self {
        Self::Unavailable(error.into())
    }
}

//! Instants as Shopify writes them, with or without an offset, and as records have them: in UTC, to the second.

use jiff::Timestamp;

/// Seconds since 1970, of what Shopify wrote.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

/// `2026-03-31T10:00:00Z`.
pub(crate) fn text(seconds: i64) -> String {
    Timestamp::from_second(seconds).map(|at| at.to_string()).unwrap_or_default()
}

/// The instant of an answer's `Date` header.
pub(crate) fn of_header(date: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(date).ok().map(|at| at.timestamp().as_second())
}

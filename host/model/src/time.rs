//! Instants, and windows between them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. Whoever needs the time is handed one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// An instant from milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The instant so many milliseconds later, at most the last one that can be written.
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// An RFC 3339 instant such as `2026-03-31T00:00:00Z`.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|instant| Self(instant.as_millisecond()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// Half-open `[start, end)`; a side that is `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first instant inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// The first instant after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
}

/// Where an instant lies, seen from a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The window opens at this later instant.
    NotStarted(Timestamp),
    /// Inside; it closes at the instant given, if it ever does.
    Inside(Option<Timestamp>),
    /// The window closed at this instant.
    Ended(Timestamp),
}

impl Window {
    /// The window without an edge.
    pub const ALWAYS: Self = Self { start: None, end: None };

    /// Where `now` lies. A window whose end is not after its start has no inside.
    pub fn position(&self, now: Timestamp) -> Position {
        match (self.start, self.end) {
            (_, Some(end)) if end <= now => Position::Ended(end),
            (Some(start), Some(end)) if end <= start => Position::Ended(end),
            (Some(start), _) if now < start => Position::NotStarted(start),
            (_, end) => Position::Inside(end),
        }
    }
}

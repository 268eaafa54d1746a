//! A time zone: where civil times lie on the axis of real instants.

use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::error::ScheduleError;
use crate::time::Timestamp;

/// An IANA time zone. Its rules come with the program, not from the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A stretch of the axis in which the offset does not change.
pub(super) struct Piece {
    offset: Offset,
    /// The first instant after it.
    pub(super) end: Option<Timestamp>,
}

impl Zone {
    /// A zone by its name.
    pub fn parse(name: &str) -> Result<Self, ScheduleError> {
        TimeZone::get(name).map(Self).map_err(|_| ScheduleError::Zone { name: name.to_owned() })
    }

    /// UTC.
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The civil time at an instant.
    pub(super) fn civil(&self, at: Timestamp) -> Option<civil::DateTime> {
        Some(self.0.to_datetime(instant(at)?))
    }

    /// The first instant of a civil time: of one in an overlap the first of the two, of one in a gap the instant after it.
    pub(super) fn first_instant(&self, time: civil::DateTime) -> Option<Timestamp> {
        let [before, after] = match self.0.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Unambiguous { offset } => [offset; 2],
            AmbiguousOffset::Fold { before, after } | AmbiguousOffset::Gap { before, after } => [before, after],
        };
        // Only an instant at which the clocks show this time counts: where a zone's table ends inside of an overlap of the rule
        // that follows it, as in Nuuk in 2023, an overlap is reported that never was.
        let read = [before, after].into_iter().filter_map(|offset| timestamp(offset, time));
        let shown = read.filter(|at| self.civil(*at) == Some(time)).min();
        shown.or_else(|| {
            // Read with the offset that begins after it, a time inside of a gap lies just before the transition.
            let before = offset_instant(after, time)?;
            self.0.following(before).next().map(|transition| from_instant(transition.timestamp()))
        })
    }

    /// The piece around an instant.
    pub(super) fn piece(&self, at: Timestamp) -> Option<Piece> {
        let at = instant(at)?;
        let end = self.0.following(at).next().map(|transition| from_instant(transition.timestamp()));
        Some(Piece { offset: self.0.to_offset(at), end })
    }
}

impl Piece {
    /// The civil time that this piece gives an instant, also one outside of it.
    pub(super) fn civil(&self, at: Timestamp) -> Option<civil::DateTime> {
        Some(self.offset.to_datetime(instant(at)?))
    }

    /// The instant that this piece gives a civil time, also one outside of it.
    pub(super) fn instant(&self, time: civil::DateTime) -> Option<Timestamp> {
        timestamp(self.offset, time)
    }
}

fn instant(at: Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(at.as_millis()).ok()
}

fn from_instant(instant: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(instant.as_millisecond())
}

fn offset_instant(offset: Offset, time: civil::DateTime) -> Option<jiff::Timestamp> {
    offset.to_timestamp(time).ok()
}

fn timestamp(offset: Offset, time: civil::DateTime) -> Option<Timestamp> {
    offset_instant(offset, time).map(from_instant)
}

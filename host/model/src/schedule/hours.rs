//! Times of day in which a transfer may run.

use jiff::ToSpan;
use jiff::civil::Time;

use super::error::ScheduleError;
use super::zone::{Piece, Zone};
use crate::time::Timestamp;

/// Half-open spans of the civil day; none means all of it. A span whose end is not after its start goes over midnight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    spans: Vec<(Time, Time)>,
}

impl Hours {
    /// Reads spans such as `08:00-18:00`. `24:00` is the midnight at the end of the day.
    pub fn parse(texts: &[String]) -> Result<Self, ScheduleError> {
        let spans = texts.iter().map(|text| span(text).ok_or_else(|| ScheduleError::Hours { text: text.clone() }));
        Ok(Self { spans: spans.collect::<Result<_, _>>()? })
    }

    /// None inside of the hours; outside, the instant at which they begin next.
    pub(super) fn opening(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        if self.contain(at, zone) { None } else { self.turn(at, zone) }
    }

    /// None outside of the hours; inside, the instant at which they end next.
    pub(super) fn closing(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        if self.contain(at, zone) { self.turn(at, zone) } else { None }
    }

    fn contain(&self, at: Timestamp, zone: &Zone) -> bool {
        let Some(now) = zone.civil(at).filter(|_| !self.spans.is_empty()) else { return true };
        self.spans.iter().any(|span| contains(*span, now.time()))
    }

    /// The first instant after `at` at which the hours begin or end.
    fn turn(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let inside = self.contain(at, zone);
        let mut edges = self.edges(at, zone);
        edges.sort_unstable();
        edges.into_iter().find(|edge| self.contain(*edge, zone) != inside)
    }

    /// Where hours may begin or end in the next days: at the times of the spans, and where the clock jumps.
    fn edges(&self, at: Timestamp, zone: &Zone) -> Vec<Timestamp> {
        let until = at.plus_millis(DAYS_AHEAD * 24 * 60 * 60 * 1_000);
        let (mut edges, mut from) = (Vec::new(), Some(at).filter(|_| !self.spans.is_empty()));
        while let Some((start, piece)) = from.and_then(|from| Some((from, zone.piece(from)?))) {
            let end = piece.end.unwrap_or(until).min(until);
            edges.extend(self.civil_edges(start, &piece).into_iter().filter(|edge| start < *edge && *edge < end));
            from = Some(end).filter(|end| *end < until);
            edges.extend(from);
        }
        edges
    }

    fn civil_edges(&self, start: Timestamp, piece: &Piece) -> Vec<Timestamp> {
        let Some(first) = piece.civil(start) else { return Vec::new() };
        let days = (0..=DAYS_AHEAD).filter_map(|days| first.date().checked_add(days.days()).ok());
        let times = days.flat_map(|day| {
            self.spans.iter().flat_map(|(start, end)| [*start, *end]).map(move |at| day.to_datetime(at))
        });
        times.filter_map(|time| piece.instant(time)).collect()
    }
}

/// Hours come round every day, but a clock may jump over the ones of a day, and over a whole day.
const DAYS_AHEAD: i64 = 4;

fn contains((start, end): (Time, Time), time: Time) -> bool {
    if start < end { start <= time && time < end } else { time >= start || time < end }
}

fn span(text: &str) -> Option<(Time, Time)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (time(start)?, if end == "24:00" { Time::midnight() } else { time(end)? });
    (start != end).then_some((start, end))
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5)?;
    let two = |digits: &str| digits.parse::<i8>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

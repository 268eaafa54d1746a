//! Times of day, and days, in which a transfer may run.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use super::error::ScheduleError;
use super::zone::{Piece, Zone};
use crate::time::Timestamp;

/// Half-open spans of the civil day; none means all of it. A span whose end is not after its start goes over midnight. On
/// the days of a blackout there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    spans: Vec<(Time, Time)>,
    blackout: Vec<(Date, Date)>,
}

impl Hours {
    /// Reads spans such as `08:00-18:00`. `24:00` is the midnight at the end of the day.
    pub fn parse(texts: &[String]) -> Result<Self, ScheduleError> {
        let spans = texts.iter().map(|text| span(text).ok_or_else(|| ScheduleError::Hours { text: text.clone() }));
        Ok(Self { spans: spans.collect::<Result<_, _>>()?, blackout: Vec::new() })
    }

    /// Takes whole days out, such as `2026-12-24` or `2026-12-24..2026-12-26`.
    pub fn but_not_on(self, texts: &[String]) -> Result<Self, ScheduleError> {
        let days = texts.iter().map(|text| days(text).ok_or_else(|| ScheduleError::Blackout { text: text.clone() }));
        Ok(Self { blackout: days.collect::<Result<_, _>>()?, ..self })
    }

    /// None inside of the hours; outside, the instant at which they begin next.
    pub(super) fn opening(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let mut opening = None;
        for _ in 0..TURNS_MAX {
            let from = opening.unwrap_or(at);
            match self.blackout_end(from, zone) {
                Some(end) => opening = Some(end),
                None if self.contain(from, zone) => break,
                None => opening = Some(self.turn(from, zone)?),
            }
        }
        opening
    }

    /// None outside of the hours; inside, the instant at which they end next.
    pub(super) fn closing(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        if self.blackout_end(at, zone).is_some() || !self.contain(at, zone) {
            return None;
        }
        let starts =
            self.blackout.iter().filter_map(|(first, _)| zone.first_instant(first.to_datetime(Time::midnight())));
        starts.filter(|start| *start > at).chain(self.turn(at, zone)).min()
    }

    /// On a day of a blackout, the first instant after its last day.
    fn blackout_end(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let today = zone.civil(at)?.date();
        let last =
            self.blackout.iter().filter(|(first, last)| *first <= today && today <= *last).map(|(_, last)| *last);
        let after = last.max()?.tomorrow().ok()?;
        zone.first_instant(after.to_datetime(Time::midnight()))
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

/// Blackouts and nights that may follow each other.
const TURNS_MAX: usize = 1_000;

fn days(text: &str) -> Option<(Date, Date)> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last): (Date, Date) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}

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

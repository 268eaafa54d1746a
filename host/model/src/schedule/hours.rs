//! Times of day in which a transfer may run.

use jiff::ToSpan;
use jiff::civil::Time;

use super::error::ScheduleError;
use super::zone::Zone;
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
        let now = zone.civil(at)?;
        if self.spans.is_empty() || self.spans.iter().any(|span| contains(*span, now.time())) {
            return None;
        }
        let days = (0..3).filter_map(|days| now.date().checked_add(days.days()).ok());
        let starts = days.flat_map(|day| self.spans.iter().map(move |(start, _)| day.to_datetime(*start)));
        starts.filter_map(|start| zone.first_instant(start)).filter(|opening| *opening > at).min()
    }
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

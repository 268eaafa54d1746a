//! A cron expression, and where its civil times fall in a zone.

use jiff::civil;

use super::civil::{CivilTimes, Fields};
use super::error::ScheduleError;
use super::field::{DAY, Field, HOUR, MINUTE, MONTH, SECOND, WEEKDAY};
use super::zone::Zone;
use crate::time::Timestamp;

/// A cron expression that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    times: CivilTimes,
    /// Fires at every real instant that fits, not once for each civil time.
    every: bool,
}

impl Cron {
    /// Reads five POSIX fields, or six with seconds before them.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let words = words(text);
        let (second, rest) = match words.as_slice() {
            [minute, rest @ ..] if rest.len() == 4 => (Field::only(0), [&[*minute], rest].concat()),
            [(at, second), rest @ ..] if rest.len() == 5 => (Field::parse(second, *at, &SECOND)?, rest.to_vec()),
            _ => return Err(ScheduleError::Fields { found: words.len() }),
        };
        let units = [&MINUTE, &HOUR, &DAY, &MONTH, &WEEKDAY];
        let parsed = rest.iter().zip(units).map(|((at, field), unit)| Field::parse(field, *at, unit));
        let parsed = parsed.collect::<Result<Vec<_>, _>>()?;
        let &[minute, hour, day, month, weekday] = parsed.as_slice() else {
            return Err(ScheduleError::Fields { found: words.len() });
        };
        let fields = Fields { second, minute, hour, day, month, weekday };
        let every = second.is_every || minute.is_every || hour.is_every;
        CivilTimes::new(&fields).map(|times| Self { times, every }).ok_or(ScheduleError::Never)
    }

    pub(super) fn next_after(&self, last: Timestamp, zone: &Zone) -> Option<Timestamp> {
        if self.every { self.next_real(last, zone) } else { self.next_civil(last, zone) }
    }

    /// Steps civil time inside the piece of the axis between two transitions, then in the next piece. The transition
    /// itself belongs to the piece that it begins.
    fn next_real(&self, last: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let mut after = last;
        let mut piece = zone.piece(after)?;
        loop {
            let next = piece.instant(self.times.next_after(piece.civil(after)?)?)?;
            match piece.end {
                Some(end) if next >= end => {
                    after = end.plus_millis(-1);
                    piece = zone.piece(end)?;
                }
                _ => return Some(next),
            }
        }
    }

    /// Steps civil time. A time at or before the one of `last` never lies after it, so nothing is passed over.
    fn next_civil(&self, last: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let mut civil: civil::DateTime = zone.civil(last)?;
        loop {
            civil = self.times.next_after(civil)?;
            let next = zone.first_instant(civil)?;
            if next > last {
                return Some(next);
            }
        }
    }
}

/// The words of a text, each with the byte at which it begins.
fn words(text: &str) -> Vec<(usize, &str)> {
    let begin = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_ascii_whitespace().map(|word| (begin(word), word)).collect()
}

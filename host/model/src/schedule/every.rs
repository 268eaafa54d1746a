//! Intervals of real time.

use super::error::ScheduleError;
use crate::time::Timestamp;

const SECOND_MS: i64 = 1_000;
const YEAR_MS: i64 = 366 * 24 * 60 * 60 * SECOND_MS;

/// An interval such as `1h30m`. A day is 24 hours here; who means the same time each day writes cron.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Every {
    ms: i64,
}

impl Every {
    /// Reads whole numbers, each with `d`, `h`, `m` or `s`.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let fault = |at| ScheduleError::Every { at, text: text.to_owned() };
        let (mut ms, mut at) = (0_i64, 0);
        while at < text.len() {
            let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            let count: i64 = text[at..at + digits].parse().map_err(|_| fault(at))?;
            at += digits;
            let unit = unit_ms(text.as_bytes().get(at)).ok_or_else(|| fault(at))?;
            ms = ms.saturating_add(count.saturating_mul(unit));
            at += 1;
        }
        if text.is_empty() {
            return Err(fault(0));
        }
        let fits = (SECOND_MS..=YEAR_MS).contains(&ms);
        if fits { Ok(Self { ms }) } else { Err(ScheduleError::EveryLength { text: text.to_owned() }) }
    }

    /// The first multiple after an instant, counted from the beginning or else from 1970.
    pub(super) fn next_after(self, last: Timestamp, beginning: Option<Timestamp>) -> Option<Timestamp> {
        let anchor = beginning.map_or(0, Timestamp::as_millis);
        let passed = last.as_millis().checked_sub(anchor)?.div_euclid(self.ms);
        passed.checked_add(1)?.checked_mul(self.ms)?.checked_add(anchor).map(Timestamp::from_millis)
    }
}

const fn unit_ms(unit: Option<&u8>) -> Option<i64> {
    match unit {
        Some(b'd') => Some(24 * 60 * 60 * SECOND_MS),
        Some(b'h') => Some(60 * 60 * SECOND_MS),
        Some(b'm') => Some(60 * SECOND_MS),
        Some(b's') => Some(SECOND_MS),
        _ => None,
    }
}

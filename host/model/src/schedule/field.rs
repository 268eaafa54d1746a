//! One field of a cron expression.

use super::error::ScheduleError;

/// What a field counts.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) min: u8,
    pub(super) max: u8,
    names: &'static [&'static str],
    names_hint: &'static str,
}

pub(super) const SECOND: Unit = plain("second", 0, 59);
pub(super) const MINUTE: Unit = plain("minute", 0, 59);
pub(super) const HOUR: Unit = plain("hour", 0, 23);
pub(super) const DAY: Unit = plain("day of month", 1, 31);
pub(super) const MONTH: Unit = Unit {
    name: "month",
    min: 1,
    max: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    names_hint: ", or JAN to DEC",
};
/// 0 and 7 are both Sunday.
pub(super) const WEEKDAY: Unit = Unit {
    name: "day of week",
    min: 0,
    max: 7,
    names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    names_hint: ", or SUN to SAT",
};

const fn plain(name: &'static str, min: u8, max: u8) -> Unit {
    Unit { name, min, max, names: &[], names_hint: "" }
}

/// The values that a field stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// One bit for each value.
    bits: u64,
    /// It is `*` and nothing else.
    pub(super) is_star: bool,
    /// It contains `*` or `/`.
    pub(super) is_every: bool,
}

impl Field {
    /// Reads a field that stands at byte `at` of its expression.
    pub(super) fn parse(text: &str, at: usize, unit: &Unit) -> Result<Self, ScheduleError> {
        let foreign =
            |(_, character): &(usize, char)| !character.is_ascii_alphanumeric() && !"*/,-".contains(*character);
        if let Some((offset, character)) = text.char_indices().find(foreign) {
            return Err(ScheduleError::Dialect { at: at + offset, character });
        }
        let (mut bits, mut item_at) = (0, at);
        for item in text.split(',') {
            bits |= item_bits(item, item_at, unit)?;
            item_at += item.len() + 1;
        }
        Ok(Self { bits, is_star: text == "*", is_every: text.contains(['*', '/']) })
    }

    /// Exactly this value.
    pub(super) const fn only(value: u8) -> Self {
        Self { bits: 1 << value, is_star: false, is_every: false }
    }

    pub(super) fn values(self) -> impl Iterator<Item = u8> {
        (0..60).filter(move |value| self.bits >> value & 1 == 1)
    }
}

fn item_bits(item: &str, at: usize, unit: &Unit) -> Result<u64, ScheduleError> {
    let (span, step) = match item.split_once('/') {
        Some((span, step)) => (span, parse_step(step, at + span.len() + 1, unit)?),
        None => (item, 1),
    };
    let (first, last) = match span.split_once('-') {
        _ if span == "*" => (unit.min, if unit.max == 7 { 6 } else { unit.max }),
        Some((first, last)) => {
            let (low, high) = (value(first, at, unit)?, value(last, at + first.len() + 1, unit)?);
            // A week that ends on a Sunday: `FRI-SUN`, `5-7` and `5-0` are the same three days.
            (low, if unit.max == 7 && high == 0 && low > 0 { 7 } else { high })
        }
        None if item.len() > span.len() => (value(span, at, unit)?, unit.max),
        None => {
            let one = value(span, at, unit)?;
            (one, one)
        }
    };
    if first > last {
        return Err(ScheduleError::Backwards { at, text: span.to_owned() });
    }
    let bits = (first..=last).step_by(step.into()).fold(0, |bits, value| bits | 1 << fold_sunday(value, unit));
    Ok(bits)
}

const fn fold_sunday(value: u8, unit: &Unit) -> u8 {
    if unit.max == 7 && value == 7 { 0 } else { value }
}

fn parse_step(text: &str, at: usize, unit: &Unit) -> Result<u8, ScheduleError> {
    let step = number(text).filter(|step| (1..=unit.max).contains(step));
    step.ok_or_else(|| ScheduleError::Step { at, text: text.to_owned(), max: unit.max })
}

fn value(text: &str, at: usize, unit: &Unit) -> Result<u8, ScheduleError> {
    let named = unit.names.iter().zip(unit.min..).find(|(name, _)| name.eq_ignore_ascii_case(text));
    let value = named.map(|(_, value)| value).or_else(|| number(text));
    let known = value.filter(|value| (unit.min..=unit.max).contains(value));
    if known.is_none()
        && let Some((offset, character)) = foreign_letter(text)
    {
        return Err(ScheduleError::Dialect { at: at + offset, character });
    }
    known.ok_or_else(|| ScheduleError::Value {
        at,
        text: text.to_owned(),
        field: unit.name,
        min: unit.min,
        max: unit.max,
        names: unit.names_hint,
    })
}

/// `L`, `W`, `LW`, `15W`, `5L` of other dialects.
fn foreign_letter(text: &str) -> Option<(usize, char)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let foreign = ["L", "W", "LW"].iter().any(|letters| rest.eq_ignore_ascii_case(letters));
    rest.chars().next().filter(|_| foreign).map(|character| (digits, character))
}

fn number(text: &str) -> Option<u8> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

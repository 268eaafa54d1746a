//! Numbers, dates and times as a language writes them.

use fluent_bundle::FluentValue;
use jiff::civil::DateTime;
use weighbridge::model::time::{Timestamp, Zone};

use super::texts::Language;

/// A number in a text.
pub(super) fn shown(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let text = number.as_string();
    text.parse::<i64>().ok().map(|whole| language.number(whole))
}

impl Language {
    /// A whole number with its thousands apart: `12,345`, `12 345`. Polish leaves four digits together (CLDR).
    pub(crate) fn number(self, number: i64) -> String {
        let (apart, from) = match self {
            Self::English => (',', 4),
            Self::Polish => ('\u{a0}', 5),
        };
        let digits = number.unsigned_abs().to_string();
        let sign = if number < 0 { "−" } else { "" };
        if digits.len() < from {
            return format!("{sign}{digits}");
        }
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(apart);
            }
            text.push(digit);
        }
        format!("{sign}{text}")
    }

    /// Bytes as people read them: `1.2 MB`.
    pub(crate) fn bytes(self, bytes: u64) -> String {
        const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
        let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
        while tenths >= 10_000 && unit + 1 < UNITS.len() {
            tenths = tenths.div_ceil(1_000).max(10);
            unit += 1;
        }
        let point = if self == Self::Polish { ',' } else { '.' };
        match (unit, tenths % 10) {
            (0, _) | (_, 0) => format!("{}\u{a0}{}", tenths / 10, UNITS[unit]),
            (_, part) => format!("{}{point}{part}\u{a0}{}", tenths / 10, UNITS[unit]),
        }
    }

    /// A day: `30 March 2026`.
    pub(crate) fn day(self, zone: &Zone, at: Timestamp) -> String {
        civil(zone, at).map(|civil| self.civil_day(civil)).unwrap_or_default()
    }

    /// A day and its time: `30 March 2026, 23:59`.
    pub(crate) fn instant(self, zone: &Zone, at: Timestamp) -> String {
        let Some(civil) = civil(zone, at) else { return String::new() };
        format!("{}, {:02}:{:02}", self.civil_day(civil), civil.hour(), civil.minute())
    }

    /// The time of day to the second, for things that follow each other closely.
    pub(crate) fn clock(zone: &Zone, at: Timestamp) -> String {
        civil(zone, at).map(|at| format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())).unwrap_or_default()
    }

    fn civil_day(self, civil: DateTime) -> String {
        let month = self.say(&format!("month-{}", civil.month()), &[]);
        format!("{} {month} {}", civil.day(), civil.year())
    }

    /// How long ago, or in how long, in the largest unit: `3 hours ago`.
    pub(crate) fn distance(self, now: Timestamp, at: Timestamp) -> String {
        let millis = at.as_millis().saturating_sub(now.as_millis());
        let seconds = millis.abs() / 1_000;
        let (unit, count) = match seconds {
            0..60 => return self.say("time-now", &[]),
            60..3_600 => ("minute", seconds / 60),
            3_600..86_400 => ("hour", seconds / 3_600),
            _ => ("day", seconds / 86_400),
        };
        let side = if millis < 0 { "ago" } else { "in" };
        self.say(&format!("time-{unit}-{side}"), &[("count", count.into())])
    }

    /// How long something took: `1 min 20 s`.
    pub(crate) fn lasting(self, millis: i64) -> String {
        let seconds = millis / 1_000;
        match seconds {
            ..1 => format!("{}\u{a0}ms", millis.max(0)),
            1..60 => format!("{seconds}\u{a0}s"),
            60..3_600 => format!("{}\u{a0}min {}\u{a0}s", seconds / 60, seconds % 60),
            _ => format!("{}\u{a0}h {}\u{a0}min", self.number(seconds / 3_600), seconds % 3_600 / 60),
        }
    }
}

fn civil(zone: &Zone, at: Timestamp) -> Option<DateTime> {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
    Some(zone.rules().to_datetime(instant))
}

#[cfg(test)]
#[path = "../../tests/console/locale.rs"]
mod tests;

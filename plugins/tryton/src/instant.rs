//! Tryton's instants: objects of year, month, … in UTC on the wire, microseconds since 1970 here, ISO 8601 in records.

use serde::Deserialize;
use serde_json::{Value, json};

const DAY_US: i64 = 86_400_000_000;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(pub(crate) i64);

#[derive(Deserialize)]
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    #[serde(default)]
    hour: i64,
    #[serde(default)]
    minute: i64,
    #[serde(default)]
    second: i64,
    #[serde(default)]
    microsecond: i64,
}

impl Instant {
    /// From `{"__class__": "datetime", …}`; nothing for null and everything else.
    pub(crate) fn from_wire(value: &Value) -> Option<Self> {
        let parts = Parts::deserialize(value).ok()?;
        Some(Self::from_parts(&parts))
    }

    /// As Tryton wants it in a domain.
    pub(crate) fn to_wire(self) -> Value {
        let Parts { year, month, day, hour, minute, second, microsecond } = self.parts();
        json!({
            "__class__": "datetime", "year": year, "month": month, "day": day,
            "hour": hour, "minute": minute, "second": second, "microsecond": microsecond,
        })
    }

    /// From ISO 8601 in UTC: a date, or a date and a time with or without a fraction and `Z`.
    pub(crate) fn from_iso(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
        let (clock, fraction) = time.trim_end_matches('Z').split_once('.').unwrap_or((time.trim_end_matches('Z'), "0"));
        let date = numbers::<3>(date.split('-'))?;
        let clock = numbers::<3>(clock.split(':'))?;
        let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
        let parts = Parts {
            year: date[0],
            month: date[1],
            day: date[2],
            hour: clock[0],
            minute: clock[1],
            second: clock[2],
            microsecond: numbers::<1>([fraction.as_str()].into_iter())?[0],
        };
        let instant = Self::from_parts(&parts);
        // A 30 February would come back as a day of March.
        let same = instant.parts();
        (same.day == parts.day && same.month == parts.month && same.hour == parts.hour).then_some(instant)
    }

    /// As it stands in records: always with six digits behind the point, so that texts compare as instants do.
    pub(crate) fn to_iso(self) -> String {
        let Parts { year, month, day, hour, minute, second, microsecond } = self.parts();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{microsecond:06}Z")
    }

    fn from_parts(parts: &Parts) -> Self {
        let days = days_from_civil(parts.year, parts.month, parts.day);
        let seconds = (parts.hour * 60 + parts.minute) * 60 + parts.second;
        Self(days * DAY_US + seconds * 1_000_000 + parts.microsecond)
    }

    fn parts(self) -> Parts {
        let (days, rest) = (self.0.div_euclid(DAY_US), self.0.rem_euclid(DAY_US));
        let (year, month, day) = civil_from_days(days);
        let (seconds, microsecond) = (rest / 1_000_000, rest % 1_000_000);
        Parts { year, month, day, hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, microsecond }
    }
}

fn numbers<'a, const N: usize>(texts: impl Iterator<Item = &'a str>) -> Option<[i64; N]> {
    let is_number = |text: &&str| !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Option<Vec<i64>> = texts.map(|text| Some(text).filter(is_number)?.parse().ok()).collect();
    numbers?.try_into().ok()
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that a leap day ends one.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

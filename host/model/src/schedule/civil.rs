//! Steps of civil time, where no zone and no transition exists.

use std::fmt::Write;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use jiff::civil;

use super::field::Field;

/// The civil times that a cron expression names. Both day fields restricted means either, hence two steppers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CivilTimes {
    steppers: Vec<cron::Schedule>,
}

/// The fields of an expression, from the second to the day of the week.
pub(super) struct Fields {
    pub(super) second: Field,
    pub(super) minute: Field,
    pub(super) hour: Field,
    pub(super) day: Field,
    pub(super) month: Field,
    pub(super) weekday: Field,
}

impl CivilTimes {
    pub(super) fn new(fields: &Fields) -> Option<Self> {
        let wordings = if fields.day.is_star || fields.weekday.is_star {
            vec![fields.wording(Some(&fields.day), Some(&fields.weekday))]
        } else {
            vec![fields.wording(Some(&fields.day), None), fields.wording(None, Some(&fields.weekday))]
        };
        let steppers = wordings.iter().map(|wording| cron::Schedule::from_str(wording).ok()).collect::<Option<_>>();
        steppers.map(|steppers| Self { steppers })
    }

    /// The first of them after a civil time.
    pub(super) fn next_after(&self, after: civil::DateTime) -> Option<civil::DateTime> {
        let after = as_if_utc(after)?;
        let next = self.steppers.iter().filter_map(|stepper| stepper.after(&after).next()).min();
        next.and_then(from_as_if_utc)
    }
}

impl Fields {
    /// In the words of the `cron` crate: seconds first, weekdays by name.
    fn wording(&self, day: Option<&Field>, weekday: Option<&Field>) -> String {
        const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
        let numbers = |field: Option<&Field>| listed(field, |value| value.to_string());
        let mut wording = String::new();
        for field in [&self.second, &self.minute, &self.hour] {
            // Writing to a string cannot fail.
            write!(wording, "{} ", numbers(Some(field))).ok();
        }
        write!(wording, "{} {} ", numbers(day), numbers(Some(&self.month))).ok();
        wording + &listed(weekday, |value| WEEKDAYS[usize::from(value)].to_owned())
    }
}

fn listed(field: Option<&Field>, name: impl Fn(u8) -> String) -> String {
    match field {
        Some(field) if !field.is_star => field.values().map(name).collect::<Vec<_>>().join(","),
        _ => "*".to_owned(),
    }
}

fn as_if_utc(time: civil::DateTime) -> Option<DateTime<Utc>> {
    let date = NaiveDate::from_ymd_opt(time.year().into(), time.month().try_into().ok()?, time.day().try_into().ok()?)?;
    let (hour, minute, second) = (time.hour().try_into().ok()?, time.minute().try_into().ok()?, time.second());
    let nanosecond = time.subsec_nanosecond().try_into().ok()?;
    Some(date.and_hms_nano_opt(hour, minute, second.try_into().ok()?, nanosecond)?.and_utc())
}

fn from_as_if_utc(time: DateTime<Utc>) -> Option<civil::DateTime> {
    let date =
        civil::Date::new(time.year().try_into().ok()?, time.month().try_into().ok()?, time.day().try_into().ok()?);
    let (hour, minute) = (time.hour().try_into().ok()?, time.minute().try_into().ok()?);
    Some(date.ok()?.at(hour, minute, time.second().try_into().ok()?, 0))
}

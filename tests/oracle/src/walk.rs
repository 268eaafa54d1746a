//! The brute-force oracle: it looks at every minute, and computes nothing.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use weighbridge_model::time::Timestamp;

const MINUTE_MS: i64 = 60_000;

/// A five-field expression, understood field by field: which values fit, one bit each.
pub struct Pattern {
    fits: [u64; 5],
    either_day: bool,
    every: bool,
}

/// Every minute of a stretch of time, and what the clocks show at it.
pub struct Axis(Vec<(i64, DateTime)>);

impl Axis {
    /// From one whole minute to another, both included.
    pub fn new(zone: &TimeZone, first: Timestamp, last: Timestamp) -> Self {
        let minutes = (first.as_millis()..=last.as_millis()).step_by(MINUTE_MS as usize);
        let civil = |ms: i64| zone.to_datetime(jiff::Timestamp::from_millisecond(ms).unwrap());
        Self(minutes.map(|ms| (ms, civil(ms))).collect())
    }
}

impl Pattern {
    /// Reads it.
    pub fn new(text: &str) -> Self {
        let fields: Vec<_> = text.split(' ').collect();
        assert_eq!(fields.len(), 5, "{text}");
        let fits = std::array::from_fn(|index| {
            (0..60).filter(|value| field_fits(fields[index], *value, index)).fold(0, |bits, value| bits | 1 << value)
        });
        let every = fields[..2].iter().any(|field| field.contains(['*', '/']));
        Self { fits, either_day: fields[2] != "*" && fields[4] != "*", every }
    }

    fn fits(&self, time: DateTime) -> bool {
        let fits = |index: usize, value: i8| self.fits[index] >> value & 1 == 1;
        let days = || {
            let (day, weekday) = (fits(2, time.day()), fits(4, time.weekday().to_sunday_zero_offset()));
            if self.either_day { day || weekday } else { day && weekday }
        };
        fits(0, time.minute()) && fits(1, time.hour()) && fits(3, time.month()) && days()
    }

    /// All it fires at after the first minute of the axis.
    pub fn walk(&self, Axis(axis): &Axis) -> Vec<Timestamp> {
        let fired = if self.every { self.real(axis) } else { self.fixed(axis) };
        fired.into_iter().filter(|ms| *ms > axis[0].0).map(Timestamp::from_millis).collect()
    }

    fn real(&self, axis: &[(i64, DateTime)]) -> BTreeSet<i64> {
        axis.iter().filter(|(_, civil)| self.fits(*civil)).map(|(ms, _)| *ms).collect()
    }

    /// Each civil minute fires at the first real minute that shows it or a later one.
    fn fixed(&self, axis: &[(i64, DateTime)]) -> BTreeSet<i64> {
        let (first, last) = (axis[0].1, axis[axis.len() - 1].1);
        let mut fired = BTreeSet::new();
        let (mut civil, mut seen) = (first, 0);
        while civil <= last {
            // Later civil minutes never come to lie before earlier ones.
            seen += axis[seen..].iter().position(|(_, shown)| *shown >= civil).unwrap_or(axis.len() - seen);
            if self.fits(civil)
                && let Some((ms, _)) = axis.get(seen)
            {
                fired.insert(*ms);
            }
            civil = civil.checked_add(jiff::SignedDuration::from_mins(1)).unwrap();
        }
        fired
    }
}

fn field_fits(field: &str, value: i8, index: usize) -> bool {
    field.split(',').any(|item| {
        let (span, step) = item.split_once('/').unwrap_or((item, "1"));
        let step: i8 = step.parse().unwrap();
        let min = [0, 0, 1, 1, 0][index];
        let (low, high) = match span.split_once('-') {
            _ if span == "*" => (min, 99),
            Some((low, high)) => (low.parse().unwrap(), high.parse().unwrap()),
            None if item.contains('/') => (span.parse().unwrap(), 99),
            None => (span.parse().unwrap(), span.parse().unwrap()),
        };
        let in_span = |value: i8| (low..=high).contains(&value) && (value - low) % step == 0;
        in_span(value) || (index == 4 && value == 0 && in_span(7))
    })
}

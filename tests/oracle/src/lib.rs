//! When schedules fire, told in two other ways: by a walk that looks at every minute, and by the `croner` crate.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its oracles too")]

mod walk;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr as _;

use jiff::tz::TimeZone;
use weighbridge_model::schedule::Schedule;
use weighbridge_model::time::Timestamp;

pub use walk::{Axis, Pattern};

/// The occurrences in `(after, until]`.
pub fn between(schedule: &Schedule, after: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let mut found = vec![after];
    for next in schedule.occurrences(after).take_while(|next| *next <= until) {
        assert!(found.last().is_some_and(|last| *last < next), "after {:?} comes {next:?}", found.last());
        found.push(next);
    }
    found.split_off(1)
}

/// The same as `croner` has them; none where it gives up, as it does at a gap of three hours, stands still, or finds a fault
/// in itself.
pub fn croner(zone: &TimeZone, pattern: &str, after: Timestamp, until: Timestamp) -> Option<Vec<Timestamp>> {
    let cron = croner::Cron::from_str(pattern).unwrap();
    let instant = |at: Timestamp| jiff::Timestamp::from_millisecond(at.as_millis()).unwrap().to_zoned(zone.clone());
    let (mut found, mut fires) = (Vec::new(), cron.iter_after(instant(after)));
    while let Some(next) = catch_unwind(AssertUnwindSafe(|| fires.next())).ok().flatten() {
        let next = Timestamp::from_millis(next.timestamp().as_millisecond());
        if next > until {
            return Some(found);
        }
        if found.last().is_some_and(|last| next <= *last) {
            return None;
        }
        found.push(next);
    }
    None
}

/// Expressions that fire at every real instant that fits.
pub const EVERY: &[&str] = &[
    "* * * * *",
    "*/5 * * * *",
    "*/7 * * * *",
    "0 * * * *",
    "30 * * * *",
    "15,45 * * * *",
    "0 */2 * * *",
    "*/20 1-3 * * *",
    "10-40/15 0 * * *",
    "*/30 2 * * 0",
    "0 * 29 3 *",
    "0 */6 1 * 1",
];

/// Expressions that name single values.
pub const SINGLE: &[&str] = &[
    "0 0 * * *",
    "30 0 * * *",
    "0 1 * * *",
    "30 1 * * *",
    "59 1 * * *",
    "0 2 * * *",
    "15 2 * * *",
    "30 2 * * *",
    "0 3 * * *",
    "45 23 * * *",
    "30 2 * * 0",
    "0 0 30 * *",
    "30 0 5 4 *",
];

/// Lists and ranges, of which the crate has rules of its own.
pub const LISTS: &[&str] = &[
    "0,30 1,2,3 * * *",
    "0 0-4 * * *",
    "15,45 0,1 * * *",
    "30 1-2 * * 0,6",
    "5,10,15 2 8 * 0",
    "0 0,12 30,31 12 *",
    "10,20,30,40,50 23,0 * * *",
    "30 2 13 * 5",
    "30 1/3 * * *",
];

//! A period begins at midnight of the first day, in the tenant's zone.

use weighbridge_model::meter::{Period, Quota};
use weighbridge_model::time::{Timestamp, Zone};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[track_caller]
fn check(zone: &str, now: &str, start: &str) {
    let found = Quota::default().period_start(&Zone::named(zone).unwrap(), at(now));
    assert_eq!(found, at(start), "{zone} at {now}: {found}");
}

#[test]
fn a_month_begins_at_its_first_instant_in_the_zone() {
    check("UTC", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z");
    check("UTC", "2026-02-28T23:59:59.999Z", "2026-02-01T00:00:00Z");
    check("Europe/Warsaw", "2026-01-31T23:00:00Z", "2026-01-31T23:00:00Z");
    check("Europe/Warsaw", "2026-01-31T22:59:59.999Z", "2025-12-31T23:00:00Z");
    check("America/New_York", "2026-07-01T03:59:00Z", "2026-06-01T04:00:00Z");
}

#[test]
fn a_month_keeps_its_start_when_the_clock_changes_within_it() {
    check("Europe/Warsaw", "2026-03-31T21:59:00Z", "2026-02-28T23:00:00Z");
    check("Europe/Warsaw", "2026-10-31T22:59:00Z", "2026-09-30T22:00:00Z");
}

#[test]
fn a_month_whose_midnight_the_clock_jumps_over_begins_after_the_jump() {
    check("America/Asuncion", "2017-10-01T04:00:00Z", "2017-10-01T04:00:00Z");
    check("America/Asuncion", "2017-10-01T03:59:59Z", "2017-09-01T04:00:00Z");
    check("America/Asuncion", "2017-10-20T12:00:00Z", "2017-10-01T04:00:00Z");
}

#[test]
fn a_month_whose_midnight_comes_twice_begins_with_the_first() {
    check("America/Havana", "2015-11-01T04:00:00Z", "2015-11-01T04:00:00Z");
    check("America/Havana", "2015-11-01T05:30:00Z", "2015-11-01T04:00:00Z");
}

#[test]
fn all_time_has_one_beginning() {
    let quota = Quota { period: Period::Ever, ..Quota::default() };
    for now in ["2026-03-01T00:00:00Z", "1999-01-01T00:00:00Z"] {
        assert_eq!(quota.period_start(&Zone::UTC, at(now)), Timestamp::from_millis(0));
    }
}

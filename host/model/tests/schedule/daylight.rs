//! The table of daylight-saving changes, written out by hand.

use weighbridge_model::schedule::Schedule;

use super::{at, between};

/// The occurrences of one civil day and night, in civil time with its offset.
fn check(zone: &str, pattern: &str, (after, until): (&str, &str), expected: &[&str]) {
    let schedule = Schedule::cron(pattern, zone).unwrap();
    let expected: Vec<_> = expected.iter().map(|instant| at(instant)).collect();
    assert_eq!(between(&schedule, at(after), at(until)), expected, "{pattern} in {zone}");
}

const NEW_YORK: &str = "America/New_York";
const SPRING: (&str, &str) = ("2026-03-08T00:00:00-05:00", "2026-03-08T04:00:00-04:00");
const AUTUMN: (&str, &str) = ("2026-11-01T00:00:00-04:00", "2026-11-01T03:00:00-05:00");

#[test]
fn new_york_leaves_an_hour_out() {
    check(NEW_YORK, "30 2 * * *", SPRING, &["2026-03-08T03:00:00-04:00"]);
    check(NEW_YORK, "0,15,30,45 2 * * *", SPRING, &["2026-03-08T03:00:00-04:00"]);
    check(NEW_YORK, "30 2,3 * * *", SPRING, &["2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00"]);
    check(NEW_YORK, "0 2,3 * * *", SPRING, &["2026-03-08T03:00:00-04:00"]);
    check(
        NEW_YORK,
        "30 * * * *",
        SPRING,
        &["2026-03-08T00:30:00-05:00", "2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00"],
    );
    check(NEW_YORK, "*/30 2 * * *", SPRING, &[]);
}

#[test]
fn new_york_has_an_hour_twice() {
    check(NEW_YORK, "30 1 * * *", AUTUMN, &["2026-11-01T01:30:00-04:00"]);
    check(NEW_YORK, "0,30 1 * * *", AUTUMN, &["2026-11-01T01:00:00-04:00", "2026-11-01T01:30:00-04:00"]);
    check(
        NEW_YORK,
        "*/30 1 * * *",
        AUTUMN,
        &[
            "2026-11-01T01:00:00-04:00",
            "2026-11-01T01:30:00-04:00",
            "2026-11-01T01:00:00-05:00",
            "2026-11-01T01:30:00-05:00",
        ],
    );
    check(
        NEW_YORK,
        "0 * * * *",
        AUTUMN,
        &[
            "2026-11-01T01:00:00-04:00",
            "2026-11-01T01:00:00-05:00",
            "2026-11-01T02:00:00-05:00",
            "2026-11-01T03:00:00-05:00",
        ],
    );
    check(NEW_YORK, "0 2 * * *", AUTUMN, &["2026-11-01T02:00:00-05:00"]);
}

#[test]
fn seconds_follow_the_same_rules() {
    let gap = ("2026-03-08T01:59:59-05:00", "2026-03-08T03:00:05-04:00");
    check(
        NEW_YORK,
        "*/2 * * * * *",
        gap,
        &["2026-03-08T03:00:00-04:00", "2026-03-08T03:00:02-04:00", "2026-03-08T03:00:04-04:00"],
    );
    check(NEW_YORK, "10,20 30 2 * * *", SPRING, &["2026-03-08T03:00:00-04:00"]);
    check(NEW_YORK, "10 30 1 * * *", AUTUMN, &["2026-11-01T01:30:10-04:00"]);
}

#[test]
fn warsaw_changes_at_two_and_at_three() {
    let zone = "Europe/Warsaw";
    let spring = ("2026-03-29T00:00:00+01:00", "2026-03-29T04:00:00+02:00");
    let autumn = ("2026-10-25T00:00:00+02:00", "2026-10-25T04:00:00+01:00");
    check(zone, "15 2 * * *", spring, &["2026-03-29T03:00:00+02:00"]);
    check(zone, "15 2 * * *", autumn, &["2026-10-25T02:15:00+02:00"]);
    check(
        zone,
        "15 2/1 * * *",
        autumn,
        &["2026-10-25T02:15:00+02:00", "2026-10-25T02:15:00+01:00", "2026-10-25T03:15:00+01:00"],
    );
}

#[test]
fn santiago_beirut_and_cairo_have_no_midnight() {
    let santiago = ("2026-09-05T12:00:00-04:00", "2026-09-06T12:00:00-03:00");
    check("America/Santiago", "0 0 * * *", santiago, &["2026-09-06T01:00:00-03:00"]);
    let beirut = ("2026-03-28T12:00:00+02:00", "2026-03-29T12:00:00+03:00");
    check("Asia/Beirut", "0 0 * * *", beirut, &["2026-03-29T01:00:00+03:00"]);
    let cairo = ("2026-04-23T12:00:00+02:00", "2026-04-24T12:00:00+03:00");
    check("Africa/Cairo", "0 0 * * *", cairo, &["2026-04-24T01:00:00+03:00"]);
    check("Africa/Cairo", "0 0 24 4 *", cairo, &["2026-04-24T01:00:00+03:00"]);
}

#[test]
fn santiago_beirut_and_cairo_have_the_last_hour_twice() {
    let santiago = ("2026-04-04T12:00:00-03:00", "2026-04-05T12:00:00-04:00");
    check("America/Santiago", "30 23 * * *", santiago, &["2026-04-04T23:30:00-03:00"]);
    let beirut = ("2026-10-24T12:00:00+03:00", "2026-10-25T12:00:00+02:00");
    check("Asia/Beirut", "30 23 * * *", beirut, &["2026-10-24T23:30:00+03:00"]);
    let cairo = ("2026-10-29T12:00:00+03:00", "2026-10-30T12:00:00+02:00");
    check(
        "Africa/Cairo",
        "*/30 23 * * *",
        cairo,
        &[
            "2026-10-29T23:00:00+03:00",
            "2026-10-29T23:30:00+03:00",
            "2026-10-29T23:00:00+02:00",
            "2026-10-29T23:30:00+02:00",
        ],
    );
}

#[test]
fn apia_leaves_a_whole_day_out() {
    let days = ("2011-12-29T10:00:00-10:00", "2011-12-31T13:00:00+14:00");
    check(
        "Pacific/Apia",
        "0 12 * * *",
        days,
        &["2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00"],
    );
    check(
        "Pacific/Apia",
        "0 */12 * * *",
        days,
        &["2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00"],
    );
    check("Pacific/Apia", "30 5 30 12 *", days, &["2011-12-31T00:00:00+14:00"]);
}

#[test]
fn lord_howe_changes_by_half_an_hour() {
    let zone = "Australia/Lord_Howe";
    let spring = ("2026-10-04T00:00:00+10:30", "2026-10-04T04:00:00+11:00");
    let autumn = ("2026-04-05T00:00:00+11:00", "2026-04-05T03:00:00+10:30");
    check(zone, "15 2 * * *", spring, &["2026-10-04T02:30:00+11:00"]);
    check(zone, "45 2 * * *", spring, &["2026-10-04T02:45:00+11:00"]);
    check(zone, "45 1 * * *", autumn, &["2026-04-05T01:45:00+11:00"]);
    check(
        zone,
        "45 * * * *",
        autumn,
        &[
            "2026-04-05T00:45:00+11:00",
            "2026-04-05T01:45:00+11:00",
            "2026-04-05T01:45:00+10:30",
            "2026-04-05T02:45:00+10:30",
        ],
    );
}

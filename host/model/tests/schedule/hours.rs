//! When allowed hours begin and end, beside a walk from minute to minute.

use weighbridge_model::schedule::{Schedule, Wording};
use weighbridge_model::time::Timestamp;

use super::at;

const MINUTE_MS: i64 = 60_000;

fn schedule(zone: &str, hours: &[&str]) -> Schedule {
    let hours = hours.iter().map(|span| (*span).to_owned()).collect();
    Schedule::parse(Wording { cron: Some("* * * * *".into()), zone: Some(zone.into()), hours, ..Wording::default() })
        .unwrap()
}

/// Asks at every half hour from `from` on, for two days, and compares with the next minute at which the answer differs.
#[track_caller]
fn check(zone: &str, hours: &[&str], from: &str) {
    check_schedule(&schedule(zone, hours), from);
}

#[track_caller]
fn check_schedule(schedule: &Schedule, from: &str) {
    let minutes: Vec<Timestamp> = (0..4 * 24 * 60).map(|minute| at(from).plus_millis(minute * MINUTE_MS)).collect();
    let allowed: Vec<bool> = minutes.iter().map(|minute| schedule.allows(*minute)).collect();
    for start in (0..2 * 24 * 60).step_by(30) {
        let turn = (start..minutes.len()).find(|other| allowed[*other] != allowed[start]).map(|other| minutes[other]);
        let (opens, closes) = (schedule.allows_from(minutes[start]), schedule.allows_until(minutes[start]));
        let wanted = if allowed[start] { (None, turn) } else { (turn, None) };
        assert_eq!((opens, closes), wanted, "{:?} at {}", schedule.wording(), minutes[start]);
    }
}

#[test]
fn begin_and_end_at_their_times_on_ordinary_days() {
    for hours in [&["08:00-18:00"][..], &["22:00-06:00"], &["08:00-12:00", "12:00-13:30", "20:00-24:00"]] {
        check("Europe/Warsaw", hours, "2026-01-09T23:00:00Z");
    }
}

#[test]
fn begin_and_end_where_the_clock_jumps_over_their_times() {
    for hours in [&["02:00-04:00"][..], &["01:00-02:30"], &["02:15-02:45"], &["02:30-05:00"], &["22:00-02:30"]] {
        check("Europe/Warsaw", hours, "2026-03-27T22:00:00Z");
    }
}

#[test]
fn begin_and_end_twice_where_the_clock_is_set_back_over_their_times() {
    for hours in [&["02:00-04:00"][..], &["01:00-02:30"], &["02:15-02:45"], &["02:30-05:00"], &["22:00-02:30"]] {
        check("Europe/Warsaw", hours, "2026-10-23T22:00:00Z");
    }
}

#[test]
fn never_end_when_none_are_given() {
    let schedule = schedule("UTC", &[]);
    assert_eq!(schedule.allows_until(at("2026-01-01T00:00:00Z")), None);
    assert!(schedule.allows(at("2026-01-01T00:00:00Z")));
}

fn but_not_on(zone: &str, hours: &[&str], blackout: &[&str]) -> Schedule {
    let [hours, blackout] = [hours, blackout].map(|texts| texts.iter().map(|text| (*text).to_owned()).collect());
    let (cron, zone) = (Some("* * * * *".into()), Some(zone.into()));
    Schedule::parse(Wording { cron, zone, hours, blackout, ..Wording::default() }).unwrap()
}

#[test]
fn are_none_on_the_days_of_a_blackout() {
    for hours in [&[][..], &["08:00-18:00"], &["22:00-06:00"]] {
        for blackout in [&["2026-01-10"][..], &["2026-01-10..2026-01-11"], &["2026-01-10", "2026-01-11", "2025-12-24"]]
        {
            check_schedule(&but_not_on("Europe/Warsaw", hours, blackout), "2026-01-09T10:00:00Z");
        }
    }
}

#[test]
fn end_and_begin_at_midnight_where_the_clock_jumps_on_a_day_of_a_blackout() {
    check_schedule(&but_not_on("Europe/Warsaw", &["01:00-02:30"], &["2026-03-29"]), "2026-03-27T22:00:00Z");
    // In Cairo the clock jumps over midnight itself.
    check_schedule(&but_not_on("Africa/Cairo", &[], &["2026-04-24"]), "2026-04-22T20:00:00Z");
}

#[test]
fn are_refused_where_a_blackout_is_no_date() {
    for text in ["christmas", "2026-02-30", "2026-12-26..2026-12-24", "2026-12-24..", ""] {
        let wording = Wording { cron: Some("* * * * *".into()), blackout: vec![text.to_owned()], ..Wording::default() };
        assert_eq!(Schedule::parse(wording).unwrap_err().code(), "schedule.blackout", "{text}");
    }
}

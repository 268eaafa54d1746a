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
    let schedule = schedule(zone, hours);
    let minutes: Vec<Timestamp> = (0..4 * 24 * 60).map(|minute| at(from).plus_millis(minute * MINUTE_MS)).collect();
    let allowed: Vec<bool> = minutes.iter().map(|minute| schedule.allows(*minute)).collect();
    for start in (0..2 * 24 * 60).step_by(30) {
        let turn = (start..minutes.len()).find(|other| allowed[*other] != allowed[start]).map(|other| minutes[other]);
        let (opens, closes) = (schedule.allows_from(minutes[start]), schedule.allows_until(minutes[start]));
        let wanted = if allowed[start] { (None, turn) } else { (turn, None) };
        assert_eq!((opens, closes), wanted, "{hours:?} {zone} at {}", minutes[start]);
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

//! Many patterns over every kind of transition, beside the brute-force walk and the `croner` crate.

use jiff::tz::TimeZone;
use weighbridge_model::schedule::Schedule;
use weighbridge_model::time::Timestamp;
use weighbridge_oracle::{Axis, EVERY, LISTS, Pattern, SINGLE, between, croner};

use super::at;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A zone, and an instant near a transition.
const TRANSITIONS: &[(&str, &str)] = &[
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Europe/Warsaw", "2026-03-29T01:00:00Z"),
    ("Europe/Warsaw", "2026-10-25T01:00:00Z"),
    ("America/Santiago", "2026-04-05T03:00:00Z"),
    ("America/Santiago", "2026-09-06T04:00:00Z"),
    ("Asia/Beirut", "2026-03-28T22:00:00Z"),
    ("Asia/Beirut", "2026-10-24T21:00:00Z"),
    ("Africa/Cairo", "2026-04-23T22:00:00Z"),
    ("Africa/Cairo", "2026-10-29T21:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ("Africa/Casablanca", "2026-02-15T02:00:00Z"),
    ("Antarctica/Troll", "2026-03-29T01:00:00Z"),
    ("Asia/Kathmandu", "2026-03-29T01:00:00Z"),
    // The last transition of the zone's table, inside of an overlap of the rule that follows it.
    ("America/Nuuk", "2023-10-29T01:00:00Z"),
    ("UTC", "2026-03-29T01:00:00Z"),
];

#[test]
fn fires_as_the_brute_force_walk_does() {
    for (zone, near) in TRANSITIONS {
        // Days on each side: the walk must not begin or end inside of the transition.
        let (after, until) = (at(near).plus_millis(-3 * DAY_MS), at(near).plus_millis(3 * DAY_MS));
        let axis = Axis::new(&TimeZone::get(zone).unwrap(), after, until);
        for pattern in EVERY.iter().chain(SINGLE).chain(LISTS) {
            let schedule = Schedule::cron(pattern, zone).unwrap();
            let walked = Pattern::new(pattern).walk(&axis);
            assert_eq!(between(&schedule, after, until), walked, "{pattern} in {zone} near {near}");
        }
    }
}

#[test]
fn fires_as_the_walk_does_wherever_it_is_asked_to_begin() {
    for (zone_name, near) in &TRANSITIONS[..13] {
        for pattern in ["*/30 * * * *", "30 1,2 * * *", "0 0 * * *"] {
            let schedule = Schedule::cron(pattern, zone_name).unwrap();
            let until = at(near).plus_millis(DAY_MS);
            let all = between(&schedule, at(near).plus_millis(-DAY_MS), until);
            for minutes in (-180..180).step_by(5) {
                let begin = at(near).plus_millis(minutes * 60_000 + 1);
                let expected: Vec<Timestamp> = all.iter().copied().filter(|instant| *instant > begin).collect();
                assert_eq!(between(&schedule, begin, until), expected, "{pattern} in {zone_name} from {begin}");
            }
        }
    }
}

#[test]
fn fires_as_croner_does_for_every_n_and_single_values() {
    for (zone_name, near) in TRANSITIONS {
        let zone = TimeZone::get(zone_name).unwrap();
        for pattern in EVERY.iter().chain(SINGLE) {
            // Where a whole day is left out, croner ends, and in Nuuk it stands still; the walk and the table by hand stand for it.
            if (*zone_name == "Pacific/Apia" && SINGLE.contains(pattern)) || *zone_name == "America/Nuuk" {
                continue;
            }
            let schedule = Schedule::cron(pattern, zone_name).unwrap();
            let (after, until) = (at(near).plus_millis(-3 * DAY_MS), at(near).plus_millis(3 * DAY_MS));
            let expected = croner(&zone, pattern, after, until).unwrap();
            assert_eq!(between(&schedule, after, until), expected, "{pattern} in {zone_name} near {near}");
        }
    }
}

#[test]
fn steps_through_decades_of_transitions_in_order() {
    for (zone, _) in TRANSITIONS {
        let schedule = Schedule::cron("30 2 * * *", zone).unwrap();
        let mut last = at("2005-01-01T00:00:00Z");
        let mut count = 0;
        for next in schedule.occurrences(last).take_while(|next| *next < at("2015-01-01T00:00:00Z")) {
            assert!(next > last, "{zone}: {next} after {last}");
            (last, count) = (next, count + 1);
        }
        // Once on each of 3,652 civil days; on the day that Apia left out, it came with the next one.
        assert!((3_651..=3_653).contains(&count), "{zone}: {count}");
    }
}

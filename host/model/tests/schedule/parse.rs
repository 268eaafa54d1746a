//! What a schedule may look like, and what is said of the others.

use weighbridge_model::schedule::{Overlap, Schedule, ScheduleError, Wording};

use super::{at, between};

fn cron_error(text: &str) -> ScheduleError {
    Schedule::cron(text, "UTC").unwrap_err()
}

fn check_error(text: &str, code: &str, position: Option<usize>) {
    let error = cron_error(text);
    assert_eq!((error.code(), error.position()), (code, position), "{text:?}: {error}");
}

#[test]
fn refuses_expressions_and_says_where() {
    check_error("", "schedule.fields", None);
    check_error("* * * *", "schedule.fields", None);
    check_error("* * * * * * *", "schedule.fields", None);
    check_error("@daily", "schedule.fields", None);
    check_error("60 * * * *", "schedule.value", Some(0));
    check_error("0 24 * * *", "schedule.value", Some(2));
    check_error("0  24 * * *", "schedule.value", Some(3));
    check_error("0 0 0 * *", "schedule.value", Some(4));
    check_error("0 0 32 * *", "schedule.value", Some(4));
    check_error("0 0 * 13 *", "schedule.value", Some(6));
    check_error("0 0 * FOO *", "schedule.value", Some(6));
    check_error("0 0 * * 8", "schedule.value", Some(8));
    check_error("0 0 * * MON-8", "schedule.value", Some(12));
    check_error("0,15,x * * * *", "schedule.value", Some(5));
    check_error("0,,1 * * * *", "schedule.value", Some(2));
    check_error("- * * * *", "schedule.value", Some(0));
    check_error("22-2 * * * *", "schedule.backwards", Some(0));
    check_error("0 0 * * 5-3", "schedule.backwards", Some(8));
    check_error("*/0 * * * *", "schedule.step", Some(2));
    check_error("*/60 * * * *", "schedule.step", Some(2));
    check_error("*/ * * * *", "schedule.step", Some(2));
    check_error("*/5/5 * * * *", "schedule.step", Some(2));
    check_error("0 0 L * *", "schedule.dialect", Some(4));
    check_error("0 0 15W * *", "schedule.dialect", Some(6));
    check_error("0 0 ? * *", "schedule.dialect", Some(4));
    check_error("0 0 * * 5#2", "schedule.dialect", Some(9));
    check_error("0 0 * * 5L", "schedule.dialect", Some(9));
    check_error("0 0 31 2 *", "schedule.never", None);
    check_error("0 0 30 2 *", "schedule.never", None);
}

#[test]
fn says_what_to_write_instead() {
    let message = cron_error("0 0 * * 8").to_string();
    assert_eq!(message, "`8` at byte 8 is no day of week; write a number from 0 to 7, or SUN to SAT");
}

#[test]
fn refuses_what_does_not_fit_together() {
    let parse = |wording| Schedule::parse(wording).unwrap_err().code();
    let hourly = || Wording { cron: Some("0 * * * *".into()), ..Wording::default() };
    assert_eq!(parse(Wording::default()), "schedule.rhythm");
    assert_eq!(parse(Wording { every: Some("1h".into()), ..hourly() }), "schedule.rhythm");
    assert_eq!(parse(Wording { zone: Some("Europe/Krakow".into()), ..hourly() }), "schedule.zone");
    let (early, late) = (Some(at("2026-01-01T00:00:00Z")), Some(at("2026-02-01T00:00:00Z")));
    assert_eq!(parse(Wording { not_before: late, not_after: early, ..hourly() }), "schedule.bounds");
    assert_eq!(
        parse(Wording { not_before: early, not_after: early, cron: Some("1 * * * *".into()), ..hourly() }),
        "schedule.never"
    );
    for hours in ["8:00-18:00", "08:00", "08:00-08:00", "08:00-25:00", "24:00-08:00", "08-18"] {
        assert_eq!(parse(Wording { hours: vec![hours.into()], ..hourly() }), "schedule.hours", "{hours}");
    }
    let nights = Wording { cron: Some("0 3 * * *".into()), hours: vec!["08:00-18:00".into()], ..Wording::default() };
    assert_eq!(parse(nights), "schedule.never");
    for (every, code) in [
        ("", "every"),
        ("5", "every"),
        ("m", "every"),
        ("5x", "every"),
        ("0s", "every_length"),
        ("400d", "every_length"),
        ("-5m", "every"),
    ] {
        let wording = Wording { every: Some(every.into()), ..Wording::default() };
        assert_eq!(parse(wording), format!("schedule.{code}"), "{every}");
    }
}

#[test]
fn both_day_fields_mean_either() {
    let fired = between(
        &Schedule::cron("0 0 13 * FRI", "UTC").unwrap(),
        at("2026-03-01T00:00:00Z"),
        at("2026-03-20T00:00:00Z"),
    );
    let days = ["2026-03-06", "2026-03-13", "2026-03-20"].map(|day| at(&format!("{day}T00:00:00Z")));
    assert_eq!(fired, days);
    let fired =
        between(&Schedule::cron("0 0 10 * 5", "UTC").unwrap(), at("2026-03-01T00:00:00Z"), at("2026-03-14T00:00:00Z"));
    let days = ["2026-03-06", "2026-03-10", "2026-03-13"].map(|day| at(&format!("{day}T00:00:00Z")));
    assert_eq!(fired, days);
}

#[test]
fn zero_and_seven_are_sunday() {
    let fires_on = |days: &str| {
        let schedule = Schedule::cron(&format!("0 0 * * {days}"), "UTC").unwrap();
        // 2026-03-01 is a Sunday.
        let fired = between(&schedule, at("2026-02-28T23:00:00Z"), at("2026-03-07T00:00:00Z"));
        fired.iter().map(|instant| instant.to_string()[8..10].to_owned()).collect::<Vec<_>>().join(" ")
    };
    for (days, expected) in [
        ("0", "01"),
        ("7", "01"),
        ("SUN", "01"),
        ("sun,Mon", "01 02"),
        ("1", "02"),
        ("6", "07"),
        ("5-7", "01 06 07"),
        ("FRI-SUN", "01 06 07"),
        ("0-2", "01 02 03"),
        ("*/2", "01 03 05 07"),
        ("1-5/2", "02 04 06"),
    ] {
        assert_eq!(fires_on(days), expected, "{days}");
    }
}

#[test]
fn intervals_keep_their_beat() {
    let wording =
        Wording { every: Some("1h30m".into()), not_before: Some(at("2026-01-01T00:10:00Z")), ..Wording::default() };
    let fired = between(&Schedule::parse(wording).unwrap(), at("2025-01-01T00:00:00Z"), at("2026-01-01T03:10:00Z"));
    assert_eq!(fired, ["00:10", "01:40", "03:10"].map(|time| at(&format!("2026-01-01T{time}:00Z"))));
    let wording = Wording { every: Some("15m".into()), ..Wording::default() };
    let next = Schedule::parse(wording).unwrap().next_after(at("2026-01-01T00:07:00.5Z"));
    assert_eq!(next, Some(at("2026-01-01T00:15:00Z")));
}

#[test]
fn stays_within_its_bounds_and_hours() {
    let wording = Wording {
        cron: Some("0 */4 * * *".into()),
        zone: Some("Europe/Warsaw".into()),
        not_before: Some(at("2026-01-01T04:00:00+01:00")),
        not_after: Some(at("2026-01-02T16:00:00+01:00")),
        hours: vec!["22:00-05:00".into(), "11:30-12:30".into()],
        ..Wording::default()
    };
    let schedule = Schedule::parse(wording).unwrap();
    let expected = ["01T04", "01T12", "02T00", "02T04", "02T12"].map(|time| at(&format!("2026-01-{time}:00:00+01:00")));
    assert_eq!(schedule.occurrences(at("2020-01-01T00:00:00Z")).collect::<Vec<_>>(), expected);
    assert!(schedule.allows(at("2026-01-01T23:59:00+01:00")) && schedule.allows(at("2026-01-01T04:59:59+01:00")));
    assert_eq!(schedule.allows_from(at("2026-01-01T05:00:00+01:00")), Some(at("2026-01-01T11:30:00+01:00")));
    assert_eq!(schedule.allows_from(at("2026-01-01T13:00:00+01:00")), Some(at("2026-01-01T22:00:00+01:00")));
}

#[test]
fn jitter_is_constant_for_an_id_and_differs_between_ids() {
    let wording = Wording { every: Some("1h".into()), jitter_ms: 60_000, ..Wording::default() };
    let schedule = Schedule::parse(wording).unwrap();
    let shares: Vec<i64> = (0..100).map(|id| schedule.jitter_ms(&format!("transfer-{id}"))).collect();
    assert!(shares.iter().all(|share| (0..=60_000).contains(share)));
    assert!(shares.iter().max().unwrap() - shares.iter().min().unwrap() > 30_000);
    assert_eq!(schedule.jitter_ms("transfer-1"), shares[1]);
    assert_eq!(Schedule::cron("0 * * * *", "UTC").unwrap().jitter_ms("transfer-1"), 0);
}

#[test]
fn is_stored_as_it_was_written() {
    let text = r#"{"cron":"*/15 8-18 * * MON-FRI","zone":"Europe/Warsaw","overlap":"cancel_other","catch_up":{"mode":"all","window_ms":60000}}"#;
    let schedule: Schedule = serde_json::from_str(text).unwrap();
    assert_eq!(schedule.wording().overlap, Overlap::CancelOther);
    assert_eq!(serde_json::to_string(&schedule).unwrap(), text);
    assert!(serde_json::from_str::<Schedule>(r#"{"cron":"* * * * *","timezone":"UTC"}"#).is_err());
    let broken = serde_json::from_str::<Schedule>(r#"{"cron":"61 * * * *"}"#).unwrap_err();
    assert!(broken.to_string().contains("`61` at byte 0 is no minute"), "{broken}");
}

//! Nothing that was missed is missed in silence.

use weighbridge_model::schedule::{CatchUp, CatchUpMode, Due, PassedReason, Schedule, Standing, Wording};
use weighbridge_model::time::Timestamp;

use super::at;

fn due(mode: CatchUpMode, window_ms: u64, last: &str, now: &str) -> Due {
    let catch_up = CatchUp { mode, window_ms };
    let wording = Wording { cron: Some("0 * * * *".into()), catch_up, ..Wording::default() };
    Schedule::parse(wording).unwrap().due("transfer", at(last), at(now))
}

fn hours(runs: &[Timestamp]) -> String {
    runs.iter().map(|run| run.to_string()[11..13].to_owned()).collect::<Vec<_>>().join(" ")
}

fn passed(due: &Due) -> Vec<(PassedReason, u64, String)> {
    due.passed_over.iter().map(|one| (one.reason, one.count, hours(&[one.first, one.last]))).collect()
}

const HOUR_MS: u64 = 3_600_000;

#[test]
fn runs_an_occurrence_that_is_on_time_whatever_the_policy() {
    for mode in [CatchUpMode::LatestOne, CatchUpMode::All, CatchUpMode::None] {
        let due = due(mode, 0, "2026-01-01T03:00:00Z", "2026-01-01T04:00:30Z");
        assert_eq!((hours(&due.runs), passed(&due)), ("04".into(), vec![]), "{mode:?}");
        assert_eq!(due.last, Some(at("2026-01-01T04:00:00Z")));
        assert_eq!(due.next, Some(at("2026-01-01T05:00:00Z")));
    }
}

#[test]
fn waits_where_nothing_is_due() {
    let due = due(CatchUpMode::All, HOUR_MS, "2026-01-01T03:00:00Z", "2026-01-01T03:59:59Z");
    assert_eq!((due.runs.len(), due.last, due.next), (0, None, Some(at("2026-01-01T04:00:00Z"))));
}

#[test]
fn makes_up_for_the_latest_of_those_that_are_young_enough() {
    let due = due(CatchUpMode::LatestOne, 3 * HOUR_MS, "2026-01-01T00:00:00Z", "2026-01-01T08:30:00Z");
    assert_eq!(hours(&due.runs), "08");
    assert_eq!(
        passed(&due),
        [(PassedReason::TooOld, 5, "01 05".into()), (PassedReason::Superseded, 2, "06 07".into())]
    );
}

#[test]
fn makes_up_for_all_of_them() {
    let due = due(CatchUpMode::All, 3 * HOUR_MS, "2026-01-01T00:00:00Z", "2026-01-01T08:30:00Z");
    assert_eq!(hours(&due.runs), "06 07 08");
    assert_eq!(passed(&due), [(PassedReason::TooOld, 5, "01 05".into())]);
}

#[test]
fn makes_up_for_none_of_them() {
    let due = due(CatchUpMode::None, 3 * HOUR_MS, "2026-01-01T00:00:00Z", "2026-01-01T08:30:00Z");
    assert_eq!(hours(&due.runs), "");
    assert_eq!(passed(&due), [(PassedReason::TooOld, 8, "01 08".into())]);
}

#[test]
fn never_fires_again_when_the_clock_goes_back() {
    let due = due(CatchUpMode::All, HOUR_MS, "2026-01-01T08:00:00Z", "2026-01-01T03:00:30Z");
    assert_eq!((due.runs.len(), due.last, due.next), (0, None, Some(at("2026-01-01T09:00:00Z"))));
}

#[test]
fn waits_for_the_share_of_jitter_too() {
    let wording = Wording { cron: Some("0 * * * *".into()), jitter_ms: 600_000, ..Wording::default() };
    let schedule = Schedule::parse(wording).unwrap();
    let (last, next) = (at("2026-01-01T03:00:00Z"), at("2026-01-01T04:00:00Z"));
    let late = next.plus_millis(schedule.jitter_ms("transfer"));
    assert_eq!(schedule.due("transfer", last, late.plus_millis(-1)).runs, []);
    assert_eq!(schedule.due("transfer", last, late).runs, [next]);
}

fn standing(mode: CatchUpMode, standing: Standing, now: &str) -> Due {
    let catch_up = CatchUp { mode, window_ms: HOUR_MS };
    let wording = Wording { cron: Some("0 * * * *".into()), catch_up, ..Wording::default() };
    Schedule::parse(wording).unwrap().due("transfer", standing, at(now))
}

#[test]
fn passes_over_what_lies_in_a_pause_and_runs_what_comes_at_its_end() {
    let last = at("2026-01-01T03:00:00Z");
    let paused = Standing { paused_until: Some(at("2026-01-01T06:00:00Z")), ..last.into() };
    let due = standing(CatchUpMode::LatestOne, paused, "2026-01-01T06:00:10Z");
    assert_eq!(hours(&due.runs), "06");
    assert_eq!(passed(&due), [(PassedReason::Paused, 2, "04 05".into())]);
}

#[test]
fn does_not_call_late_what_waited_for_a_run_to_end() {
    let waited = Standing { waiting_from: Some(at("2026-01-01T04:00:00Z")), ..at("2026-01-01T03:30:00Z").into() };
    for mode in [CatchUpMode::LatestOne, CatchUpMode::None] {
        let due = standing(mode, waited, "2026-01-01T09:30:00Z");
        assert_eq!(hours(&due.runs), "09", "{mode:?}");
        assert_eq!(passed(&due), [(PassedReason::Superseded, 5, "04 08".into())], "{mode:?}");
    }
    let missed = Standing { waiting_from: None, ..waited };
    assert_eq!(hours(&standing(CatchUpMode::None, missed, "2026-01-01T09:30:00Z").runs), "");
}

//! Windows are half-open: the first instant is inside, the last one is not.

use weighbridge_model::gate::{Facts, RefusalCode};
use weighbridge_model::time::{Timestamp, Window};

use super::{MINUTE_MS, NOW, hours, open, said, side};

type Place = fn(&mut Facts) -> &mut Window;

/// Every window of the gate, with the codes before it and after it.
const WINDOWS: [(Place, RefusalCode, RefusalCode); 5] = [
    (|facts| &mut facts.customer_window, RefusalCode::CustomerNotStarted, RefusalCode::CustomerEnded),
    (|facts| &mut side(facts, 0).connection.window, RefusalCode::ConnectionNotStarted, RefusalCode::ConnectionEnded),
    (|facts| &mut side(facts, 1).connection.window, RefusalCode::ConnectionNotStarted, RefusalCode::ConnectionEnded),
    (|facts| &mut side(facts, 0).endpoint.window, RefusalCode::EndpointNotStarted, RefusalCode::EndpointEnded),
    (|facts| &mut side(facts, 1).endpoint.window, RefusalCode::EndpointNotStarted, RefusalCode::EndpointEnded),
];

fn window(start: Option<i64>, end: Option<i64>) -> Window {
    Window { start: start.map(|ms| NOW.plus_millis(ms)), end: end.map(|ms| NOW.plus_millis(ms)) }
}

fn check(window: Window, wanted: impl Fn(RefusalCode, RefusalCode) -> Option<RefusalCode>) {
    for (place, before, after) in WINDOWS {
        let mut facts = open();
        *place(&mut facts) = window;
        assert_eq!(said(&facts, NOW), wanted(before, after), "{window:?}");
    }
}

#[test]
fn moves_from_the_first_instant_to_the_one_before_the_end() {
    for (start, end) in [(None, None), (Some(0), None), (None, Some(1)), (Some(0), Some(1)), (Some(-9), Some(9))] {
        check(window(start, end), |_, _| None);
    }
}

#[test]
fn refuses_before_the_first_instant() {
    for (start, end) in [(Some(1), None), (Some(1), Some(2))] {
        check(window(start, end), |before, _| Some(before));
    }
}

#[test]
fn refuses_from_the_end_on() {
    for (start, end) in [(None, Some(0)), (Some(-1), Some(0)), (None, Some(-1))] {
        check(window(start, end), |_, after| Some(after));
    }
}

#[test]
fn refuses_always_when_the_end_is_not_after_the_start() {
    for (start, end) in [(0, 0), (5, 5), (-5, -5), (5, -5), (9, 5)] {
        check(window(Some(start), Some(end)), |_, after| Some(after));
    }
}

#[track_caller]
fn check_hours(span: &str, minutes: i64, wanted: Option<RefusalCode>) {
    let mut facts = open();
    facts.transfer.schedule = Some(hours(span));
    let at: Timestamp = NOW.plus_millis(minutes * MINUTE_MS);
    assert_eq!(said(&facts, at), wanted, "{span} at {at}");
}

#[test]
fn moves_inside_of_allowed_hours_also_when_they_go_over_midnight() {
    check_hours("09:30-10:00", 0, None);
    check_hours("09:00-10:00", 29, None);
    check_hours("22:00-10:00", 0, None);
    check_hours("22:00-10:00", 14 * 60, None);
}

#[test]
fn refuses_outside_of_allowed_hours() {
    check_hours("09:31-10:00", 0, Some(RefusalCode::TransferOutsideHours));
    check_hours("09:00-10:00", 30, Some(RefusalCode::TransferOutsideHours));
    check_hours("22:00-09:30", 0, Some(RefusalCode::TransferOutsideHours));
}

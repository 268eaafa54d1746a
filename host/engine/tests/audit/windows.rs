//! Windows that begin or end are told of once, also those that were crossed while nobody was there.

use std::collections::BTreeSet;

use weighbridge::account::{AuditFilter, NewAccess};
use weighbridge::document::WindowDocument;
use weighbridge::model::time::Timestamp;

use crate::pull::desk::{Desk, HOUR_MS, NOON, access};
use crate::pull::source::Register;
use crate::rights::may;

fn window(start: Option<Timestamp>, end: Option<Timestamp>) -> WindowDocument {
    WindowDocument { start: start.map(|at| at.to_string()), end: end.map(|at| at.to_string()) }
}

/// What the host told of by itself, the oldest first.
fn told(desk: &Desk) -> Vec<(String, String)> {
    let filter = AuditFilter { actor: Some("host".into()), ..AuditFilter::default() };
    let page = desk.engine.audit_of_customer(&may(desk.scope), &filter).unwrap();
    page.items.into_iter().rev().map(|line| (line.line.act.to_string(), line.line.detail)).collect()
}

fn words(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(act, _)| act.as_str()).collect()
}

async fn desk(start: i64, end: i64) -> Desk {
    let (start, end) = (NOON.plus_millis(start * HOUR_MS), NOON.plus_millis(end * HOUR_MS));
    let new = NewAccess { window: window(Some(start), Some(end)), ..access() };
    Desk::with(Register::with_orders(1), "", new).await
}

#[tokio::test]
async fn tells_once_when_a_window_begins_and_when_it_ends() {
    let desk = desk(1, 3).await;
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 0);
    desk.pass(HOUR_MS);
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 1, "the first instant is inside");
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 0);
    desk.pass(2 * HOUR_MS);
    desk.engine.tell_of_windows().await.unwrap();
    let told = told(&desk);
    assert_eq!(words(&told), ["service.started", "service.ended"]);
    assert!(told.iter().all(|(_, about)| *about == desk.access_id), "{told:?}");
}

#[tokio::test]
async fn tells_after_a_start_of_what_was_crossed_while_nobody_was_there() {
    let mut desk = desk(1, 3).await;
    desk.engine.tell_of_windows().await.unwrap();
    desk.pass(10 * HOUR_MS);
    desk.enter_again().await;
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 2);
    desk.enter_again().await;
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 0, "a start tells of nothing twice");
    assert_eq!(words(&told(&desk)), ["service.started", "service.ended"]);
}

#[tokio::test]
async fn tells_of_windows_as_they_are_and_not_as_they_were() {
    let desk = desk(1, 3).await;
    desk.engine.tell_of_windows().await.unwrap();
    let later = NOON.plus_millis(5 * HOUR_MS);
    desk.customer(&format!("window = {{ end = \"{later}\" }}")).await;
    let change = weighbridge::account::ChangeAccess { window: Some(window(None, None)), ..Default::default() };
    desk.engine.change_service(&may(desk.scope), desk.service, &change, None).await.unwrap();
    desk.pass(4 * HOUR_MS);
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 0, "the service has no window any more");
    desk.pass(HOUR_MS);
    desk.engine.tell_of_windows().await.unwrap();
    assert_eq!(told(&desk), [("customer.ended".to_owned(), "acme".to_owned())]);
}

#[tokio::test]
async fn tells_of_nothing_when_the_clock_goes_back() {
    let desk = desk(1, 3).await;
    desk.pass(2 * HOUR_MS);
    desk.engine.tell_of_windows().await.unwrap();
    desk.set(NOON);
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 0);
    desk.pass(2 * HOUR_MS);
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 0);
}

#[tokio::test]
async fn tells_of_more_than_fit_in_one_transaction_each_once() {
    let desk = desk(1, 2).await;
    for (count, hour) in [(300, 3), (700, 4)] {
        let end = NOON.plus_millis(hour * HOUR_MS);
        for number in 0..count {
            let name = format!("service {hour} {number}");
            let new = NewAccess { name, window: window(None, Some(end)), ..access() };
            desk.engine.create_service(&may(desk.scope), &new).await.unwrap();
        }
    }
    desk.engine.tell_of_windows().await.unwrap();
    desk.pass(5 * HOUR_MS);
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 1_002);
    assert_eq!(desk.engine.tell_of_windows().await.unwrap(), 0);
    let filter = |act: &str| AuditFilter { act: Some(act.into()), limit: Some(1_000), ..AuditFilter::default() };
    let page = desk.engine.audit_of_customer(&may(desk.scope), &filter("service.ended")).unwrap();
    let rest = AuditFilter { cursor: page.next.clone(), ..filter("service.ended") };
    let rest = desk.engine.audit_of_customer(&may(desk.scope), &rest).unwrap();
    let about: BTreeSet<_> = page.items.iter().chain(&rest.items).map(|line| line.line.detail.clone()).collect();
    assert_eq!((page.items.len() + rest.items.len(), about.len()), (1_001, 1_001));
}

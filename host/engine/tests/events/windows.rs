//! Windows: each of their marks is told of once, also those that were crossed while nobody was there.

use weighbridge::account::NewAccess;
use weighbridge::document::WindowDocument;
use weighbridge::events::EventFilter;
use weighbridge::model::access::{Actor, authorize};
use weighbridge::model::event::EventKind;

use crate::pull::desk::{Desk, HOUR_MS, NOON, access};
use crate::pull::source::Register;

const DAY_MS: i64 = 24 * HOUR_MS;

async fn desk() -> Desk {
    let at = |ms| Some(NOON.plus_millis(ms).to_string());
    let window = WindowDocument { start: at(HOUR_MS), end: at(20 * DAY_MS) };
    let desk = Desk::with(Register::with_orders(1), "", NewAccess { window, ..access() }).await;
    desk.engine.tell_of_windows().await.unwrap();
    desk
}

/// The newest first.
fn kinds(desk: &Desk) -> Vec<EventKind> {
    let may = authorize(&Actor::owner(), desk.scope.tenant_id()).unwrap();
    let found = desk.engine.events(&may, &EventFilter::default()).unwrap().items;
    assert!(found.iter().all(|one| one.data.service.is_some()));
    found.iter().map(|one| one.kind).collect()
}

#[tokio::test]
async fn a_window_is_told_of_when_it_opens_ends_soon_and_ends() {
    let desk = desk().await;
    for millis in [HOUR_MS, 0, 14 * DAY_MS, 0, 6 * DAY_MS, 0] {
        desk.pass(millis);
        desk.engine.tell_of_windows().await.unwrap();
    }
    assert_eq!(kinds(&desk), [EventKind::WindowClosed, EventKind::WindowClosingSoon, EventKind::WindowOpened]);
}

#[tokio::test]
async fn a_window_that_ended_is_not_said_to_end_soon() {
    let mut desk = desk().await;
    desk.pass(21 * DAY_MS);
    desk.enter_again().await;
    desk.engine.tell_of_windows().await.unwrap();
    desk.enter_again().await;
    desk.engine.tell_of_windows().await.unwrap();
    assert_eq!(kinds(&desk), [EventKind::WindowClosed, EventKind::WindowOpened]);
}

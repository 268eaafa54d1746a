//! Transfers that fail run after run.

use weighbridge::account::AuditFilter;
use weighbridge::events::EventFilter;
use weighbridge::model::access::{Actor, authorize, kinds};
use weighbridge::model::event::EventKind;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::run::RunState;
use weighbridge_native::{Hands, House, Shop};

use crate::rights::{at, may};

/// A house whose shop is busy, and whose transfer may fail twice.
async fn failing() -> (House, Hands) {
    let clock = Hands::at(at("2026-01-05T08:00:00Z"));
    let shop = Shop::with_orders(9);
    let house = House::new(shop.clone(), "failures_max = 2").await.like(shop, &clock).await;
    *house.shop.busy.lock().unwrap() = u32::MAX;
    (house, clock)
}

async fn fails(house: &House, clock: &Hands, time: &str) {
    clock.set(at(&format!("2026-01-{time}Z")));
    assert_eq!(house.run().await.run.state, RunState::Failed);
}

fn acts(house: &House) -> Vec<String> {
    let lines = house.engine.audit_of_customer(&may(house), &AuditFilter::default()).unwrap().items;
    lines.into_iter().map(|line| line.line.act.to_string()).filter(|act| act.starts_with("transfer.")).collect()
}

/// What the tenant is told, the oldest first, with the failures that it says.
fn told(house: &House) -> Vec<(EventKind, Option<u32>)> {
    let may = authorize(&Actor::owner(), house.scope().tenant_id()).unwrap();
    let mut found = house.engine.events(&may, &EventFilter::default()).unwrap().items;
    found.reverse();
    found.into_iter().map(|event| (event.kind, event.data.failures.map(|failures| failures.runs))).collect()
}

#[tokio::test]
async fn a_transfer_that_fails_for_a_day_is_suspended_until_somebody_lets_it_go_on() {
    let (house, clock) = failing().await;
    for time in ["05T08:00:00", "05T09:00:00", "05T10:00:00"] {
        fails(&house, &clock, time).await;
        assert!(!house.engine.transfer(&may(&house), house.transfer()).unwrap().suspended, "{time}");
    }
    fails(&house, &clock, "06T08:30:00").await;
    let seen = house.engine.transfer(&may(&house), house.transfer()).unwrap();
    assert_eq!((seen.suspended, seen.failures), (true, 4));
    assert_eq!(house.run().await.run.refusal.unwrap().code, RefusalCode::TransferSuspended);
    let failed = EventKind::RunFailed;
    assert_eq!(told(&house), [(failed, Some(1)), (failed, Some(2)), (EventKind::TransferSuspended, None)]);
    *house.shop.busy.lock().unwrap() = 0;
    assert_eq!(house.run().await.run.state, RunState::Refused, "it does not go on by itself");
    let resumed = house.engine.resume_transfer(&may(&house), house.transfer()).await.unwrap();
    assert_eq!((resumed.suspended, resumed.failures, resumed.failing_since), (false, 0, None));
    house.run_to_the_end().await;
    assert_eq!(acts(&house)[..2], ["transfer.resumed", "transfer.suspended"], "the newest first");
}

#[tokio::test]
async fn a_transfer_that_did_its_work_in_between_is_not_suspended() {
    let (house, clock) = failing().await;
    fails(&house, &clock, "05T08:00:00").await;
    *house.shop.busy.lock().unwrap() = 0;
    house.run_to_the_end().await;
    *house.shop.busy.lock().unwrap() = u32::MAX;
    house.shop.order();
    fails(&house, &clock, "06T08:30:00").await;
    let seen = house.engine.transfer(&may(&house), house.transfer()).unwrap();
    assert_eq!((seen.suspended, seen.failures), (false, 1));
}

/// What the doctor finds of transfers.
async fn found(house: &House) -> Vec<String> {
    let may = authorize::<kinds::HostRead>(&Actor::owner(), ()).unwrap();
    let found = house.engine.host_findings(&may).await.unwrap().items;
    found.into_iter().map(|one| one.code).filter(|code| code.starts_with("doctor.transfers")).collect()
}

#[tokio::test]
async fn the_doctor_finds_a_transfer_that_is_suspended_until_somebody_lets_it_go_on() {
    let (house, clock) = failing().await;
    assert_eq!(found(&house).await, [""; 0]);
    for time in ["05T08:00:00", "05T09:00:00", "06T08:30:00"] {
        fails(&house, &clock, time).await;
    }
    assert_eq!(found(&house).await, ["doctor.transfers_suspended"]);
    house.engine.resume_transfer(&may(&house), house.transfer()).await.unwrap();
    clock.set(at("2026-01-06T09:30:00Z"));
    assert_eq!(found(&house).await, [""; 0]);
}

#[tokio::test]
async fn the_doctor_finds_a_transfer_that_has_failed_for_a_week_and_says_nothing_before() {
    let (clock, shop) = (Hands::at(at("2026-01-05T08:00:00Z")), Shop::with_orders(9));
    let house = House::new(shop.clone(), "failures_max = 1000").await.like(shop, &clock).await;
    *house.shop.busy.lock().unwrap() = u32::MAX;
    fails(&house, &clock, "05T08:00:00").await;
    fails(&house, &clock, "12T07:59:59").await;
    assert_eq!(found(&house).await, [""; 0]);
    fails(&house, &clock, "12T08:01:00").await;
    assert_eq!(found(&house).await, ["doctor.transfers_failing"]);
}

//! The source is told of every settled batch, whatever ends the run after it, and never when it was left in the middle of a call.

use std::time::Duration;

use weighbridge::RunOutcome;
use weighbridge::account::CancelRun;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

/// Up to where it was told.
fn told(house: &House) -> Vec<String> {
    house.shop.settled.lock().unwrap().clone()
}

/// A run of nine orders in three batches. While the first one is written and the page of the second does not come, something
/// is done; the first one is settled, and then the page comes.
async fn between_two(act: impl AsyncFnOnce(&House)) -> (House, RunOutcome) {
    between_two_of(House::new(Shop::with_orders(9), "").await, act, true).await
}

async fn between_two_of(house: House, act: impl AsyncFnOnce(&House), comes: bool) -> (House, RunOutcome) {
    house.shop.pages.at(1);
    house.warehouse.writes.at(0);
    let (outcome, ()) = tokio::join!(house.run(), async {
        house.shop.pages.comes().await;
        house.warehouse.writes.comes().await;
        act(&house).await;
        house.warehouse.writes.let_go();
        while house.held() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if comes {
            assert!(told(&house).is_empty(), "the page is waited for");
            house.shop.pages.let_go();
        }
    });
    (house, outcome)
}

async fn cancel(house: &House, at_once: bool) {
    house.engine.cancel_run(&may(house), house.unfinished().1, CancelRun { at_once }).await.unwrap();
}

#[tokio::test]
async fn is_told_of_each_batch_and_asked_for_nothing_after_the_last_when_a_run_succeeds() {
    for write in ["upsert", "append"] {
        let house = House::new(Shop::with_orders(9), &format!("write = \"{write}\"")).await;
        house.run_to_the_end().await;
        assert_eq!(told(&house), ["3", "6", "9"], "{write}");
        let pages = house.strike.edges().iter().filter(|edge| **edge == "a page is read").count();
        assert_eq!(pages, 3, "{write}");
    }
}

#[tokio::test]
async fn is_told_when_the_gate_refuses_the_next_batch() {
    let (house, outcome) = between_two(async |house| house.customer("status = \"inactive\"").await).await;
    let refused = outcome.run.refusal.map(|refusal| refusal.code);
    assert_eq!((outcome.run.state, refused), (RunState::Stopped, Some(RefusalCode::CustomerInactive)));
    assert_eq!((house.warehouse.ids(), told(&house)), (vec![1, 2, 3], vec!["3".to_owned()]));
    house.customer("status = \"active\"").await;
    house.run_to_the_end().await;
    assert_eq!(told(&house), ["3", "6", "9"]);
}

#[tokio::test]
async fn is_told_when_the_run_is_paused_or_cancelled_after_its_batch() {
    let (house, outcome) = between_two(async |house| {
        house.engine.pause_run(&may(house), house.unfinished().1).await.unwrap();
    })
    .await;
    assert_eq!((outcome.run.ended_at, told(&house)), (None, vec!["3".to_owned()]));
    let (house, outcome) = between_two(async |house| cancel(house, false).await).await;
    assert_eq!((outcome.run.state, told(&house)), (RunState::Cancelled, vec!["3".to_owned()]));
}

#[tokio::test]
async fn is_told_when_more_records_are_rejected_than_the_transfer_allows() {
    let house = House::new(Shop::with_orders(9), "rejections = { count = 0 }").await;
    house.warehouse.fault(0, Fault::Reject);
    let (house, outcome) = between_two_of(house, async |_| {}, true).await;
    assert_eq!((outcome.run.state, told(&house)), (RunState::PartiallySucceeded, vec!["3".to_owned()]));
}

#[tokio::test]
async fn is_told_when_the_next_page_fails() {
    let house = House::new(Shop { tires: true, ..Shop::with_orders(9) }, "").await;
    house.run_to_the_end().await;
    assert_eq!(told(&house), ["3", "6", "9"]);
}

#[tokio::test]
async fn is_not_told_when_the_run_is_cancelled_at_once_in_the_middle_of_a_call() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.shop.pages.at(1);
    let (outcome, ()) = tokio::join!(house.run(), async {
        house.shop.pages.comes().await;
        while house.billed().0 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        cancel(&house, true).await;
    });
    house.shop.pages.let_go();
    assert_eq!((outcome.run.state, outcome.run.counts.delivered), (RunState::Cancelled, 3));
    assert!(told(&house).is_empty());
    house.run_to_the_end().await;
    assert_eq!((house.warehouse.ids(), told(&house)), ((1..=9).collect(), vec!["6".to_owned(), "9".to_owned()]));
}

#[tokio::test]
async fn is_not_waited_for_when_the_host_is_about_to_stop() {
    let house = House::new(Shop::with_orders(9), "").await;
    let (mut house, outcome) = between_two_of(house, async |house| house.engine.drain(), false).await;
    assert_eq!((outcome.run.state, outcome.run.counts.delivered), (RunState::Running, 3));
    assert!(told(&house).is_empty());
    house.shop.pages.let_go();
    house.enter_again().await;
    house.run_to_the_end().await;
    assert_eq!(told(&house), ["6", "9"]);
}

#[tokio::test]
async fn changes_nothing_when_it_cannot_be_told() {
    let house = House::new(Shop::with_orders(9), "").await;
    *house.shop.is_deaf.lock().unwrap() = true;
    house.run_to_the_end().await;
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=9).collect(), 9));
    assert!(told(&house).is_empty());
    let runs = house.runs();
    assert_eq!(runs, ["succeeded"]);
}

//! Runs that a person pauses, resumes and ends.

mod races;

use std::time::Duration;

use weighbridge::account::CancelRun;
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::run::{RunState, Wish};

use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

const AFTER_THE_BATCH: CancelRun = CancelRun { at_once: false };
const AT_ONCE: CancelRun = CancelRun { at_once: true };

/// While the transfer runs and has moved its first batch, something is done with it.
async fn meanwhile(house: &House, act: impl AsyncFn(&House)) -> weighbridge::RunOutcome {
    let engine = house.engine.clone();
    let (outcome, ()) = tokio::join!(engine.run("acme/orders"), async {
        while house.warehouse.stock.lock().unwrap().calls.len() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        act(house).await;
    });
    outcome.unwrap()
}

#[tokio::test]
async fn a_paused_run_holds_no_further_batch_and_goes_on_when_it_is_resumed() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::Busy);
    let outcome = meanwhile(&house, async |house| {
        let (_, run) = house.unfinished();
        let line = house.engine.pause_run(&may(house), run).await.unwrap();
        assert_eq!(line.wish, Some(Wish::Pause));
    })
    .await;
    assert_eq!((outcome.run.state, outcome.run.ended_at), (RunState::Running, None));
    let moved = house.warehouse.ids().len();
    assert!((1..9).contains(&moved), "{moved}");
    assert!(house.engine.interrupted().unwrap().is_empty(), "recovery leaves it alone");
    let again = house.run().await.run;
    assert_eq!((again.id, again.state, again.attempts), (outcome.run.id, RunState::Running, outcome.run.attempts));
    let (_, run) = house.unfinished();
    let line = house.engine.resume_run(&may(&house), run).await.unwrap();
    assert_eq!((line.run.state.as_str(), line.wish), ("running", None));
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
    assert_eq!((house.billed().0, house.runs_billed()), (9, 1));
}

#[tokio::test]
async fn a_cancelled_run_moves_its_batch_to_the_end_and_the_next_one_goes_on_from_there() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::Busy);
    let outcome = meanwhile(&house, async |house| {
        let (_, run) = house.unfinished();
        house.engine.cancel_run(&may(house), run, AFTER_THE_BATCH).await.unwrap();
    })
    .await;
    assert_eq!(outcome.run.state, RunState::Cancelled);
    assert!(outcome.run.cancelled_by.is_some() && outcome.run.ended_at.is_some());
    assert_eq!(outcome.run.counts.delivered, house.billed().0);
    assert!(house.warehouse.ids().len() < 9);
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
    assert_eq!((house.billed().0, house.runs_billed()), (9, 2));
}

#[tokio::test]
async fn a_run_that_is_cancelled_at_once_leaves_what_hangs_and_what_arrived_is_not_sent_twice() {
    for (write, fault) in [("", Fault::HangAfter), ("write = \"append\"", Fault::HangAfter), ("", Fault::HangBefore)] {
        let house = House::new(Shop::with_orders(9), write).await;
        house.warehouse.fault(1, fault.clone());
        let outcome = meanwhile(&house, async |house| {
            let (_, run) = house.unfinished();
            house.engine.cancel_run(&may(house), run, AT_ONCE).await.unwrap();
        })
        .await;
        assert_eq!(outcome.run.state, RunState::Cancelled, "{write} {fault:?}");
        house.run_to_the_end().await;
        assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>(), "{write} {fault:?}");
        assert_eq!(house.billed().0, 9, "{write} {fault:?}");
    }
}

#[tokio::test]
async fn a_run_that_nobody_works_on_ends_where_it_stands() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    let (_, run) = house.unfinished();
    let line = house.engine.cancel_run(&may(&house), run, AFTER_THE_BATCH).await.unwrap();
    assert_eq!((line.run.state.as_str(), line.cancelled_by.as_deref()), ("cancelled", Some("operator")));
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
    assert_eq!(house.billed().0, 9);
}

#[tokio::test]
async fn a_run_that_ended_and_one_that_is_not_paused_are_left_as_they_are() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::HangBefore);
    house.run_and_crash().await;
    let ((_, run), may_run) = (house.unfinished(), may(&house));
    let refused = house.engine.resume_run(&may_run, run).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::RunNotPaused);
    house.engine.pause_run(&may_run, run).await.unwrap();
    let paused = house.engine.pause_run(&may_run, run).await.unwrap();
    assert_eq!(paused.wish, Some(Wish::Pause));
    house.engine.cancel_run(&may_run, run, AT_ONCE).await.unwrap();
    for refused in [
        house.engine.pause_run(&may_run, run).await.unwrap_err(),
        house.engine.resume_run(&may_run, run).await.unwrap_err(),
        house.engine.cancel_run(&may_run, run, AT_ONCE).await.unwrap_err(),
    ] {
        assert_eq!(refused.code, ProblemCode::RunEnded);
    }
}

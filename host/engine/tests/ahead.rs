//! The next batch is read while the last is written: what is held for it, and what becomes of it where it may not move.

use std::time::Duration;

use weighbridge::RunOutcome;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, House, Shop};

use crate::pipeline::growing;

fn pages(house: &House) -> usize {
    house.strike.edges().iter().filter(|edge| **edge == "a page is read").count()
}

/// While the first batch is written, which lasts until this is done.
async fn while_it_writes(house: &House, act: impl AsyncFn(&House)) -> RunOutcome {
    house.warehouse.goes_wrong((0..900).map(|call| (call, Fault::TakeNothing)).collect());
    let (outcome, ()) = tokio::join!(house.engine.run("acme/orders"), async {
        while pages(house) < 2 || house.warehouse.calls() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        act(house).await;
        house.warehouse.goes_wrong([].into());
    });
    outcome.unwrap()
}

#[tokio::test]
async fn the_next_batch_is_held_and_read_while_the_last_is_written() {
    let house = House::new(Shop::with_orders(9), "").await;
    let outcome = while_it_writes(&house, async |house| {
        assert_eq!((house.warehouse.ids().len(), house.held()), (0, 6));
    })
    .await;
    assert_eq!((outcome.run.state, outcome.run.batches, house.held()), (RunState::Succeeded, 3, 0));
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=9).collect(), 9));
}

#[tokio::test]
async fn a_source_that_is_busy_after_each_page_is_waited_for_as_long_as_batches_move() {
    let house = House::new(Shop { tires: true, ..Shop::with_orders(60) }, "").await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, outcome.run.attempts), (RunState::Succeeded, 20), "{outcome:?}");
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=60).collect(), 60));
}

#[tokio::test]
async fn what_a_source_gave_before_it_was_busy_moves_and_is_not_asked_for_again() {
    let house =
        House::new(Shop { tires: true, ..Shop::with_orders(60) }, "limit = { records = 30, bytes = 100000 }").await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, outcome.run.batches), (RunState::Succeeded, 20), "{outcome:?}");
    assert_eq!(pages(&house), 20, "each page once");
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=60).collect(), 60));
}

#[tokio::test]
async fn the_last_batch_holds_nothing_beyond_it() {
    let house = House::new(Shop::with_orders(3), "").await;
    house.warehouse.fault(0, Fault::HangBefore);
    tokio::select! {
        outcome = house.run() => panic!("{outcome:?}"),
        () = house.warehouse.hangs() => {}
    }
    assert_eq!((house.held(), pages(&house)), (3, 1));
}

#[tokio::test]
async fn what_was_read_ahead_is_dropped_unsent_when_the_customer_is_switched_off() {
    let house = House::new(Shop::with_orders(9), "").await;
    let outcome = while_it_writes(&house, async |house| house.customer("status = \"inactive\"").await).await;
    let refused = outcome.run.refusal.map(|refusal| refusal.code);
    assert_eq!((outcome.run.state, refused), (RunState::Stopped, Some(RefusalCode::CustomerInactive)));
    assert_eq!((house.warehouse.ids(), house.held(), house.billed().0), (vec![1, 2, 3], 0, 3));
    assert!(house.engine.open_batches("").unwrap().is_empty());
    house.customer("status = \"active\"").await;
    house.run_to_the_end().await;
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=9).collect(), 9));
}

#[tokio::test]
async fn a_quota_is_used_up_although_the_next_batch_has_none_left_for_another() {
    let house = House::with(Shop::with_orders(9), "", "quota = { records = 8 }", "").await;
    let outcome = house.run().await;
    assert_eq!(outcome.run.refusal.map(|refusal| refusal.code), Some(RefusalCode::QuotaExhausted));
    assert_eq!((house.warehouse.ids().len(), house.billed().0, house.held()), (8, 8, 0));
}

#[tokio::test]
async fn a_host_that_drains_drops_what_was_read_ahead_and_goes_on_after_what_was_settled() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    let outcome = while_it_writes(&house, async |house| house.engine.drain()).await;
    assert_eq!((outcome.run.state, house.warehouse.ids(), house.held()), (RunState::Running, vec![1, 2, 3], 0));
    house.enter_again().await;
    house.recover().await;
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=9).collect(), 9));
}

#[tokio::test]
async fn a_process_that_dies_while_it_reads_ahead_leaves_one_batch_in_doubt_and_gives_the_other_back() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(0, Fault::HangAfter);
    house.run_and_crash().await;
    assert_eq!(house.held(), 6, "two batches are held");
    house.customer("status = \"inactive\"").await;
    house.run().await;
    assert_eq!(house.held(), 3, "only what may have been sent stays on hold");
    house.customer("status = \"active\"").await;
    house.run_to_the_end().await;
    assert_eq!((house.warehouse.ids(), house.billed().0, house.held()), ((1..=9).collect(), 9, 0));
}

#[tokio::test]
async fn a_batch_takes_the_bytes_that_were_held_beyond_it_where_it_needs_them() {
    let house = House::with(Shop::with_orders(9), "", "quota = { bytes = 480 }", "").await;
    house.apply(&growing(3)).await;
    let outcome = house.run().await;
    assert_eq!(outcome.run.state, RunState::Stopped, "{outcome:?}");
    assert_eq!((house.warehouse.ids().len(), house.held()), (6, 0));
}

#[tokio::test]
async fn a_batch_takes_pages_up_to_its_limit_and_what_does_not_fit_is_the_beginning_of_the_next() {
    let limit = "limit = { records = 8, bytes = 100000 }";
    let house = House::new(Shop { checkpoint_every: 2, ..Shop::with_orders(30) }, limit).await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, outcome.run.counts.read), (RunState::Succeeded, 30), "{outcome:?}");
    assert!((4..=5).contains(&outcome.run.batches), "{}", outcome.run.batches);
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=30).collect(), 30));
}

#[tokio::test]
async fn small_pages_are_one_batch_where_there_is_time() {
    let house = House::new(Shop::with_orders(30), "limit = { records = 1000, bytes = 100000 }").await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, outcome.run.batches), (RunState::Succeeded, 1));
    assert_eq!(house.warehouse.ids(), (1..=30).collect::<Vec<_>>());
}

//! What a transfer does beside its own walk: ranges that are moved again, trials, and walks that begin anew.

use weighbridge::account::{NewBackfill, ResetTransfer, RunStanding};
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

/// Orders 4 to 8 of the shop.
fn range() -> NewBackfill {
    let (since, until) = (Some("2026-01-01T03:00:00Z".into()), Some("2026-01-01T08:00:00Z".into()));
    NewBackfill { since, until, confirm: false }
}

async fn refused(house: &House, new: NewBackfill) -> ProblemCode {
    house.engine.begin_backfill(&may(house), house.transfer(), &new).await.unwrap_err().code
}

#[tokio::test]
async fn a_backfill_moves_its_range_again_and_leaves_the_transfers_own_walk_alone() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.run_to_the_end().await;
    let begun = house.engine.begin_backfill(&may(&house), house.transfer(), &range()).await.unwrap();
    assert_eq!((begun.state, begun.delivered), (Some(RunStanding::Succeeded), 5));
    assert_eq!(house.warehouse.ids()[9..], [4, 5, 6, 7, 8]);
    assert_eq!((house.billed().0, house.runs_billed()), (14, 2), "what comes again is billed again");
    house.shop.order();
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids()[14..], [10], "its own walk goes on where it stood");
    let seen = house.engine.backfills(&may(&house), house.transfer()).unwrap().items;
    assert_eq!(seen.iter().map(|one| one.id).collect::<Vec<_>>(), [begun.id]);
}

#[tokio::test]
async fn a_backfill_whose_process_dies_goes_on_after_its_last_batch() {
    for (write, confirm) in [("", false), ("write = \"append\"", true)] {
        let mut house = House::new(Shop::with_orders(9), write).await;
        house.run_to_the_end().await;
        house.warehouse.fault(4, Fault::HangAfter);
        let (engine, transfer, new) = (house.engine.clone(), house.transfer(), NewBackfill { confirm, ..range() });
        let permission = may(&house);
        tokio::select! {
            ended = engine.begin_backfill(&permission, transfer, &new) => panic!("it was to hang: {ended:?}"),
            () = house.warehouse.hangs() => {}
        }
        house.enter_again().await;
        let left = house.engine.interrupted().unwrap();
        assert_eq!(left.len(), 1, "recovery finds it");
        assert_ne!(left[0].1, transfer, "and not in the transfer's place");
        let stopped = house.engine.backfills(&may(&house), transfer).unwrap().items.remove(0);
        assert_eq!(stopped.state, Some(RunStanding::Running));
        assert_eq!(
            house.engine.delete_transfer(&may(&house), transfer, None).await.unwrap_err().code,
            ProblemCode::RunBusy
        );
        house.recover().await;
        let seen = house.engine.backfills(&may(&house), transfer).unwrap().items.remove(0);
        assert_eq!((seen.state, seen.delivered), (Some(RunStanding::Succeeded), 5), "{write}");
        assert_eq!(house.warehouse.ids()[9..], [4, 5, 6, 7, 8], "{write}");
        assert_eq!(house.billed().0, 14, "{write}");
    }
}

#[tokio::test]
async fn a_backfill_that_failed_is_tried_again_and_one_that_succeeded_is_not() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.run_to_the_end().await;
    *house.shop.busy.lock().unwrap() = 9;
    let begun = house.engine.begin_backfill(&may(&house), house.transfer(), &range()).await.unwrap();
    assert_eq!(begun.state, Some(RunStanding::Failed));
    *house.shop.busy.lock().unwrap() = 0;
    house.engine.retry_run(&may(&house), begun.run.unwrap()).await.unwrap();
    let seen = house.engine.backfills(&may(&house), house.transfer()).unwrap().items.remove(0);
    assert_eq!((seen.state, seen.delivered), (Some(RunStanding::Succeeded), 5));
    let again = house.engine.retry_run(&may(&house), seen.run.unwrap()).await.unwrap_err();
    assert_eq!(again.code, ProblemCode::RunSucceeded);
}

#[tokio::test]
async fn a_backfill_is_refused_where_it_ends_before_it_begins_or_would_replace_or_double_what_is_there() {
    let house = House::new(Shop::with_orders(9), "").await;
    let turned = NewBackfill { since: range().until, until: range().since, confirm: false };
    assert_eq!(refused(&house, turned).await, ProblemCode::Invalid);
    let appending = House::new(Shop::with_orders(9), "write = \"append\"").await;
    assert_eq!(refused(&appending, range()).await, ProblemCode::ConfirmationNeeded);
    assert_eq!(house.engine.backfills(&may(&house), house.transfer()).unwrap().items, []);
}

#[tokio::test]
async fn a_trial_shows_what_would_move_and_moves_bills_and_keeps_nothing() {
    let house = House::new(Shop::with_orders(9), "").await;
    let tried = house.engine.try_transfer(&may(&house), house.transfer()).await.unwrap();
    assert_eq!((tried.read, tried.delivered, tried.rejected, tried.more), (3, 3, 0, true));
    assert!(tried.records[0].contains("\"order 1\""), "{:?}", tried.records);
    assert_eq!((house.warehouse.calls(), house.billed(), house.held(), house.runs_billed()), (0, (0, 0), 0, 0));
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
    house.shop.order();
    let tried = house.engine.try_transfer(&may(&house), house.transfer()).await.unwrap();
    assert_eq!((tried.read, tried.more), (1, false), "from where the transfer stands");
}

#[tokio::test]
async fn a_trial_of_a_transfer_that_reads_everything_each_time_begins_where_its_next_run_does() {
    let house = House::new(Shop::with_orders(9), "sync = \"full_refresh\"").await;
    house.run_to_the_end().await;
    let tried = house.engine.try_transfer(&may(&house), house.transfer()).await.unwrap();
    assert_eq!((tried.read, tried.more), (3, true));
}

#[tokio::test]
async fn a_trial_that_fails_or_whose_process_dies_gives_back_what_it_held() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    *house.shop.busy.lock().unwrap() = 1;
    let failed = house.engine.try_transfer(&may(&house), house.transfer()).await.unwrap_err();
    assert_eq!((failed.code, house.held()), (ProblemCode::TryFailed, 0));
    house.strike.arm(None);
    let (engine, permission, transfer) = (house.engine.clone(), may(&house), house.transfer());
    let trial = tokio::spawn(async move { engine.try_transfer(&permission, transfer).await });
    while house.held() == 0 && !trial.is_finished() {
        tokio::task::yield_now().await;
    }
    trial.abort();
    let _ = trial.await;
    house.enter_again().await;
    house.recover().await;
    assert_eq!(house.held(), 0);
    house.customer("status = \"inactive\"").await;
    let refused = house.engine.try_transfer(&may(&house), house.transfer()).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::TryRefused);
}

#[tokio::test]
async fn a_transfer_that_is_reset_reads_from_the_beginning_and_not_while_it_is_at_work() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.run_to_the_end().await;
    let (id, confirmed) = (house.transfer(), ResetTransfer { confirm: true });
    let asked = house.engine.reset_transfer(&may(&house), id, ResetTransfer::default()).await.unwrap_err();
    assert_eq!(asked.code, ProblemCode::ConfirmationNeeded);
    house.engine.reset_transfer(&may(&house), id, confirmed).await.unwrap();
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids().len(), 18);
    house.shop.order();
    house.warehouse.fault(6, Fault::HangAfter);
    house.run_and_crash().await;
    let busy = house.engine.reset_transfer(&may(&house), id, confirmed).await.unwrap_err();
    assert_eq!(busy.code, ProblemCode::RunBusy, "something of it may have arrived");
}

#[tokio::test]
async fn a_run_that_failed_is_tried_again_from_where_it_stood() {
    let house = House::new(Shop::with_orders(9), "").await;
    *house.shop.busy.lock().unwrap() = 9;
    let failed = house.run().await.run;
    assert_eq!(failed.state, RunState::Failed);
    let alone = house.engine.retry_run(&may(&house), failed.id).await.unwrap_err();
    assert_eq!(alone.code, ProblemCode::Unavailable, "only a host that serves runs it without being waited for");
}

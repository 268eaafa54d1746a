//! Wishes that meet something else: an attempt that is to begin anew, a run that ends, or a worker who is about to leave.

use std::future::Future;
use std::pin::Pin;

use weighbridge::RunOutcome;
use weighbridge::account::CancelRun;
use weighbridge::model::id::RunId;
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, House, Shop};

use crate::pipeline::growing;
use crate::rights::may;

#[derive(Clone, Copy, Debug)]
enum Wished {
    Pause,
    Cancel,
    AtOnce,
}

async fn wish(house: &House, run: RunId, wished: Wished) -> Result<(), ProblemCode> {
    let done = match wished {
        Wished::Pause => house.engine.pause_run(&may(house), run).await,
        Wished::Cancel => house.engine.cancel_run(&may(house), run, CancelRun { at_once: false }).await,
        Wished::AtOnce => house.engine.cancel_run(&may(house), run, CancelRun { at_once: true }).await,
    };
    done.map(|_| ()).map_err(|problem| problem.code)
}

/// Lets a future come as far as its first transaction, which is carried out while nobody looks at the future.
async fn begin<T>(house: &House, future: &mut Pin<Box<impl Future<Output = T>>>) {
    house.strike.stall();
    let waits =
        std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_pending())).await;
    house.strike.go_on();
    assert!(waits, "it was to write something");
}

/// While the source is told of the batch of this number, from 0, something is done; the batch is settled, and nothing more.
async fn while_it_is_told(house: &House, batch: usize, act: impl AsyncFnOnce(RunId)) -> RunOutcome {
    house.shop.tellings.at(batch);
    let (outcome, ()) = tokio::join!(house.run(), async {
        house.shop.tellings.comes().await;
        act(house.unfinished().1).await;
        house.shop.tellings.let_go();
    });
    outcome
}

#[tokio::test]
async fn a_wish_is_kept_when_the_attempt_is_about_to_begin_anew_under_another_mapping() {
    for wished in [Wished::Pause, Wished::Cancel, Wished::AtOnce] {
        let house = House::new(Shop::with_orders(9), "").await;
        house.warehouse.writes.at(0);
        let other_mapping = async {
            house.warehouse.writes.comes().await;
            // The batch that is held next is for this mapping, which is not open here.
            house.apply(&growing(3)).await;
            house.warehouse.writes.let_go();
        };
        let told = while_it_is_told(&house, 0, async |run| wish(&house, run, wished).await.unwrap());
        let (outcome, ()) = tokio::join!(told, other_mapping);
        let (state, attempts) = (outcome.run.state, outcome.run.attempts);
        let expected = if matches!(wished, Wished::Pause) { RunState::Running } else { RunState::Cancelled };
        assert_eq!((state, attempts, house.held()), (expected, 1, 0), "{wished:?}");
        assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2, 3], 3), "{wished:?}");
        if let Wished::Pause = wished {
            house.engine.resume_run(&may(&house), outcome.run.id).await.unwrap();
        }
        house.run_to_the_end().await;
        assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=9).collect(), 9), "{wished:?}");
    }
}

#[tokio::test]
async fn a_wish_that_comes_when_all_is_settled_ends_nothing_that_is_not_over_and_binds_no_later_run() {
    for (wished, state) in [
        (Wished::Pause, RunState::Succeeded),
        (Wished::Cancel, RunState::Succeeded),
        (Wished::AtOnce, RunState::Cancelled),
    ] {
        let house = House::new(Shop::with_orders(3), "").await;
        let outcome = while_it_is_told(&house, 0, async |run| wish(&house, run, wished).await.unwrap()).await;
        assert_eq!((outcome.run.state, outcome.run.counts.delivered), (state, 3), "{wished:?}");
        assert_eq!(wish(&house, outcome.run.id, wished).await, Err(ProblemCode::RunEnded), "{wished:?}");
        house.shop.order();
        house.run_to_the_end().await;
        assert_eq!((house.warehouse.ids(), house.runs_billed()), (vec![1, 2, 3, 4], 2), "{wished:?}");
    }
}

#[tokio::test]
async fn a_wish_for_a_run_that_ended_while_it_was_written_disturbs_the_next_one_in_nothing() {
    for wished in [Wished::Pause, Wished::Cancel, Wished::AtOnce] {
        let house = House::new(Shop::with_orders(3), "").await;
        house.shop.tellings.at(0);
        let mut first = Box::pin(house.run());
        tokio::select! {
            outcome = &mut first => panic!("{outcome:?}"),
            () = house.shop.tellings.comes() => {}
        }
        let run = house.unfinished().1;
        let mut wishing = Box::pin(wish(&house, run, wished));
        begin(&house, &mut wishing).await;
        house.shop.tellings.let_go();
        assert_eq!(first.await.run.state, RunState::Succeeded);
        house.shop.order();
        house.warehouse.fault(1, Fault::Busy);
        house.shop.pages.at_the_next();
        let mut second = Box::pin(house.run());
        tokio::select! {
            outcome = &mut second => panic!("{outcome:?}"),
            () = house.shop.pages.comes() => {}
        }
        // Whoever wished hears of it only now, and says it to whoever is at work.
        let said = wishing.await;
        assert_eq!(said, Ok(()), "{wished:?}: it was kept when the run had not ended");
        house.shop.pages.let_go();
        let outcome = second.await;
        assert_eq!(
            (outcome.run.state, outcome.run.attempts),
            (RunState::Succeeded, 2),
            "{wished:?}: the second is for the busy one"
        );
        assert_eq!(house.warehouse.ids(), [1, 2, 3, 4], "{wished:?}");
    }
}

/// A run that was paused, and is taken up by somebody who finds it paused and is about to leave.
async fn paused() -> (House, RunId) {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::HangBefore);
    house.run_and_crash().await;
    let run = house.unfinished().1;
    wish(&house, run, Wished::Pause).await.unwrap();
    (house, run)
}

#[tokio::test]
async fn a_run_that_is_resumed_while_its_worker_is_about_to_leave_goes_on() {
    let (house, run) = paused().await;
    let mut worker = Box::pin(house.run());
    begin(&house, &mut worker).await;
    house.engine.resume_run(&may(&house), run).await.unwrap();
    let outcome = worker.await;
    assert_eq!((outcome.run.id, outcome.run.state), (run, RunState::Succeeded));
    assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=9).collect(), 9));
}

#[tokio::test]
async fn a_run_that_is_cancelled_while_its_worker_is_about_to_leave_ends() {
    for wished in [Wished::Cancel, Wished::AtOnce] {
        let (house, run) = paused().await;
        let mut worker = Box::pin(house.run());
        begin(&house, &mut worker).await;
        wish(&house, run, wished).await.unwrap();
        let outcome = worker.await;
        assert_eq!((outcome.run.id, outcome.run.state), (run, RunState::Cancelled), "{wished:?}");
        house.run_to_the_end().await;
        assert_eq!((house.warehouse.ids(), house.billed().0), ((1..=9).collect(), 9), "{wished:?}");
    }
}

#[tokio::test]
async fn a_run_that_stays_paused_is_left_alone() {
    let (house, run) = paused().await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.id, outcome.run.state), (run, RunState::Running));
    wish(&house, run, Wished::Cancel).await.unwrap();
    assert_eq!(house.runs(), ["cancelled"]);
}

//! What is kept, for how long, and what happens when there is no room for more.

use std::time::Duration;

use weighbridge::account::{CancelRun, OccurrenceList};
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, Hands, House, Shop};

use crate::rights::{at, may};

#[tokio::test]
async fn a_disk_that_is_nearly_full_lets_nothing_begin_and_all_goes_on_when_there_is_room() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    house.space_min = u64::MAX;
    house.enter_again().await;
    house.engine.look_at_space().await.unwrap();
    let stopped = house.run().await.run;
    assert_eq!((stopped.state, stopped.refusal.unwrap().code), (RunState::Stopped, RefusalCode::HostFull));
    assert_eq!(house.run().await.run.state, RunState::Refused);
    house.space_min = 0;
    house.enter_again().await;
    house.engine.look_at_space().await.unwrap();
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
    assert_eq!(house.billed().0, 9);
}

#[tokio::test]
async fn history_goes_when_it_is_old_enough_and_what_was_billed_stays() {
    let clock = Hands::at(at("2026-01-05T07:59:00Z"));
    let shop = Shop::with_orders(9);
    let house = House::new(shop.clone(), "").await.like(shop, &clock).await;
    house
        .customer(
            "[[customer.transfer]]\nname = \"orders\"\n[customer.transfer.schedule]\nevery = \"1d\"\n\
             not_before = \"2026-01-05T08:00:00Z\"\nnot_after = \"2026-01-05T08:00:00Z\"\n",
        )
        .await;
    clock.set(at("2026-01-05T08:00:01Z"));
    house.engine.tick().await.unwrap();
    while house.warehouse.ids().len() < 9 || !house.engine.interrupted().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    house.shop.order();
    house.warehouse.fault(house.warehouse.calls(), Fault::HangAfter);
    assert_eq!(house.kept()[1..], [1, 1]);
    let billed = house.billed();
    clock.set(at("2027-02-08T00:00:00Z"));
    assert_eq!(house.engine.sweep_history().await.unwrap(), 0, "a day too early");
    clock.set(at("2027-02-10T00:00:00Z"));
    assert!(house.engine.sweep_history().await.unwrap() >= 2);
    assert_eq!(house.kept(), [0, 0, 0]);
    let none = house.engine.occurrences(&may(&house), house.transfer(), &OccurrenceList::default()).unwrap();
    assert_eq!(none.items, []);
    assert_eq!(billed.0, 9);
    assert_eq!(house.engine.check_ledger(None).unwrap(), []);
}

#[tokio::test]
async fn a_run_that_has_not_ended_is_kept_however_old_it_is() {
    let clock = Hands::at(at("2026-01-05T08:00:00Z"));
    let shop = Shop::with_orders(9);
    let mut house = House::new(shop.clone(), "").await.like(shop, &clock).await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    clock.set(at("2029-01-05T08:00:00Z"));
    assert_eq!(house.engine.sweep_history().await.unwrap(), 0);
    let (_, run) = house.unfinished();
    house.engine.cancel_run(&may(&house), run, CancelRun { at_once: true }).await.unwrap();
    assert!(house.engine.sweep_history().await.unwrap() >= 1);
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
}

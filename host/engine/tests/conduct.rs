//! What may change while an engine is open holds from then on, and disturbs nothing that goes on.

use std::time::Duration;

use weighbridge::model::gate::RefusalCode;
use weighbridge::model::run::RunState;
use weighbridge::{Conduct, Outward, Retention, RunLimits};
use weighbridge_native::{Fault, Hands, House, Shop};

use crate::rights::at;

fn conduct(change: impl FnOnce(&mut Conduct)) -> Conduct {
    let mut conduct = Conduct { space_min: 0, ..Conduct::default() };
    change(&mut conduct);
    conduct
}

#[tokio::test]
async fn more_room_is_wanted_and_less_again() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.engine.conduct_by(conduct(|conduct| conduct.space_min = u64::MAX)).unwrap();
    house.engine.look_at_space().await.unwrap();
    let refused = house.run().await.run;
    assert_eq!((refused.state, refused.refusal.unwrap().code), (RunState::Refused, RefusalCode::HostFull));
    house.engine.conduct_by(conduct(|_| ())).unwrap();
    house.engine.look_at_space().await.unwrap();
    assert_eq!(house.run().await.run.state, RunState::Succeeded);
}

#[tokio::test]
async fn rejected_records_are_kept_for_another_while() {
    let house = House::new(Shop::with_orders(7), "").await;
    house.warehouse.fault(1, Fault::Reject);
    house.run().await;
    assert_eq!(house.engine.sweep_rejected().await.unwrap(), 0);
    house.engine.conduct_by(conduct(|conduct| conduct.rejected_days = 0)).unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(house.engine.sweep_rejected().await.unwrap(), 1);
}

#[tokio::test]
async fn what_was_said_in_runs_and_then_the_runs_are_kept_for_another_while() {
    let clock = Hands::at(at("2026-01-05T08:00:00Z"));
    let shop = Shop::with_orders(9);
    let house = House::new(shop.clone(), "").await.like(shop, &clock).await;
    let run = house.run().await.run.id;
    house.keep_log(run).await;
    clock.set(at("2026-01-08T08:00:00Z"));
    assert_eq!((house.engine.sweep_history().await.unwrap(), &house.kept()[..2]), (0, &[1, 1][..]));
    let keep = |history_days, run_log_days| {
        let retention = Retention { history_days, run_log_days };
        house.engine.conduct_by(conduct(|conduct| conduct.retention = retention)).unwrap();
    };
    keep(400, 2);
    house.engine.sweep_history().await.unwrap();
    assert_eq!(house.kept()[..2], [0, 1]);
    keep(2, 2);
    house.engine.sweep_history().await.unwrap();
    assert_eq!(house.kept()[..2], [0, 0]);
}

#[tokio::test]
async fn a_run_that_waits_for_a_place_begins_when_there_are_more() {
    let house = House::new(Shop::with_orders(9), "").await;
    let limits = |host| RunLimits { host, tenant: 9, customer: 9, connection: 9 };
    house.engine.conduct_by(conduct(|conduct| conduct.run_limits = limits(0))).unwrap();
    let (more, run) = (house.engine.clone(), house.run());
    let told = async {
        while more.figures().unwrap().runs.waiting == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert!(house.warehouse.ids().is_empty());
        more.conduct_by(conduct(|conduct| conduct.run_limits = limits(1))).unwrap();
    };
    let (outcome, ()) = tokio::join!(run, told);
    assert_eq!((outcome.run.state, house.warehouse.ids().len()), (RunState::Succeeded, 9));
}

#[tokio::test]
async fn what_cannot_be_held_to_is_refused_whole() {
    let house = House::new(Shop::with_orders(3), "").await;
    let outward = Outward { proxy: None, authorities: Some(b"hello".to_vec()) };
    let wrong = Conduct { outward, space_min: u64::MAX, ..Conduct::default() };
    assert!(house.engine.conduct_by(wrong).is_err());
    house.engine.look_at_space().await.unwrap();
    assert_eq!(house.run().await.run.state, RunState::Succeeded);
}

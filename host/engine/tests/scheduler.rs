//! What comes due runs once, whoever else runs it, and however clocks and schedules are set.

use std::time::Duration;

use weighbridge::clock::Clock as _;
use weighbridge::model::run::Cause;
use weighbridge::model::time::Timestamp;
use weighbridge_native::{Hands, House, Shop};

const HOUR_MS: i64 = 3_600_000;

/// A house whose transfer is due every hour, and what a document says of its schedule.
async fn hourly() -> (House, Hands, Timestamp) {
    let house = House::new(Shop::with_orders(0), "write = \"upsert\"").await;
    let clock = Hands::as_of_now();
    let house = house.like(Shop::with_orders(3), &clock).await;
    schedule(&house, "{ every = \"1h\" }").await;
    let now = clock.now();
    (house, clock, now)
}

async fn schedule(house: &House, schedule: &str) {
    house.customer(&format!("[[customer.transfer]]\nname = \"orders\"\nschedule = {schedule}")).await;
}

/// Looks at what is due, and lets it run as far as it goes.
async fn tick(house: &House) {
    house.engine.tick().await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
}

#[tokio::test]
async fn what_came_due_runs_once_where_a_person_runs_it_too() {
    let (house, clock, now) = hourly().await;
    clock.set(now.plus_millis(HOUR_MS));
    let engine = house.engine.clone();
    // Whichever was first moves the orders; where it had ended before the other began, there was nothing left for that to do.
    let (ticked, asked) = tokio::join!(house.engine.tick(), engine.run("acme/orders"));
    ticked.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(house.billed().0, 3);
    let runs = house.engine.history("acme/orders", 10).unwrap();
    let came_due = runs.iter().filter(|view| view.run.cause == Cause::Schedule).count();
    let by_hand = runs.iter().filter(|view| view.run.cause == Cause::Manual).count();
    let moved: Vec<_> = runs.iter().map(|view| view.run.counts.read).filter(|read| *read > 0).collect();
    assert!(came_due <= 1 && by_hand == usize::from(asked.is_ok_and(|asked| asked.run.cause == Cause::Manual)));
    assert_eq!((moved, runs.len()), (vec![3], came_due + by_hand));
}

#[tokio::test]
async fn an_occurrence_runs_once_however_often_its_instant_comes() {
    let (house, clock, now) = hourly().await;
    for _ in 0..3 {
        clock.set(now.plus_millis(HOUR_MS));
        tick(&house).await;
        assert_eq!(house.runs_billed(), 1);
        // A clock that was wrong is put right, and the schedule begins anew from there.
        clock.set(now);
        schedule(&house, "{ every = \"1h\", paused = true }").await;
        schedule(&house, "{ every = \"1h\" }").await;
    }
}

//! Schedules beside runs that go on, and after a host that was away.

use std::time::Duration;

use weighbridge::account::{CancelRun, OccurrenceList};
use weighbridge::model::time::Timestamp;
use weighbridge_native::{Fault, Hands, House, Shop};

use crate::rights::{at, may};

/// An instant of the day on which all of this happens.
fn on_the_day(time: &str) -> Timestamp {
    at(&format!("2026-01-05T{time}Z"))
}

/// A house whose transfer runs every quarter of an hour from eight o'clock on, with this said of its schedule.
async fn house(said: &str) -> (House, Hands) {
    let clock = Hands::at(on_the_day("07:59:00"));
    let house = House::new(Shop::with_orders(9), "").await.like(Shop::with_orders(9), &clock).await;
    house
        .customer(&format!(
            "[[customer.transfer]]\nname = \"orders\"\n\
             [customer.transfer.schedule]\nevery = \"15m\"\nnot_before = \"2026-01-05T08:00:00Z\"\n{said}\n"
        ))
        .await;
    (house, clock)
}

/// Lets the scheduler look, and what it began come as far as it can.
async fn look(house: &House, clock: &Hands, time: &str) {
    clock.set(on_the_day(time));
    for _ in 0..20 {
        house.engine.tick().await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The times that came, the newest last: those that made a run, and why the others made none.
fn came(house: &House) -> Vec<String> {
    let list = OccurrenceList { limit: Some(100), ..OccurrenceList::default() };
    let mut found = house.engine.occurrences(&may(house), house.transfer(), &list).unwrap().items;
    found.reverse();
    let word = |reason: Option<String>| reason.unwrap_or_else(|| "run".to_owned());
    let told =
        found.into_iter().map(|one| format!("{} {}x{}", &one.at.0.to_string()[11..16], word(one.reason), one.count));
    told.collect()
}

async fn end_what_hangs(house: &House) {
    let (_, run) = house.unfinished();
    house.engine.cancel_run(&may(house), run, CancelRun { at_once: true }).await.unwrap();
}

#[tokio::test]
async fn a_time_that_comes_while_the_run_before_goes_on_makes_none() {
    let (house, clock) = house("").await;
    house.warehouse.fault(0, Fault::HangBefore);
    look(&house, &clock, "08:00:01").await;
    look(&house, &clock, "08:15:01").await;
    end_what_hangs(&house).await;
    look(&house, &clock, "08:16:00").await;
    assert_eq!(came(&house), ["08:00 runx1", "08:15 schedule.overlapx1"]);
    look(&house, &clock, "08:30:01").await;
    assert_eq!(came(&house)[2..], ["08:30 runx1"]);
}

#[tokio::test]
async fn of_several_times_that_wait_for_a_run_the_last_one_runs_when_that_ends() {
    for catch_up in ["", "catch_up = { mode = \"none\" }"] {
        let (house, clock) = house(&format!("overlap = \"buffer_one\"\n{catch_up}")).await;
        house.warehouse.fault(0, Fault::HangBefore);
        for time in ["08:00:01", "08:15:01", "08:30:01", "08:45:01"] {
            look(&house, &clock, time).await;
        }
        assert_eq!(came(&house), ["08:00 runx1"]);
        end_what_hangs(&house).await;
        look(&house, &clock, "08:50:00").await;
        assert_eq!(came(&house), ["08:00 runx1", "08:30 schedule.supersededx2", "08:45 runx1"]);
        assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
        look(&house, &clock, "09:00:01").await;
        assert_eq!(came(&house)[3..], ["09:00 runx1"], "and then it goes on as ever");
    }
}

#[tokio::test]
async fn a_run_that_is_to_make_room_ends_and_the_next_one_begins() {
    let (mut house, clock) = house("overlap = \"cancel_other\"").await;
    house.warehouse.fault(1, Fault::HangBefore);
    look(&house, &clock, "08:00:01").await;
    // The process dies in the middle of it; whatever it did goes on at the next start.
    house.enter_again().await;
    look(&house, &clock, "08:15:01").await;
    assert_eq!(came(&house), ["08:00 runx1", "08:15 runx1"]);
    assert_eq!(house.runs(), ["cancelled", "succeeded"]);
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
    assert_eq!(house.billed().0, 9);
}

#[tokio::test]
async fn every_missed_time_runs_one_after_the_other_where_all_are_wanted() {
    let (house, clock) = house("catch_up = { mode = \"all\" }").await;
    look(&house, &clock, "09:00:01").await;
    let runs = ["08:00 runx1", "08:15 runx1", "08:30 runx1", "08:45 runx1", "09:00 runx1"];
    assert_eq!(came(&house), runs);
    assert_eq!((house.runs_billed(), house.warehouse.ids().len()), (5, 9));
    look(&house, &clock, "09:05:00").await;
    assert_eq!(came(&house), runs, "none of them twice");
}

#[tokio::test]
async fn a_host_that_was_away_runs_the_latest_time_or_none_as_its_policy_says() {
    let (latest, clock) = house("").await;
    look(&latest, &clock, "09:00:01").await;
    assert_eq!(came(&latest), ["08:45 schedule.supersededx4", "09:00 runx1"]);
    let (none, clock) = house("catch_up = { mode = \"none\" }").await;
    look(&none, &clock, "09:05:00").await;
    assert_eq!(came(&none), ["09:00 schedule.missedx5"]);
}

#[tokio::test]
async fn times_of_a_pause_that_ends_are_kept_as_one() {
    let (house, clock) = house("paused_until = \"2026-01-05T09:00:00Z\"").await;
    look(&house, &clock, "08:31:00").await;
    assert_eq!(came(&house), Vec::<String>::new(), "nobody looks while it is paused");
    look(&house, &clock, "09:00:01").await;
    assert_eq!(came(&house), ["08:45 schedule.pausedx4", "09:00 runx1"]);
}

#[tokio::test]
async fn a_schedule_that_was_taken_away_fires_no_more() {
    let (house, clock) = house("").await;
    look(&house, &clock, "08:00:01").await;
    house.customer("[[customer.transfer]]\nname = \"orders\"\nschedule = {}\n").await;
    look(&house, &clock, "09:00:01").await;
    assert_eq!(came(&house), ["08:00 runx1"]);
    let (deleted, clock) = self::house("").await;
    deleted.engine.delete_transfer(&may(&deleted), deleted.transfer(), None).await.unwrap();
    look(&deleted, &clock, "09:00:01").await;
    assert_eq!((deleted.runs(), deleted.kept()[2]), (vec![], 0));
}

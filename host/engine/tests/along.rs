//! Several streams that move together: each has its own cursor, runs and counts, and all of them begin with one.

use std::time::Duration;

use weighbridge::document::Document;
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, House, Shop};

/// A second stream of the shop goes where the first goes, and begins with it; this is said of it besides.
async fn of_two_streams(said: &str) -> House {
    let house = House::new(Shop::with_orders(5), "").await;
    house.apply(&two_streams(said)).await;
    house
}

fn two_streams(said: &str) -> String {
    format!(
        r#"
        [tenant]
        name = "Partner"
        [[customer]]
        name = "acme"
        [[customer.endpoint]]
        name = "orders again"
        description = "Orders of the shop, for another use."
        direction = "source"
        connection = "shop"
        stream = "orders"
        [[customer.transfer]]
        name = "again"
        source = "orders again"
        destination = "lines"
        {said}
        [[customer.transfer]]
        name = "orders"
        along = ["again"]
        "#
    )
}

#[tokio::test]
async fn all_of_them_move_with_one_run_each_from_its_own_cursor() {
    let house = of_two_streams("").await;
    let outcome = house.run().await;
    let ran = |outcome: &weighbridge::RunOutcome| (outcome.run.state, outcome.run.counts.delivered);
    assert_eq!(
        (ran(&outcome), outcome.along.iter().map(ran).collect::<Vec<_>>()),
        ((RunState::Succeeded, 5), vec![(RunState::Succeeded, 5)])
    );
    assert_eq!((house.warehouse.ids().len(), house.billed().0, house.runs_billed()), (10, 10, 2));
    house.shop.order();
    house.engine.run("acme/again").await.unwrap();
    assert_eq!(house.warehouse.ids().len(), 11, "it runs by itself too, and nothing goes along with it");
    let outcome = house.run().await;
    assert_eq!((ran(&outcome), ran(&outcome.along[0])), ((RunState::Succeeded, 1), (RunState::Succeeded, 0)));
}

#[tokio::test]
async fn a_host_that_serves_moves_them_at_the_same_time() {
    let house = of_two_streams("").await;
    let serving = tokio::spawn(house.engine.clone().keep_schedules());
    // The first one hangs, and the other does not wait for it.
    house.warehouse.fault(0, Fault::HangBefore);
    let moved = async {
        while house.warehouse.ids().len() < 5 || house.engine.interrupted().unwrap().len() > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        outcome = house.run() => panic!("{outcome:?}"),
        moved = tokio::time::timeout(Duration::from_secs(20), moved) => moved.unwrap(),
    }
    assert_eq!(house.warehouse.ids().len(), 5);
    serving.abort();
}

#[tokio::test]
async fn one_that_is_switched_off_does_not_go_along_and_moves_when_it_is_on_again() {
    let house = of_two_streams("switch = \"off\"").await;
    assert_eq!(house.run().await.along.len(), 0);
    house.apply(&two_streams("switch = \"on\"")).await;
    let outcome = house.run().await;
    assert_eq!((outcome.along[0].run.counts.delivered, house.warehouse.ids().len()), (5, 10));
}

#[tokio::test]
async fn one_fails_and_the_other_does_not() {
    let house = of_two_streams("").await;
    house.apply(&two_streams("rejections = { count = 0, share = 0 }")).await;
    let first = house.warehouse.calls();
    house.warehouse.fault(first + 2, Fault::RejectAll);
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, outcome.along[0].run.state), (RunState::Succeeded, RunState::Failed));
}

#[tokio::test]
async fn a_process_that_dies_in_one_goes_on_with_all() {
    let mut house = of_two_streams("").await;
    house.warehouse.fault(0, Fault::HangBefore);
    house.run_and_crash().await;
    assert_eq!(house.engine.interrupted().unwrap().len(), 2, "the run of the other was made with it");
    house.recover().await;
    assert_eq!((house.warehouse.ids().len(), house.billed().0, house.runs_billed()), (10, 10, 2));
    assert!(house.engine.interrupted().unwrap().is_empty());
}

#[tokio::test]
async fn a_run_that_begins_with_what_was_in_doubt_takes_the_others_along_too() {
    let mut house = of_two_streams("").await;
    house.warehouse.fault(0, Fault::HangAfter);
    house.run_and_crash().await;
    house.customer("status = \"inactive\"").await;
    assert_eq!(house.run().await.run.state, RunState::Stopped);
    house.customer("status = \"active\"").await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, outcome.along.len()), (RunState::Succeeded, 1));
    assert_eq!((house.warehouse.ids().len(), house.billed().0), (10, 10));
}

#[tokio::test]
async fn refuses_what_would_go_in_circles_or_is_not_there() {
    let house = of_two_streams("").await;
    for (name, along, said) in [
        ("again", "orders", "cannot go along"),
        ("orders", "orders", "cannot go along"),
        ("orders", "nothing", "has no transfer `nothing`"),
    ] {
        let text = format!(
            "[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"acme\"\n[[customer.transfer]]\nname = \"{name}\"\nalong = [\"{along}\"]\n"
        );
        let error = house.engine.apply(&Document::parse(&text).unwrap(), ".").await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

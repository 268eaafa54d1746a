//! How far a run has come, where the connector says how much is left.

use weighbridge::account::BatchFilter;
use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

#[tokio::test]
async fn a_run_that_goes_on_says_how_many_records_are_left_and_one_that_ended_does_not() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    let (_, run) = house.unfinished();
    let shown = |house: &House| house.engine.run_shown(&may(house), run, &BatchFilter::default()).unwrap().line.run;
    assert_eq!((shown(&house).read, shown(&house).left), (3, Some(6)), "three of nine are settled");
    house.recover().await;
    assert_eq!((shown(&house).read, shown(&house).left), (9, None));
}

#[tokio::test]
async fn a_run_that_read_all_there_was_says_nothing_of_what_is_left() {
    let house = House::new(Shop::with_orders(3), "").await;
    let run = house.run().await.run;
    assert_eq!((run.counts.read, run.left), (3, None));
}

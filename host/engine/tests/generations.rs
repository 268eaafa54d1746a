//! `overwrite`: what is there stays until the whole of what replaces it is there.

use weighbridge::account::WriteOff;
use weighbridge::model::access::{Actor, authorize};
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, House, Shop};

const OVERWRITE: &str = "sync = \"full_refresh\"\nwrite = \"overwrite\"";

/// The lineages of the generations that were opened, made whole, and given up.
fn generations(house: &House) -> [Vec<u64>; 3] {
    let lineage = |name: &String| name.rsplit('-').next().unwrap().parse().unwrap();
    let seen = house.warehouse.stock.lock().unwrap().generations.clone();
    seen.map(|names| {
        let mut lineages: Vec<u64> = names.iter().map(lineage).collect();
        lineages.dedup();
        lineages
    })
}

#[tokio::test]
async fn each_run_makes_a_generation_of_its_own_whole() {
    let house = House::new(Shop::with_orders(9), OVERWRITE).await;
    house.run_to_the_end().await;
    house.run_to_the_end().await;
    assert_eq!(generations(&house), [vec![1, 2], vec![1, 2], vec![]]);
}

#[tokio::test]
async fn a_generation_of_a_run_that_failed_is_given_up_when_the_next_one_begins() {
    let house = House::new(Shop::with_orders(9), OVERWRITE).await;
    house.run_to_the_end().await;
    *house.shop.busy.lock().unwrap() = 9;
    assert_eq!(house.run().await.run.state, RunState::Failed);
    *house.shop.busy.lock().unwrap() = 0;
    house.run_to_the_end().await;
    assert_eq!(generations(&house)[1..], [vec![1, 3], vec![2]]);
    house.run_to_the_end().await;
    assert_eq!(generations(&house)[1..], [vec![1, 3, 4], vec![2]], "and told of once");
}

#[tokio::test]
async fn a_run_that_is_gone_on_with_goes_on_with_its_generation_also_where_a_batch_was_written_off() {
    let mut house = House::new(Shop::with_orders(9), OVERWRITE).await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    house.run_to_the_end().await;
    assert_eq!(generations(&house), [vec![1], vec![1], vec![]]);
    house.warehouse.fault(house.warehouse.calls() + 1, Fault::HangBefore);
    house.run_and_crash().await;
    let open = house.engine.open_batches("").unwrap().remove(0).batch;
    let may = authorize(&Actor::owner(), ()).unwrap();
    house.engine.write_off(&may, open.id, WriteOff { confirm: true }).await.unwrap();
    house.run_to_the_end().await;
    assert_eq!(generations(&house), [vec![1, 2], vec![1, 2], vec![]]);
}

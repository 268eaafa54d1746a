//! Rejected records that are handed over again.

use weighbridge::account::{DiscardRejected, RejectedFilter, ReplayRejected, ReplayView};
use weighbridge::model::run::RunState;
use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

/// A house of which orders 1 and 4 were rejected by the destination.
async fn rejecting(write: &str) -> House {
    let house = House::new(Shop::with_orders(9), &format!("write = \"{write}\"")).await;
    house.warehouse.fault(0, Fault::Reject);
    house.warehouse.fault(1, Fault::Reject);
    assert_eq!(house.run().await.run.state, RunState::PartiallySucceeded);
    assert_eq!((house.warehouse.ids(), left(&house)), (vec![2, 3, 5, 6, 7, 8, 9], 2));
    house
}

fn left(house: &House) -> usize {
    house.engine.rejected_records("acme/orders", 1_000).unwrap().len()
}

async fn replay(house: &House, asked: &ReplayRejected) -> ReplayView {
    house.engine.replay_rejected(&may(house), asked).await.unwrap()
}

#[tokio::test]
async fn are_delivered_and_billed_once_and_gone_from_the_list() {
    for write in ["upsert", "append"] {
        let house = rejecting(write).await;
        assert_eq!(replay(&house, &ReplayRejected::default()).await.replayed, 2);
        let mut ids = house.warehouse.ids();
        ids.sort_unstable();
        assert_eq!((ids, left(&house)), ((1..=9).collect(), 0), "{write}");
        assert_eq!((house.billed().0, house.runs_billed(), house.links()), (9, 2, 9), "{write}");
        assert_eq!(house.runs(), ["partially_succeeded", "succeeded"]);
        assert_eq!(replay(&house, &ReplayRejected::default()).await.replayed, 0, "{write}: nothing is left");
        assert_eq!(house.billed().0, 9);
    }
}

#[tokio::test]
async fn are_kept_where_they_are_rejected_again_and_the_others_are_delivered() {
    let house = rejecting("upsert").await;
    house.warehouse.fault(house.warehouse.calls(), Fault::Reject);
    replay(&house, &ReplayRejected::default()).await;
    assert_eq!((house.warehouse.ids().len(), left(&house), house.billed().0), (8, 1, 8));
    replay(&house, &ReplayRejected::default()).await;
    assert_eq!((house.warehouse.ids().len(), left(&house), house.billed().0), (9, 0, 9));
}

#[tokio::test]
async fn are_delivered_once_where_the_process_dies_around_one() {
    for write in ["upsert", "append"] {
        for (call, fault) in
            [(0, Fault::HangBefore), (0, Fault::HangAfter), (1, Fault::HangBefore), (1, Fault::HangAfter)]
        {
            let mut house = rejecting(write).await;
            house.warehouse.fault(house.warehouse.calls() + call, fault.clone());
            let (engine, permission, all) = (house.engine.clone(), may(&house), ReplayRejected::default());
            tokio::select! {
                ended = engine.replay_rejected(&permission, &all) => panic!("was to hang: {ended:?}"),
                () = house.warehouse.hangs() => {}
            }
            house.enter_again().await;
            house.recover().await;
            let mut ids = house.warehouse.ids();
            ids.sort_unstable();
            assert_eq!((ids, left(&house)), ((1..=9).collect(), 0), "{write} {call} {fault:?}");
            assert_eq!(house.billed().0, 9, "{write} {call} {fault:?}");
        }
    }
}

#[tokio::test]
async fn are_shaped_by_the_present_mapping_and_a_dry_run_says_so_before() {
    let mapping = |rules: &str| {
        format!(
            "[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"acme\"\n[[customer.mapping]]\nname = \"short\"\nrules = {rules}\n\
             [[customer.transfer]]\nname = \"orders\"\nmapping = \"short\"\n"
        )
    };
    let house = House::new(Shop::with_orders(3), "").await;
    house.shop.orders.lock().unwrap()[1]["total"] = "many".into();
    house.apply(&mapping("[{ copy = \"/id\" }, { copy = \"/total\", cast = \"integer\" }]")).await;
    house.run().await;
    assert_eq!((house.warehouse.ids(), left(&house)), (vec![1, 3], 1));
    let dry = ReplayRejected { dry_run: true, ..ReplayRejected::default() };
    let still = replay(&house, &dry).await;
    assert_eq!((still.replayed, still.rejected, still.codes.len()), (0, 1, 1), "{still:?}");
    house.apply(&mapping("[{ copy = \"/id\" }, { copy = \"/total\" }]")).await;
    assert_eq!(replay(&house, &dry).await, ReplayView { dry_run: true, replayed: 1, ..ReplayView::default() });
    assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 3], 2), "a dry run moves nothing");
    replay(&house, &ReplayRejected::default()).await;
    assert_eq!((house.warehouse.ids(), left(&house), house.billed().0), (vec![1, 3, 2], 0, 3));
    let sent = house.warehouse.stock.lock().unwrap().records[2].clone();
    assert_eq!(sent, serde_json::json!({ "id": 2, "total": "many" }));
}

#[tokio::test]
async fn wait_where_the_gate_says_no_and_only_those_move_that_were_asked_for() {
    let house = rejecting("upsert").await;
    house.customer("status = \"inactive\"").await;
    replay(&house, &ReplayRejected::default()).await;
    assert_eq!((left(&house), house.billed().0), (2, 7));
    house.customer("status = \"active\"").await;
    let filter = RejectedFilter { field: Some("/id=4".into()), ..RejectedFilter::default() };
    assert_eq!(replay(&house, &ReplayRejected { filter, ..ReplayRejected::default() }).await.replayed, 1);
    assert_eq!((house.warehouse.ids()[7..].to_vec(), left(&house)), (vec![4], 1));
    let all = DiscardRejected { confirm: true, ..DiscardRejected::default() };
    house.engine.discard_rejected(&may(&house), &all).await.unwrap();
    assert_eq!(replay(&house, &ReplayRejected::default()).await.replayed, 0);
}

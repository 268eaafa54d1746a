//! What moves, what does not, and what it costs.

use weighbridge::account::WriteOff;
use weighbridge::model::access::{Actor, authorize};
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::run::RunState;

use weighbridge_native::{Fault, House, Shop};

fn refusal(outcome: &weighbridge::RunOutcome) -> RefusalCode {
    outcome.run.refusal.as_ref().unwrap().code
}

#[tokio::test]
async fn moves_every_record_once_and_bills_it_once() {
    let house = House::new(Shop::with_orders(10), "").await;
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=10).collect::<Vec<_>>());
    assert_eq!(house.billed().0, 10);
    house.run_to_the_end().await;
    assert_eq!(house.billed().0, 10, "an incremental run with nothing new bills nothing");
}

#[tokio::test]
async fn moves_only_what_is_new_in_the_next_run() {
    let house = House::new(Shop::with_orders(4), "").await;
    house.run_to_the_end().await;
    house.shop.orders.lock().unwrap().push(serde_json::json!({ "id": 5, "total": 1, "note": "" }));
    let run = house.run().await.run;
    assert_eq!((run.state, run.counts.read), (RunState::Succeeded, 1));
}

#[tokio::test]
async fn reads_everything_again_in_a_full_refresh() {
    let house = House::new(Shop::with_orders(4), "sync = \"full_refresh\"").await;
    house.run_to_the_end().await;
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), [1, 2, 3, 4, 1, 2, 3, 4]);
    assert_eq!(house.billed().0, 8);
}

#[tokio::test]
async fn maps_and_filters_and_counts_both() {
    let house = House::new(Shop::with_orders(6), "").await;
    let document = r#"
        [tenant]
        name = "Partner"
        [[customer]]
        name = "acme"
        [[customer.mapping]]
        name = "even"
        filter = [{ field = "/id", in = [2, 4, 6] }]
        rules = [{ copy = "/id" }, { copy = "/total", to = "/sum/amount", cast = "string" }]
        [[customer.transfer]]
        name = "orders"
        mapping = "even"
    "#;
    house.apply(document).await;
    let run = house.run().await.run;
    assert_eq!((run.counts.read, run.counts.delivered, run.counts.filtered), (6, 3, 3));
    assert_eq!(house.warehouse.stock.lock().unwrap().records[0].to_string(), r#"{"id":2,"sum":{"amount":"20"}}"#);
    assert_eq!(house.billed().0, 3);
}

#[tokio::test]
async fn refuses_before_the_customer_is_active_and_moves_after() {
    let house = House::new(Shop::with_orders(3), "").await;
    house.customer("status = \"inactive\"").await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, refusal(&outcome)), (RunState::Refused, RefusalCode::CustomerInactive));
    assert!(house.warehouse.ids().is_empty());
    house.customer("status = \"active\"").await;
    house.run_to_the_end().await;
}

#[tokio::test]
async fn stops_a_running_transfer_before_its_next_batch_and_goes_on_from_the_cursor() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::Busy);
    let engine = house.engine.clone();
    let (outcome, ()) = tokio::join!(engine.run("acme/orders"), async {
        while house.warehouse.ids().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        house.customer("status = \"inactive\"").await;
    });
    let outcome = outcome.unwrap();
    assert_eq!((outcome.run.state, refusal(&outcome)), (RunState::Stopped, RefusalCode::CustomerInactive));
    let moved = house.warehouse.ids().len();
    assert!(moved < 9, "all {moved} moved before the switch was seen");
    house.customer("status = \"active\"").await;
    house.run_to_the_end().await;
    assert_eq!(house.warehouse.ids(), (1..=9).collect::<Vec<_>>());
    assert_eq!(house.billed().0, 9);
}

#[tokio::test]
async fn stops_when_the_quota_is_exhausted_and_moves_to_the_last_record_of_it() {
    let house = House::with(Shop::with_orders(9), "", "quota = { records = 5 }", "").await;
    let outcome = house.run().await;
    assert_eq!((outcome.run.state, refusal(&outcome)), (RunState::Stopped, RefusalCode::QuotaExhausted));
    assert_eq!(house.billed().0, 5);
    house.customer("quota = { records = 9 }").await;
    house.run_to_the_end().await;
    assert_eq!(house.billed().0, 9);
}

#[tokio::test]
async fn refuses_more_runs_than_were_granted() {
    let house = House::with(Shop::with_orders(1), "quota = { runs = 1 }", "", "").await;
    house.run_to_the_end().await;
    assert_eq!(refusal(&house.run().await), RefusalCode::QuotaExhausted);
}

#[tokio::test]
async fn refuses_a_quota_that_is_smaller_than_one_checkpoint_and_holds_nothing() {
    let shop = Shop { checkpoint_every: 3, ..Shop::with_orders(9) };
    let house = House::with(shop, "", "quota = { records = 4 }", "").await;
    let outcome = house.run().await;
    assert_eq!(refusal(&outcome), RefusalCode::QuotaTooSmall);
    assert!(house.engine.open_batches("").unwrap().is_empty());
}

#[tokio::test]
async fn fails_when_a_full_batch_has_no_checkpoint() {
    let shop = Shop { checkpoint_every: 9, ..Shop::with_orders(9) };
    let house = House::new(shop, "limit = { records = 6, bytes = 100000 }").await;
    let outcome = house.run().await;
    assert_eq!(outcome.run.failure.unwrap().code.as_str(), "connector.checkpoint_missing");
    assert!(house.warehouse.ids().is_empty());
}

/// A mapping by which three records are 171 bytes, which is more than a batch holds at first.
pub(crate) fn growing(records: u64) -> String {
    let text = r#"
        [tenant]
        name = "Partner"
        [[customer]]
        name = "acme"
        [[customer.mapping]]
        name = "grow"
        rules = [{ copy = "/id" }, { constant = "0123456789012345678901234567890123456789", to = "/pad" }]
        [[customer.transfer]]
        name = "orders"
        mapping = "grow"
        limit = { records = RECORDS, bytes = 150 }
    "#;
    text.replace("RECORDS", &records.to_string())
}

#[tokio::test]
async fn extends_the_hold_when_records_grow_and_refuses_when_the_quota_does_not_allow_it() {
    let grow = &growing(100);
    let house = House::new(Shop::with_orders(9), "").await;
    house.apply(grow).await;
    house.run_to_the_end().await;
    let house = House::with(Shop::with_orders(9), "", "quota = { bytes = 160 }", "").await;
    house.apply(grow).await;
    let outcome = house.run().await;
    assert_eq!(refusal(&outcome), RefusalCode::QuotaHeld);
    assert!(house.engine.open_batches("").unwrap().is_empty(), "nothing was sent, so nothing stays on hold");
}

#[tokio::test]
async fn tries_again_when_the_platform_is_busy() {
    let house = House::new(Shop::with_orders(5), "").await;
    house.warehouse.fault(0, Fault::Busy);
    house.warehouse.fault(2, Fault::Busy);
    let run = house.run().await.run;
    assert_eq!((run.state, run.attempts), (RunState::Succeeded, 3));
    assert_eq!(house.billed().0, 5);
}

#[tokio::test]
async fn goes_on_after_a_destination_took_nothing_for_a_while_and_ends_where_it_never_does() {
    let house = House::new(Shop::with_orders(5), "").await;
    (0..900).for_each(|call| house.warehouse.fault(call, Fault::TakeNothing));
    assert_eq!(house.run().await.run.state, RunState::Succeeded);
    let house = House::new(Shop::with_orders(5), "").await;
    (0..1_001).for_each(|call| house.warehouse.fault(call, Fault::TakeNothing));
    let run = house.run().await.run;
    assert_eq!((run.state, run.failure.unwrap().code.as_str()), (RunState::Failed, "destination.idle"));
    assert_eq!((house.billed().0, house.engine.open_batches("").unwrap().len()), (0, 1));
    house.run_to_the_end().await;
    assert_eq!(house.billed().0, 5);
}

#[tokio::test]
async fn gives_a_batch_up_only_once_and_goes_on_from_where_it_began() {
    let mut house = House::new(Shop::with_orders(5), "").await;
    house.warehouse.fault(1, Fault::HangBefore);
    house.run_and_crash().await;
    let batch = house.engine.open_batches("").unwrap()[0].batch.id;
    let may = authorize(&Actor::owner(), ()).unwrap();
    house.engine.write_off(&may, batch, WriteOff { confirm: true }).await.unwrap();
    assert!(house.engine.write_off(&may, batch, WriteOff { confirm: true }).await.is_err());
    assert!(house.engine.open_batches("").unwrap().is_empty());
    house.run_to_the_end().await;
    assert_eq!((house.warehouse.ids(), house.billed().0), (vec![1, 2, 3, 4, 5], 5));
}

#[tokio::test]
async fn keeps_the_id_that_the_destination_gave_to_each_record() {
    let house = House::new(Shop::with_orders(7), "").await;
    house.run_to_the_end().await;
    assert_eq!(house.links(), 7);
}

#[tokio::test]
async fn leaves_nothing_on_hold_when_the_source_never_gave_a_page() {
    let house = House::new(Shop::with_orders(5), "").await;
    *house.shop.busy.lock().unwrap() = 100;
    let run = house.run().await.run;
    assert_eq!((run.state, run.failure.unwrap().code.as_str()), (RunState::Failed, "shop.busy"));
    assert!(run.attempts > 1 && house.engine.open_batches("").unwrap().is_empty());
    *house.shop.busy.lock().unwrap() = 1;
    house.run_to_the_end().await;
    assert_eq!(house.billed().0, 5);
}

#[tokio::test]
async fn what_is_gone_from_the_source_is_removed_or_stays_as_the_transfer_says() {
    for (removals, removed, discarded) in [("", 1, 0), ("removals = \"apply\"", 1, 0), ("removals = \"ignore\"", 0, 1)]
    {
        let house = House::new(Shop::with_orders(3), removals).await;
        house.run_to_the_end().await;
        house.shop.cancel(2);
        let run = house.run().await.run;
        assert_eq!(run.state, RunState::Succeeded, "{removals}");
        assert_eq!(
            (run.counts.read, run.counts.delivered, run.counts.discarded),
            (1, removed, discarded),
            "{removals}"
        );
        assert_eq!(house.warehouse.stock.lock().unwrap().removed.len() as u64, removed, "{removals}");
    }
}

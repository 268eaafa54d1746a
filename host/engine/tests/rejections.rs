//! Records that the destination rejects: kept with their reason, while the others move and are billed.

use serde_json::{Value, json};
use weighbridge::RunOutcome;
use weighbridge::model::run::{Counts, RunState};

use weighbridge_native::{Fault, House, Shop};

/// The ids of the rejected records that are kept, as they were read.
fn rejected(house: &House) -> Vec<u64> {
    let records = house.engine.rejected_records("acme/orders", 1_000).unwrap();
    let id = |one: &weighbridge::RejectedRecord| serde_json::from_str::<Value>(&one.record).unwrap()["id"].as_u64();
    let mut ids: Vec<u64> = records.iter().filter_map(id).collect();
    ids.sort_unstable();
    ids
}

/// What was read, delivered and rejected; every record is accounted for, and billed where it was delivered.
fn counted(house: &House, outcome: &RunOutcome) -> (u64, u64, u64) {
    let Counts { read, delivered, dead_lettered, bytes, .. } = outcome.run.counts;
    assert!(outcome.run.counts.balance());
    assert_eq!(house.billed(), (delivered, bytes));
    let lines: usize = house.warehouse.stock.lock().unwrap().records.iter().map(|one| one.to_string().len() + 1).sum();
    assert_eq!(bytes, lines as u64, "only what was delivered is billed");
    (read, delivered, dead_lettered)
}

#[tokio::test]
async fn keeps_a_record_that_the_destination_rejects_and_goes_on_with_the_others() {
    for write in ["upsert", "append"] {
        let house = House::new(Shop::with_orders(7), &format!("write = \"{write}\"")).await;
        house.warehouse.fault(1, Fault::Reject);
        let outcome = house.run().await;
        assert_eq!(counted(&house, &outcome), (7, 6, 1), "{write}");
        assert_eq!((house.warehouse.ids(), rejected(&house)), (vec![1, 2, 3, 5, 6, 7], vec![4]), "{write}");
        assert_eq!(house.links(), 6, "{write}: a rejected record has no link");
        let records = house.engine.rejected_records("acme/orders", 10).unwrap();
        assert_eq!((records[0].code.as_str(), records[0].message.as_str()), ("line.bad", "no"));
        assert!(house.engine.open_batches("").unwrap().is_empty());
    }
}

#[tokio::test]
async fn keeps_the_record_as_it_was_read_and_after_a_crash_of_an_append_as_it_was_sent() {
    let mapping = r#"
        [tenant]
        name = "Partner"
        [[customer]]
        name = "acme"
        [[customer.mapping]]
        name = "short"
        rules = [{ copy = "/id" }]
        [[customer.transfer]]
        name = "orders"
        mapping = "short"
    "#;
    let kept = async |house: &House| {
        house.run().await;
        let records = house.engine.rejected_records("acme/orders", 10).unwrap();
        (serde_json::from_str::<Value>(&records[0].record).unwrap(), records[0].as_sent)
    };
    let mut house = House::new(Shop::with_orders(2), "write = \"append\"").await;
    house.apply(mapping).await;
    house.warehouse.fault(0, Fault::Reject);
    let read = json!({ "id": 1, "note": "order 1", "total": 10 });
    assert_eq!(kept(&house).await, (read.clone(), false));
    house = House::new(Shop::with_orders(2), "write = \"append\"").await;
    house.apply(mapping).await;
    house.warehouse.fault(0, Fault::HangBefore);
    house.run_and_crash().await;
    house.warehouse.fault(1, Fault::Reject);
    assert_eq!(kept(&house).await, (json!({ "id": 1 }), true));
}

#[tokio::test]
async fn sends_a_record_again_alone_that_was_rejected_for_now_and_bills_it_once() {
    let house = House::new(Shop::with_orders(5), "").await;
    house.warehouse.fault(1, Fault::RejectForNow);
    house.warehouse.fault(2, Fault::RejectForNow);
    let outcome = house.run().await;
    assert_eq!(counted(&house, &outcome), (5, 5, 0));
    assert_eq!(house.warehouse.ids(), [1, 2, 3, 5, 4]);
    assert_eq!((rejected(&house).len(), house.links()), (0, 5));
    let calls = house.warehouse.stock.lock().unwrap().calls.clone();
    let keys: std::collections::BTreeSet<_> = calls.iter().collect();
    assert_eq!((calls.len(), keys.len()), (4, 4), "each try has a key of its own");
}

#[tokio::test]
async fn keeps_a_record_that_is_rejected_for_now_three_times_more() {
    let house = House::new(Shop::with_orders(5), "").await;
    (1..5).for_each(|call| house.warehouse.fault(call, Fault::RejectForNow));
    let outcome = house.run().await;
    assert_eq!(counted(&house, &outcome), (5, 4, 1));
    assert_eq!((house.warehouse.ids(), rejected(&house)), (vec![1, 2, 3, 5], vec![4]));
}

#[tokio::test]
async fn loses_doubles_and_misbills_nothing_where_it_crashes_around_a_rejection() {
    // The calls: a batch, one with a rejection, its record alone where it was rejected for now, and the last batch.
    let places = [(Fault::Reject, 2), (Fault::RejectForNow, 2), (Fault::RejectForNow, 3)];
    for write in ["upsert", "append"] {
        for (rejection, call) in &places {
            crash_around(write, rejection, *call, Fault::HangBefore).await;
            crash_around(write, rejection, *call, Fault::HangAfter).await;
        }
    }
}

async fn crash_around(write: &str, rejection: &Fault, call: usize, hang: Fault) {
    let name = format!("{write}, {rejection:?}, {hang:?} at call {call}");
    let mut house = House::new(Shop::with_orders(7), &format!("write = \"{write}\"")).await;
    house.warehouse.fault(1, rejection.clone());
    house.warehouse.fault(call, hang);
    house.run_and_crash().await;
    house.run().await;
    let mut all = house.warehouse.ids();
    all.extend(rejected(&house));
    all.sort_unstable();
    assert_eq!(all, (1..=7).collect::<Vec<_>>(), "{name}");
    assert_eq!(house.billed().0, house.warehouse.ids().len() as u64, "{name}");
    assert_eq!(rejected(&house).len(), usize::from(*rejection == Fault::Reject), "{name}");
}

#[tokio::test]
async fn keeps_the_answer_that_came_again_where_the_first_was_lost() {
    for write in ["upsert", "append"] {
        let mut house = House::new(Shop::with_orders(7), &format!("write = \"{write}\"")).await;
        house.warehouse.fault(1, Fault::RejectAllAndHang);
        house.run_and_crash().await;
        house.run().await;
        assert_eq!((house.warehouse.ids(), rejected(&house)), (vec![1, 2, 3, 7], vec![4, 5, 6]), "{write}");
        assert_eq!(house.billed().0, 4, "{write}");
    }
}

#[tokio::test]
async fn forgets_rejections_of_an_attempt_that_settled_nothing() {
    for (write, is_taken) in [("upsert", true), ("append", true), ("upsert", false)] {
        let mut house = House::new(Shop::with_orders(7), &format!("write = \"{write}\"")).await;
        house.warehouse.fault(1, Fault::HangBefore);
        house.run_and_crash().await;
        house.leave_rejected(60).await;
        if !is_taken {
            house.warehouse.fault(2, Fault::RejectAll);
        }
        house.run().await;
        assert_eq!(rejected(&house), if is_taken { vec![] } else { vec![4, 5, 6] }, "{write}");
    }
}

#[tokio::test]
async fn keeps_more_rejected_records_than_one_transaction_takes() {
    let house = House::new(Shop { page: 1_000, ..Shop::with_orders(1_500) }, "").await;
    house.warehouse.fault(0, Fault::RejectAll);
    let outcome = house.run().await;
    assert_eq!(outcome.run.counts.dead_lettered, 1_000);
    assert_eq!(rejected(&house), (1..=1_000).collect::<Vec<_>>());
}

/// A run over twenty records in batches of three, of which the destination rejects the calls that are named.
async fn with_rejected_calls(transfer: &str, calls: &[usize]) -> (House, RunOutcome) {
    let house = House::new(Shop::with_orders(21), transfer).await;
    calls.iter().for_each(|call| house.warehouse.fault(*call, Fault::RejectAll));
    let outcome = house.run().await;
    (house, outcome)
}

#[tokio::test]
async fn ends_partially_succeeded_where_some_were_rejected_and_all_has_moved() {
    let (house, outcome) = with_rejected_calls("", &[2]).await;
    assert_eq!((outcome.run.state, outcome.run.failure.clone()), (RunState::PartiallySucceeded, None));
    assert_eq!(counted(&house, &outcome), (21, 18, 3));
    house.run_to_the_end().await;
    assert_eq!(house.billed().0, 18, "the next run has nothing to move, and succeeds");
}

#[tokio::test]
async fn ends_after_the_batch_in_which_too_many_were_rejected_and_goes_on_after_it_next_time() {
    for write in ["upsert", "append"] {
        let transfer = format!("write = \"{write}\"\nrejections = {{ count = 4 }}");
        let (house, outcome) = with_rejected_calls(&transfer, &[1, 2]).await;
        let code = outcome.run.failure.as_ref().map(|failure| failure.code.as_str());
        assert_eq!((outcome.run.state, code), (RunState::PartiallySucceeded, Some("transfer.too_many_rejected")));
        assert_eq!(counted(&house, &outcome), (9, 3, 6), "{write}");
        assert!(house.engine.open_batches("").unwrap().is_empty(), "{write}: nothing stays on hold");
        house.run_to_the_end().await;
        assert_eq!((house.warehouse.ids().len(), house.billed().0, rejected(&house).len()), (15, 15, 6), "{write}");
    }
}

#[tokio::test]
async fn ends_failed_where_too_many_were_rejected_and_nothing_was_delivered() {
    let (house, outcome) = with_rejected_calls("rejections = { count = 2 }", &[0]).await;
    let code = outcome.run.failure.as_ref().map(|failure| failure.code.as_str());
    assert_eq!((outcome.run.state, code), (RunState::Failed, Some("transfer.too_many_rejected")));
    assert_eq!(counted(&house, &outcome), (3, 0, 3));
}

#[tokio::test]
async fn looks_at_the_share_from_the_twentieth_record_on() {
    let (house, outcome) = with_rejected_calls("", &[0, 1, 2, 3, 4, 5, 6]).await;
    assert_eq!(counted(&house, &outcome), (21, 0, 21));
    assert_eq!(outcome.run.state, RunState::Failed, "more than half of twenty-one");
    let (house, outcome) = with_rejected_calls("rejections = { share = 1000 }", &[0, 1, 2, 3, 4, 5, 6]).await;
    assert_eq!(counted(&house, &outcome), (21, 0, 21));
    assert_eq!(outcome.run.state, RunState::PartiallySucceeded, "no share is too many");
}

#[tokio::test]
async fn ends_a_run_of_too_many_rejected_whose_process_died_before_it_was_ended() {
    let mut house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(0, Fault::RejectAll);
    house.warehouse.fault(1, Fault::HangBefore);
    house.run_and_crash().await;
    house.customer("[[customer.transfer]]\nname = \"orders\"\nrejections = { count = 2 }").await;
    let outcome = house.run().await;
    let code = outcome.run.failure.as_ref().map(|failure| failure.code.as_str());
    assert_eq!((outcome.run.state, code), (RunState::PartiallySucceeded, Some("transfer.too_many_rejected")));
    assert_eq!(outcome.run.counts.read, 6, "the batch in doubt is moved to its end first");
}

#[tokio::test]
async fn are_kept_for_as_long_as_the_host_keeps_them_and_no_longer() {
    let (mut house, _) = with_rejected_calls("", &[2]).await;
    assert_eq!((house.engine.sweep_rejected().await.unwrap(), rejected(&house).len()), (0, 3));
    house.rejected_days = 0;
    house.enter_again().await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert_eq!((house.engine.sweep_rejected().await.unwrap(), rejected(&house).len()), (3, 0));
    assert_eq!(house.billed().0, 18, "what was delivered and billed stays as it is");
}

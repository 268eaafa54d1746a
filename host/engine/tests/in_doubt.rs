//! Batches in doubt: who is told of them, what they wait for, and giving them up.

use weighbridge::account::{WaitsFor, WriteOff};
use weighbridge::model::id::BatchId;
use weighbridge::model::problem::ProblemCode;
use weighbridge_native::{Fault, House, Shop};

use crate::rights::may;

/// A house whose process died while its second batch was being sent.
async fn stopped(write: &str) -> House {
    let mut house = House::new(Shop::with_orders(9), &format!("write = \"{write}\"")).await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    house
}

async fn refused(house: &House, batch: BatchId, confirm: bool) -> ProblemCode {
    house.engine.write_off(&may(()), batch, WriteOff { confirm }).await.unwrap_err().code
}

#[tokio::test]
async fn a_batch_that_nobody_is_at_work_on_is_in_doubt_until_its_run_goes_on() {
    for (write, dispatched) in [("upsert", false), ("append", true)] {
        let house = stopped(write).await;
        let found = house.engine.in_doubt(&may(&house)).unwrap().items;
        let one = &found[0];
        assert_eq!(
            (found.len(), one.transfer, one.held.dispatched),
            (1, Some(house.transfer()), dispatched),
            "{write}"
        );
        assert_eq!((one.held.records, one.held.waits_for, &one.held.code), (3, WaitsFor::Itself, &None));
        assert_eq!(house.held(), 6, "the next batch was never sent, and is not in doubt");
        let on_host = house.engine.in_doubt_on_host(&may(())).unwrap().items;
        assert_eq!((on_host.len(), on_host[0].batch), (1, one.batch));
        house.recover().await;
        assert_eq!(house.engine.in_doubt(&may(&house)).unwrap().items, []);
    }
}

#[tokio::test]
async fn a_batch_in_doubt_says_what_stands_in_its_way_and_what_it_waits_for_then() {
    let house = stopped("upsert").await;
    house.customer("status = \"inactive\"").await;
    house.run().await;
    let found = house.engine.in_doubt(&may(&house)).unwrap().items;
    assert_eq!((found[0].held.waits_for, found[0].held.code.as_deref()), (WaitsFor::Gate, Some("customer.inactive")));
    house.customer("status = \"active\"").await;
    let found = house.engine.in_doubt(&may(&house)).unwrap().items;
    assert_eq!((found[0].held.waits_for, &found[0].held.code), (WaitsFor::NextRun, &None));
}

#[tokio::test]
async fn a_batch_is_given_up_under_whoever_did_it_and_its_hold_goes_back() {
    let house = stopped("append").await;
    let batch = house.engine.in_doubt(&may(&house)).unwrap().items[0].batch;
    let given = house.engine.write_off(&may(()), batch, WriteOff { confirm: true }).await.unwrap();
    assert_eq!((given.batch, given.records, house.held()), (batch, 3, 0));
    let told = house.engine.audit_of(&batch.to_string()).unwrap();
    let lines: Vec<_> = told.iter().filter(|line| line.act.as_str() == "batch.written_off").collect();
    assert!(!lines.is_empty(), "{told:?}");
    assert!(lines.iter().any(|line| line.detail.contains(&batch.to_string())), "{lines:?}");
}

#[tokio::test]
async fn a_batch_is_not_given_up_unasked_or_twice() {
    let house = stopped("upsert").await;
    let batch = house.engine.in_doubt(&may(&house)).unwrap().items[0].batch;
    assert_eq!(refused(&house, batch, false).await, ProblemCode::ConfirmationNeeded);
    assert!(house.held() > 0);
    house.engine.write_off(&may(()), batch, WriteOff { confirm: true }).await.unwrap();
    assert_eq!(refused(&house, batch, true).await, ProblemCode::BatchEnded);
}

#[tokio::test]
async fn a_batch_that_somebody_is_at_work_on_is_not_in_doubt_and_not_given_up() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(1, Fault::HangAfter);
    let look = async {
        house.warehouse.hangs().await;
        let open = house.engine.open_batches("").unwrap()[0].batch.id;
        assert_eq!(house.engine.in_doubt(&may(&house)).unwrap().items, []);
        assert_eq!(refused(&house, open, true).await, ProblemCode::RunBusy);
    };
    tokio::select! {
        ended = house.run() => panic!("the run was to hang, and ended: {ended:?}"),
        () = look => {}
    }
}

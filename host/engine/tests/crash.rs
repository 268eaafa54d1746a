//! A crash at every call of the destination, before and after it took what came.

use weighbridge_native::{Fault, House, Shop};

const ORDERS: u64 = 7;

/// Three batches, and so three calls; each may hang before or after.
async fn crash_everywhere(write: &str) {
    for call in 0..3 {
        for fault in [Fault::HangBefore, Fault::HangAfter] {
            let mut house = House::new(Shop::with_orders(ORDERS), &format!("write = \"{write}\"")).await;
            house.warehouse.fault(call, fault.clone());
            house.run_and_crash().await;
            // The next process may die at the same place again.
            house.warehouse.fault(call + 1, fault.clone());
            house.run_and_crash().await;
            house.run_to_the_end().await;
            let expected: Vec<u64> = (1..=ORDERS).collect();
            assert_eq!(house.warehouse.ids(), expected, "{write}, call {call}, {fault:?}");
            assert_eq!(house.billed().0, ORDERS, "{write}, call {call}, {fault:?}");
            let calls = house.warehouse.stock.lock().unwrap().calls.clone();
            assert_eq!(calls[call], calls[call + 1], "the same batch comes again under the same key");
            assert_eq!(calls[call], calls[call + 2]);
        }
    }
}

#[tokio::test]
async fn upserts_without_losing_doubling_or_misbilling_a_record() {
    crash_everywhere("upsert").await;
}

#[tokio::test]
async fn appends_without_losing_doubling_or_misbilling_a_record() {
    crash_everywhere("append").await;
}

#[tokio::test]
async fn resends_the_same_bytes_of_an_append_when_the_source_has_changed() {
    let mut house = House::new(Shop::with_orders(ORDERS), "write = \"append\"").await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    house.shop.orders.lock().unwrap()[3]["note"] = "changed".into();
    house.run_to_the_end().await;
    assert_eq!(house.billed().0, ORDERS);
    let stock = house.warehouse.stock.lock().unwrap();
    assert_eq!(stock.calls[1], stock.calls[2]);
    assert!(!stock.records.iter().any(|record| record["note"] == "changed"));
}

#[tokio::test]
async fn sends_the_present_record_of_an_upsert_when_the_source_has_changed() {
    let mut house = House::new(Shop::with_orders(ORDERS), "").await;
    house.warehouse.fault(1, Fault::HangAfter);
    house.run_and_crash().await;
    house.shop.orders.lock().unwrap()[3]["note"] = "changed".into();
    house.run_to_the_end().await;
    let stock = house.warehouse.stock.lock().unwrap();
    assert_ne!(stock.calls[1], stock.calls[2], "other bytes have another key");
    assert!(stock.records.iter().any(|record| record["note"] == "changed"));
    drop(stock);
    assert_eq!(house.billed().0, ORDERS, "billed once, though it was sent twice");
}

#[tokio::test]
async fn keeps_a_batch_in_doubt_while_the_gate_says_no_and_resends_it_when_it_says_yes() {
    for write in ["upsert", "append"] {
        let mut house = House::new(Shop::with_orders(ORDERS), &format!("write = \"{write}\"")).await;
        house.warehouse.fault(1, Fault::HangAfter);
        house.run_and_crash().await;
        house.customer("status = \"inactive\"").await;
        house.run().await;
        assert_eq!(house.engine.open_batches("").unwrap().len(), 1, "{write}");
        assert_eq!(house.billed().0, 3);
        house.customer("status = \"active\"").await;
        house.run_to_the_end().await;
        assert_eq!((house.warehouse.ids().len() as u64, house.billed().0), (ORDERS, ORDERS), "{write}");
    }
}

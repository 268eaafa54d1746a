//! Nobody sees the rows of another scope.

use weighbridge_model::id::{CustomerId, TenantId, TransferId};
use weighbridge_model::time::Timestamp;
use weighbridge_store::engine::MemoryEngine;
use weighbridge_store::tables::{Occurrence, Occurrences};
use weighbridge_store::{Access, CustomerScope, HostScope, Store};

const TRANSFER: TransferId = TransferId::from_bytes([9; 16]);

fn customer(tenant: u8, customer: u8) -> CustomerScope {
    HostScope::new().tenant(TenantId::from_bytes([tenant; 16])).customer(CustomerId::from_bytes([customer; 16]))
}

/// Neighbours in the order of keys, and at both ends of it.
const CUSTOMERS: [(u8, u8); 6] = [(0, 0), (0, 255), (1, 1), (1, 2), (2, 1), (255, 255)];

fn key(millis: i64) -> (TransferId, Timestamp) {
    (TRANSFER, Timestamp::from_millis(millis))
}

/// Every customer has two rows that count what nobody else's do.
async fn store() -> Store {
    let store = Store::over(MemoryEngine::default(), Access::Write).unwrap();
    for (index, (tenant, number)) in CUSTOMERS.into_iter().enumerate() {
        let row = Occurrence { run: None, reason: None, count: index as u64 };
        let written = store.write(move |tx| {
            tx.put::<Occurrences>(&customer(tenant, number), &key(-1), &row)?;
            tx.put::<Occurrences>(&customer(tenant, number), &key(1), &row)
        });
        written.await.unwrap();
    }
    store
}

#[tokio::test]
async fn shows_each_customer_its_own_rows() {
    let store = store().await;
    for (index, (tenant, number)) in CUSTOMERS.into_iter().enumerate() {
        let scope = customer(tenant, number);
        let rows = store.read(|tx| tx.scan::<Occurrences>(&scope, None, 100)).unwrap();
        let seen: Vec<_> = rows.iter().map(|(key, row)| (key.1.as_millis(), row.count)).collect();
        assert_eq!(seen, [(-1, index as u64), (1, index as u64)], "in the order of time");
        let row = store.read(|tx| tx.get::<Occurrences>(&scope, &key(1))).unwrap();
        assert_eq!(row.map(|row| row.count), Some(index as u64));
    }
}

#[tokio::test]
async fn shows_nothing_through_a_scope_without_rows() {
    let store = store().await;
    for (tenant, number) in [(1, 0), (1, 3), (2, 2), (3, 1)] {
        let scope = customer(tenant, number);
        assert_eq!(store.read(|tx| tx.scan::<Occurrences>(&scope, None, 100)).unwrap(), []);
        assert_eq!(store.read(|tx| tx.get::<Occurrences>(&scope, &key(1))).unwrap(), None);
    }
}

#[tokio::test]
async fn removes_a_row_only_through_its_own_scope() {
    let store = store().await;
    store.write(|tx| tx.remove::<Occurrences>(&customer(1, 1), &key(1))).await.unwrap();
    let there = |scope| store.read(|tx| tx.get::<Occurrences>(&scope, &key(1))).unwrap().is_some();
    assert_eq!((there(customer(1, 1)), there(customer(1, 2)), there(customer(2, 1))), (false, true, true));
}

#[tokio::test]
async fn shows_the_host_whose_rows_there_are_and_never_what_is_in_them() {
    let store = store().await;
    let keys = store.read(|tx| tx.keys::<Occurrences>(HostScope::new(), None, 100)).unwrap();
    let wanted =
        CUSTOMERS.map(|(tenant, number)| [(customer(tenant, number), key(-1)), (customer(tenant, number), key(1))]);
    assert_eq!(keys, wanted.concat());
    let after = store.read(|tx| tx.keys::<Occurrences>(HostScope::new(), Some(&keys[3]), 2)).unwrap();
    assert_eq!(after, keys[4..6]);
}

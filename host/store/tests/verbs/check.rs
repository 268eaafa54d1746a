//! The ledger balances after every verb, and one number out of place is found.

use weighbridge_model::id::CustomerId;
use weighbridge_model::meter::{Amounts, Balance};
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::Store;
use weighbridge_store::tables::{Balances, Batches, Entries};
use weighbridge_store::verbs::{Imbalance, Next, Then, WriteOffError, check_ledger, settle, write_off};

use super::{CUSTOMER, NOW, delivered, held, scope, store, tenant};

const WHOLE_TENANT: CustomerId = CustomerId::from_bytes([0; 16]);

fn check(store: &Store) -> Vec<Imbalance> {
    store.read(|tx| check_ledger(tx, tenant())).unwrap()
}

fn balance(store: &Store, owner: CustomerId) -> (Timestamp, Balance) {
    let rows = store.read(|tx| tx.scan::<Balances>(&tenant(), None, 10)).unwrap();
    rows.into_iter().find(|((of, _), _)| *of == owner).map(|((_, period), row)| (period, row)).unwrap()
}

/// One batch settled, the next one held.
async fn settled() -> Store {
    let store = store(WriteMode::Upsert).await;
    let next = settle(&store, held(&store).await, delivered(Then::Next), NOW).await.unwrap();
    assert!(matches!(next, Next::Held(_)));
    store
}

#[tokio::test]
async fn balances_after_a_settlement_that_holds_the_next_batch() {
    let store = settled().await;
    assert_eq!(check(&store), []);
    for owner in [WHOLE_TENANT, CUSTOMER] {
        let (_, balance) = balance(&store, owner);
        assert_eq!(balance.spent, Amounts { records: 3, bytes: 50, runs: 1, ..Amounts::ZERO });
        assert_eq!(balance.held, Amounts { records: 10, bytes: 1_000, ..Amounts::ZERO });
    }
}

#[tokio::test]
async fn balances_after_a_batch_was_written_off_once() {
    let store = settled().await;
    let again = held(&store).await;
    write_off(&store, scope(), again.batch.id, NOW).await.unwrap();
    assert_eq!((check(&store), balance(&store, CUSTOMER).1.held), (vec![], Amounts::ZERO));
    let twice = write_off(&store, scope(), again.batch.id, NOW).await.unwrap_err();
    assert!(matches!(twice, WriteOffError::Ended(id) if id == again.batch.id));
}

#[tokio::test]
async fn finds_a_balance_that_was_changed() {
    for owner in [WHOLE_TENANT, CUSTOMER] {
        let store = settled().await;
        let (period, summed) = balance(&store, owner);
        let kept = Balance { spent: Amounts { records: 2, ..summed.spent }, ..summed };
        store.write(move |tx| tx.put::<Balances>(&tenant(), &(owner, period), &kept)).await.unwrap();
        assert_eq!(check(&store), [Imbalance { owner, service: None, period, kept, summed }]);
    }
}

#[tokio::test]
async fn finds_an_entry_that_is_gone() {
    let store = settled().await;
    let entries = store.read(|tx| tx.scan::<Entries>(&scope(), None, 10)).unwrap();
    assert_eq!(entries.len(), 2, "the run's and the batch's");
    let id = entries[0].0;
    store.write(move |tx| tx.remove::<Entries>(&scope(), &id)).await.unwrap();
    assert_eq!(check(&store).iter().map(|one| one.owner).collect::<Vec<_>>(), [WHOLE_TENANT, CUSTOMER]);
}

#[tokio::test]
async fn finds_a_hold_that_no_batch_has() {
    let store = settled().await;
    let open = store.read(|tx| tx.scan::<Batches>(&scope(), None, 10)).unwrap();
    let id = open.iter().find(|(_, batch)| batch.state.is_open()).unwrap().0;
    store.write(move |tx| tx.remove::<Batches>(&scope(), &id)).await.unwrap();
    let found = check(&store);
    assert!(found.len() == 2 && found.iter().all(|one| one.summed.held == Amounts::ZERO), "{found:?}");
}

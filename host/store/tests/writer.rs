//! Many closures, one commit; each answered as if it were alone.

use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::meter::{Amounts, Balance};
use weighbridge_model::time::Timestamp;
use weighbridge_store::engine::MemoryEngine;
use weighbridge_store::tables::Balances;
use weighbridge_store::{Access, HostScope, Store, TenantScope, Tx, TxError, WriteError};

use crate::scripted::store;

fn tenant() -> TenantScope {
    HostScope::new().tenant(TenantId::from_bytes([1; 16]))
}

fn key(number: u16) -> (CustomerId, Timestamp) {
    (CustomerId::from_bytes([1; 16]), Timestamp::from_millis(number.into()))
}

/// Writes a number under a number.
pub fn put(tx: &mut Tx<'_>, number: u16, records: u64) -> Result<(), TxError> {
    let spent = Amounts { records, ..Amounts::ZERO };
    tx.put::<Balances>(&tenant(), &key(number), &Balance { spent, ..Balance::default() })
}

fn get(tx: &Tx<'_>, number: u16) -> Result<u64, TxError> {
    Ok(tx.get::<Balances>(&tenant(), &key(number))?.map_or(0, |row| row.spent.records))
}

fn add(tx: &mut Tx<'_>, number: u16, more: u64) -> Result<u64, TxError> {
    let sum = get(tx, number)? + more;
    put(tx, number, sum)?;
    Ok(sum)
}

fn kept(store: &Store, number: u16) -> u64 {
    store.read(|tx| get(tx, number)).unwrap()
}

#[tokio::test]
async fn lets_closures_of_a_group_see_each_others_changes() {
    let (store, script) = store();
    let work = async {
        tokio::join!(
            biased;
            store.write(|tx| add(tx, 1, 5)),
            store.write(|tx| add(tx, 1, 7)),
            store.write(|tx| {
                let rows = tx.scan::<Balances>(&tenant(), None, 10)?;
                tx.remove::<Balances>(&tenant(), &key(1))?;
                Ok(rows.into_iter().map(|(_, row)| row.spent.records).collect::<Vec<_>>())
            }),
            store.write(|tx| add(tx, 1, 1)),
        )
    };
    let (first, second, rows, last) = script.group(&store, work).await;
    assert_eq!((*first.unwrap(), *second.unwrap(), *last.unwrap()), (5, 12, 1));
    assert_eq!(*rows.unwrap(), [12, 1], "the group's row, and the one committed before it");
    assert_eq!((kept(&store, 1), script.applied()), (1, 2), "one commit before the group, and one for it");
}

#[tokio::test]
async fn drops_only_the_changes_of_the_closure_that_failed() {
    let (store, script) = store();
    let work = async {
        tokio::join!(
            biased;
            store.write(|tx| add(tx, 1, 5)),
            store.write(|tx| add(tx, 1, 100).and(Err::<u64, _>(TxError::NotFound("customer")))),
            store.write(|tx| add(tx, 1, 7)),
        )
    };
    let (first, failed, last) = script.group(&store, work).await;
    assert!(matches!(failed, Err(WriteError::Tx(TxError::NotFound("customer")))));
    assert_eq!((*first.unwrap(), *last.unwrap(), kept(&store, 1)), (5, 12, 12));
}

#[tokio::test]
async fn applies_the_changes_beside_a_refusal_that_is_an_answer() {
    let (store, _script) = store();
    let refused = store.write(|tx| add(tx, 1, 5).map(Err::<(), u64>)).await.unwrap();
    assert_eq!((*refused, kept(&store, 1)), (Err(5), 5));
}

#[tokio::test]
async fn catches_a_panic_and_commits_the_others() {
    let (store, script) = store();
    let work = async {
        tokio::join!(
            biased;
            store.write(|tx| add(tx, 1, 5)),
            store.write::<(), _>(|tx| {
                put(tx, 1, 100)?;
                panic!("a closure of this test panics, as it is meant to")
            }),
            store.write(|tx| add(tx, 1, 7)),
        )
    };
    let (first, panicked, last) = script.group(&store, work).await;
    assert!(matches!(panicked, Err(WriteError::Panicked)));
    assert_eq!((*first.unwrap(), *last.unwrap(), kept(&store, 1)), (5, 12, 12));
}

#[tokio::test]
async fn takes_a_thousand_rows_of_one_closure() {
    let (store, _script) = store();
    store.write(|tx| (0..1_000).try_for_each(|number| put(tx, number, 1))).await.unwrap();
    let rows = store.read(|tx| tx.scan::<Balances>(&tenant(), None, usize::MAX)).unwrap();
    assert_eq!(rows.len(), 1_000);
}

#[tokio::test]
async fn refuses_more_than_a_thousand_rows_of_one_closure() {
    let (store, _script) = store();
    let refused = store.write(|tx| (0..=1_000).try_for_each(|number| put(tx, number, 1))).await;
    assert!(matches!(refused, Err(WriteError::Tx(TxError::TooManyRows(1_000)))));
    assert_eq!(kept(&store, 0), 0);
}

#[tokio::test]
async fn answers_unknown_to_a_whole_group_whose_commit_failed_and_then_stops() {
    let (store, script) = store();
    let work = async {
        script.fail();
        tokio::join!(biased; store.write(|tx| add(tx, 1, 5)), store.write(|tx| get(tx, 1)), store.write(|tx| add(tx, 2, 7)))
    };
    let (first, second, third) = script.group(&store, work).await;
    for error in [first.unwrap_err(), second.unwrap_err(), third.unwrap_err()] {
        assert!(matches!(&error, WriteError::Unknown(why) if why.contains("the disk is gone")), "{error}");
    }
    assert!(matches!(store.write(|tx| add(tx, 1, 1)).await, Err(WriteError::Stopped)));
    assert!(*store.stopped().unwrap().wait_for(|stopped| *stopped).await.unwrap());
}

#[tokio::test]
async fn goes_on_while_commits_go_well() {
    let (store, _script) = store();
    store.write(|tx| add(tx, 1, 5)).await.unwrap();
    assert!(!*store.stopped().unwrap().borrow());
}

#[tokio::test]
async fn commits_what_is_queued_when_it_closes_and_takes_no_more() {
    let (store, script) = store();
    let (closing, late) = (store.clone(), store.clone());
    let work = async {
        tokio::join!(biased; store.write(|tx| add(tx, 1, 5)), store.write(|tx| add(tx, 1, 7)), closing.close())
    };
    let (first, second, closed) = script.group(&store, work).await;
    assert_eq!((*first.unwrap(), *second.unwrap()), (5, 12));
    closed.unwrap();
    assert_eq!(kept(&store, 1), 12);
    assert!(matches!(late.write(|tx| add(tx, 1, 1)).await, Err(WriteError::Stopped)));
}

#[tokio::test]
async fn takes_no_writes_where_it_was_opened_for_reading() {
    let store = Store::over(MemoryEngine::default(), Access::Read).unwrap();
    assert!(matches!(store.write(|tx| add(tx, 1, 1)).await, Err(WriteError::Stopped)));
    assert!(store.stopped().is_none());
}

#[tokio::test]
async fn counts_commits_and_what_would_have_broken_an_invariant() {
    let (store, _script) = store();
    let told = |store: &Store| (store.vitals().commits().count, store.vitals().broken());
    assert_eq!(told(&store), (0, 0));
    store.write(|tx| put(tx, 1, 1)).await.unwrap();
    store.write(|_| Err::<(), _>(TxError::Invariant("it is billed already".into()))).await.unwrap_err();
    assert_eq!(told(&store), (1, 1));
}

#[tokio::test]
async fn counts_neither_a_read_nor_another_no() {
    let (store, _script) = store();
    store.write(|tx| get(tx, 1)).await.unwrap();
    store.write(|_| Err::<(), _>(TxError::NotFound("transfer"))).await.unwrap_err();
    assert_eq!((store.vitals().commits().count, store.vitals().broken()), (0, 0));
}

#[tokio::test]
async fn says_how_many_rows_a_table_has() {
    let (store, _script) = store();
    for number in [1, 2, 2, 3] {
        store.write(move |tx| put(tx, number, 1)).await.unwrap();
    }
    store.write(|tx| tx.remove::<Balances>(&tenant(), &key(3))).await.unwrap();
    assert_eq!(store.counts(HostScope::new()).unwrap().of::<Balances>(), 2);
}

//! The ledger's chain knows every entry, in the order in which commits wrote them, and shows whatever was done to them since.

use weighbridge_model::id::{EntryId, RunId};
use weighbridge_model::meter::{Amounts, Entry, EntryKind};
use weighbridge_stage::{NOW, TRANSFER, scope};
use weighbridge_store::engine::{Engine as _, MemoryEngine};
use weighbridge_store::tables::{Entries, LedgerHeads, LedgerLinks};
use weighbridge_store::{Access, ChainFault, HostScope, Store, Table as _, Tx, TxError, chain_anew, check_chain};

const HOST: HostScope = HostScope::new();

fn entry(number: u8) -> Entry {
    Entry {
        id: EntryId::from_bytes([number; 16]),
        kind: EntryKind::Batch,
        customer: scope().id(),
        transfer: TRANSFER,
        run: RunId::from_bytes([1; 16]),
        batch: None,
        amounts: Amounts { records: 10, bytes: u64::from(number), ..Amounts::ZERO },
        periods: [NOW; 2],
        service: None,
        at: NOW,
    }
}

async fn put(store: &Store, entry: Entry) {
    store.write(move |tx| tx.put::<Entries>(&scope(), &entry.id, &entry)).await.unwrap();
}

/// Five entries, of a commit each.
async fn five() -> (MemoryEngine, Store) {
    let rows = MemoryEngine::default();
    let store = Store::over(rows.clone(), Access::Write).unwrap();
    for number in 1..=5 {
        put(&store, entry(number)).await;
    }
    (rows, store)
}

fn fault(store: &Store) -> Option<ChainFault> {
    store.read(check_chain).unwrap()
}

#[tokio::test]
async fn every_commit_with_entries_adds_one_link_and_no_other_does() {
    let (_rows, store) = five().await;
    store.write(|tx| tx.remove::<LedgerLinks>(&HOST, &9)).await.unwrap();
    let head = store.read(|tx| tx.need::<LedgerHeads>(&HOST, &())).unwrap();
    assert_eq!((head.links, head.entries, fault(&store)), (5, 5, None));
    let refused = store.write(|tx| {
        tx.put::<Entries>(&scope(), &EntryId::from_bytes([6; 16]), &entry(6))?;
        Err::<(), _>(TxError::Stale)
    });
    assert!(refused.await.is_err());
    assert_eq!(store.read(|tx| tx.need::<LedgerHeads>(&HOST, &())).unwrap(), head);
}

#[tokio::test]
async fn entries_of_one_group_stand_in_one_link() {
    let (_rows, store) = five().await;
    put_at_once(&store, 10..60).await;
    let head = store.read(|tx| tx.need::<LedgerHeads>(&HOST, &())).unwrap();
    assert_eq!((head.entries, fault(&store)), (55, None));
    assert!(head.links < 55, "{} links", head.links);
}

async fn put_at_once(store: &Store, numbers: std::ops::Range<u8>) {
    let mut writes = tokio::task::JoinSet::new();
    for number in numbers {
        let store = store.clone();
        writes.spawn(async move { put(&store, entry(number)).await });
    }
    writes.join_all().await;
}

#[tokio::test]
async fn an_entry_that_is_changed_taken_out_or_put_in_shows() {
    let (rows, store) = five().await;
    let (third, text) = rows.snapshot().unwrap().scan(&[Entries::NUMBER], None, usize::MAX).unwrap().swap_remove(2);
    let cheaper = String::from_utf8(text.clone()).unwrap().replace("\"records\":10", "\"records\":1");
    rows.apply([(third.clone(), Some(cheaper.into_bytes()))].into()).unwrap();
    assert_eq!(fault(&store), Some(ChainFault::Link(3)));
    rows.apply([(third.clone(), None)].into()).unwrap();
    assert_eq!(fault(&store), Some(ChainFault::Link(3)));
    rows.apply([(third.clone(), Some(text.clone()))].into()).unwrap();
    assert_eq!(fault(&store), None);
    let mut another = third;
    *another.last_mut().unwrap() = 77;
    rows.apply([(another, Some(text))].into()).unwrap();
    assert_eq!(fault(&store), Some(ChainFault::Entries(6, 5)));
}

#[tokio::test]
async fn links_that_are_swapped_or_cut_off_show() {
    let (_rows, store) = five().await;
    let swap = |tx: &mut Tx<'_>| {
        let (second, third) = (tx.need::<LedgerLinks>(&HOST, &2)?, tx.need::<LedgerLinks>(&HOST, &3)?);
        tx.put::<LedgerLinks>(&HOST, &2, &third)?;
        tx.put::<LedgerLinks>(&HOST, &3, &second)
    };
    store.write(swap).await.unwrap();
    assert_eq!(fault(&store), Some(ChainFault::Link(2)));
    store.write(swap).await.unwrap();
    assert_eq!(fault(&store), None);
    store.write(|tx| tx.remove::<LedgerLinks>(&HOST, &5)).await.unwrap();
    assert_eq!(fault(&store), Some(ChainFault::Head));
    let cut = |tx: &mut Tx<'_>| {
        let (head, last) = (tx.need::<LedgerHeads>(&HOST, &())?, tx.need::<LedgerLinks>(&HOST, &4)?);
        let shorter = weighbridge_model::meter::LedgerHead { links: 4, entries: head.entries - 1, hash: last.hash };
        tx.put::<LedgerHeads>(&HOST, &(), &shorter)
    };
    store.write(cut).await.unwrap();
    assert_eq!(fault(&store), Some(ChainFault::Entries(5, 4)));
}

#[tokio::test]
async fn the_first_link_of_another_host_names_the_head_of_the_one_before() {
    let (_rows, store) = five().await;
    let before = store.read(|tx| tx.need::<LedgerHeads>(&HOST, &())).unwrap();
    store.write(chain_anew).await.unwrap();
    let link = store.read(|tx| tx.need::<LedgerLinks>(&HOST, &6)).unwrap();
    assert_eq!((link.previous, link.entries.len(), fault(&store)), (before.hash, 0, None));
}

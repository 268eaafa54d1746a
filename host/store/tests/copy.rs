//! A copy is made while somebody writes: it is the store at one instant, and no view of the file stays open for all of it.

use std::collections::BTreeMap;
use std::path::Path;

use tempfile::TempDir;
use tokio::runtime::Handle;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{BlobId, CustomerId, EndpointId, KeyId, TenantId};
use weighbridge_model::name::NameHash;
use weighbridge_model::sealed::Sealed;
use weighbridge_store::engine::{FileEngine, FileSettings};
use weighbridge_store::tables::{Link, Links};
use weighbridge_store::{Access, CopyError, CustomerScope, HostScope, Store};

/// Rows of 20 KiB, so that a copy takes several views.
const ROWS: u32 = 2_500;

fn customer() -> CustomerScope {
    HostScope::new().tenant(TenantId::from_bytes([1; 16])).customer(CustomerId::from_bytes([2; 16]))
}

fn key(number: u32) -> (EndpointId, NameHash) {
    // Numbers that follow each other stand far apart.
    let mut hash = [0; 32];
    hash[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    (EndpointId::from_bytes([3; 16]), NameHash::new(Digest::from_bytes(hash)))
}

fn link(number: u32, turn: u8) -> Link {
    let mut bytes = vec![turn; 20 << 10];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Link { id: Sealed::new(KeyId::from_bytes([4; 16]), bytes) }
}

fn open(path: &Path, access: Access) -> Store {
    Store::over(FileEngine::open(path, FileSettings::default()).unwrap(), access).unwrap()
}

async fn filled(folder: &Path) -> Store {
    let store = open(&folder.join("store.redb"), Access::Write);
    for first in (0..ROWS).step_by(500) {
        let put = move |tx: &mut weighbridge_store::Tx<'_>| {
            (first..first + 500).try_for_each(|number| tx.put::<Links>(&customer(), &key(number), &link(number, 0)))
        };
        store.write(put).await.unwrap();
    }
    store
}

/// Changes one row in fifty, takes one in fifty away, and puts as many that are new.
async fn change(store: &Store, turn: u8) {
    let changes = move |tx: &mut weighbridge_store::Tx<'_>| {
        for number in (u32::from(turn)..ROWS).step_by(50) {
            tx.put::<Links>(&customer(), &key(number), &link(number, turn))?;
            tx.remove::<Links>(&customer(), &key((number + 7 * u32::from(turn)) % ROWS))?;
            let new = ROWS * u32::from(turn) + number;
            tx.put::<Links>(&customer(), &key(new), &link(new, turn))?;
        }
        Ok(())
    };
    store.write(changes).await.unwrap();
}

fn rows(store: &Store) -> BTreeMap<(EndpointId, NameHash), Link> {
    store.read(|tx| tx.scan::<Links>(&customer(), None, 100_000)).unwrap().into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn has_every_change_that_was_made_meanwhile_and_nothing_that_was_taken_away() {
    let (folder, handle) = (TempDir::new().unwrap(), Handle::current());
    let store = filled(folder.path()).await;
    let (own, mut turn) = (store.clone(), 0);
    let go_on = move |_| {
        turn += 1;
        // From the third time on it may be the last view, which shows nothing newer.
        if turn <= 2 {
            handle.block_on(change(&own, turn));
        }
        true
    };
    let path = folder.path().join("copy.redb");
    let copied = store.copy_to(HostScope::new(), path.clone(), go_on).await.unwrap();
    let copy = open(&path, Access::Write);
    let (wanted, found) = (rows(&store), rows(&copy));
    for turn in 0..=2 {
        assert!(wanted.values().any(|link| link.id.bytes()[4] == turn), "changed in turn {turn}");
    }
    assert!(wanted == found, "{} and {} rows", wanted.len(), found.len());
    let counts = [&store, &copy].map(|store| store.counts(HostScope::new()).unwrap().of::<Links>());
    assert_eq!(counts, [wanted.len() as u64; 2]);
    assert!(copied.rows >= counts[0] && copied.bytes > 48 << 20, "{copied:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn has_the_blobs_that_its_rows_may_name_and_none_that_was_let_go_of_before_its_last_view() {
    let (folder, handle) = (TempDir::new().unwrap(), Handle::current());
    let store = filled(folder.path()).await;
    let [early, late, kept] = [1, 2, 3].map(|number| BlobId::from_bytes([number; 16]));
    for id in [early, late, kept] {
        store.put_blob(id, vec![7; 10]).await.unwrap();
    }
    let (own, mut turn) = (store.clone(), 0);
    let go_on = move |_| {
        turn += 1;
        // The third look is of the last view, before which the one is let go of and after which the other.
        let gone = [(1, early), (3, late)].into_iter().find(|(at, _)| *at == turn);
        gone.into_iter().for_each(|(_, id)| handle.block_on(own.drop_blob(id)).unwrap());
        true
    };
    let path = folder.path().join("copy.redb");
    store.copy_to(HostScope::new(), path.clone(), go_on).await.unwrap();
    let copy = open(&path, Access::Write);
    for (id, in_copy, in_store) in [(early, false, false), (late, true, false), (kept, true, true)] {
        let there = [copy.get_blob(id).await.unwrap().is_some(), store.get_blob(id).await.unwrap().is_some()];
        assert_eq!(there, [in_copy, in_store], "{id}");
    }
}

#[tokio::test]
async fn is_not_made_where_nobody_wants_more_of_it_and_the_next_one_is() {
    let folder = TempDir::new().unwrap();
    let store = filled(folder.path()).await;
    let stopped = store.copy_to(HostScope::new(), folder.path().join("one.redb"), |copied| copied.rows < 1_500).await;
    assert!(matches!(stopped, Err(CopyError::Stopped)));
    store.copy_to(HostScope::new(), folder.path().join("another.redb"), |_| true).await.unwrap();
}

//! A store of an older format is brought to the present one, wherever that is cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use weighbridge_model::id::{BlobId, EntryId, RunId};
use weighbridge_model::meter::{Amounts, Entry, EntryKind};
use weighbridge_model::run::{Cause, Run};
use weighbridge_model::tenant::Switch;
use weighbridge_model::transfer::WriteMode;
use weighbridge_stage::{NOW, TRANSFER, put_all, scope, tenant};
use weighbridge_store::engine::{Changes, Counts, Engine, EngineError, MemoryEngine, Snapshot};
use weighbridge_store::tables::{
    Entries, HostRow, Hosts, LedgerHeads, LedgerLinks, Runs, RunsOfCustomer, RunsOfTenant, Transfers,
};
use weighbridge_store::verbs::{Begun, Intent, begin};
use weighbridge_store::{Access, FORMAT, HostScope, NewestFirst, OpenError, Store, Table as _, Tx, check_chain};

/// More than two steps look at.
const RUNS: u16 = 700;

fn id(number: u16) -> RunId {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    RunId::from_bytes(bytes)
}

/// Rows as format 1 had them: runs stand in no list, and entries in no chain.
async fn of_format_1() -> MemoryEngine {
    let rows = MemoryEngine::default();
    let store = Store::over(rows.clone(), Access::Write).unwrap();
    let set_up = |tx: &mut Tx<'_>| {
        put_all(tx, WriteMode::Upsert)?;
        let mut row = tx.need::<Transfers>(&scope(), &TRANSFER)?;
        row.switch = Switch::Off;
        tx.put::<Transfers>(&scope(), &TRANSFER, &row)
    };
    store.write(set_up).await.unwrap();
    let intent = Intent { transfer: TRANSFER, cause: Cause::Manual, occurrence: None, run: id(0), by: None };
    let Begun::Refused(run) = begin(&store, scope(), intent, NOW).await.unwrap() else { panic!("the transfer is off") };
    put_runs(&store, &run).await;
    let make_older = |tx: &mut Tx<'_>| {
        tx.remove::<RunsOfTenant>(&tenant(), &NewestFirst(id(0)))?;
        tx.remove::<RunsOfCustomer>(&scope(), &NewestFirst(id(0)))?;
        tx.put::<Hosts>(&HostScope::new(), &(), &HostRow::fresh(1))
    };
    store.write(make_older).await.unwrap();
    store.close().await.unwrap();
    forget_chain(&rows);
    rows
}

fn forget_chain(rows: &MemoryEngine) {
    for number in [LedgerLinks::NUMBER, LedgerHeads::NUMBER] {
        let there = rows.snapshot().unwrap().scan(&[number], None, usize::MAX).unwrap();
        assert!(!there.is_empty());
        rows.apply(there.into_iter().map(|(key, _)| (key, None)).collect()).unwrap();
    }
}

async fn put_runs(store: &Store, like: &Run) {
    for number in 1..RUNS {
        let run = Run { id: id(number), ..like.clone() };
        let entry = entry(number, run.id);
        let put = move |tx: &mut Tx<'_>| {
            tx.put::<Runs>(&scope(), &(TRANSFER, run.id), &run)?;
            tx.put::<Entries>(&scope(), &entry.id, &entry)
        };
        store.write(put).await.unwrap();
    }
}

fn entry(number: u16, run: RunId) -> Entry {
    let id = EntryId::from_bytes(*id(number).as_bytes());
    let (kind, amounts) = (EntryKind::Run, Amounts { runs: 1, ..Amounts::ZERO });
    let (customer, transfer) = (scope().id(), TRANSFER);
    Entry { id, kind, customer, transfer, run, batch: None, amounts, periods: [NOW; 2], service: None, at: NOW }
}

/// Rows whose process dies at a commit.
struct Dying {
    rows: MemoryEngine,
    commits_left: Arc<AtomicUsize>,
}

impl Engine for Dying {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        self.rows.snapshot()
    }

    fn apply(&self, changes: Changes) -> Result<(), EngineError> {
        let left = self.commits_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map_err(|_| EngineError("the process died".into()))?;
        self.rows.apply(changes)
    }

    fn counts(&self) -> Result<Counts, EngineError> {
        self.rows.counts()
    }

    fn put_blob(&self, id: BlobId, bytes: &[u8]) -> Result<(), EngineError> {
        self.rows.put_blob(id, bytes)
    }

    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        self.rows.get_blob(id)
    }

    fn drop_blob(&self, id: BlobId) -> Result<(), EngineError> {
        self.rows.drop_blob(id)
    }

    fn blobs(&self) -> Result<Vec<BlobId>, EngineError> {
        self.rows.blobs()
    }

    fn close(&self) -> Result<(), EngineError> {
        self.rows.close()
    }
}

fn host_row(rows: &MemoryEngine) -> HostRow {
    let text = rows.snapshot().unwrap().get(&[1]).unwrap().expect("a store has a first row");
    serde_json::from_slice(&text).unwrap()
}

#[tokio::test]
async fn an_upgrade_that_is_cut_off_at_any_commit_is_gone_on_with_by_the_next_opening() {
    let mut deaths = 0;
    loop {
        let rows = of_format_1().await;
        let dying = Dying { rows: rows.clone(), commits_left: Arc::new(AtomicUsize::new(deaths)) };
        let opened = Store::over(dying, Access::Write);
        if deaths > 0 {
            assert_eq!(host_row(&rows).format, FORMAT, "from the first commit on an older version refuses it");
        }
        let Err(died) = opened else { break };
        assert!(died.to_string().contains("the process died"), "{died}");
        let refused = Store::over(rows.clone(), Access::Read).unwrap_err();
        assert!(matches!(refused, OpenError::Older { found, .. } if found < FORMAT), "{refused}");
        let store = Store::over(rows.clone(), Access::Write).unwrap();
        let listed = store.read(|tx| tx.scan::<RunsOfTenant>(&tenant(), None, usize::MAX)).unwrap();
        assert_eq!(listed.len(), usize::from(RUNS), "after {deaths} commits");
        assert_eq!(store.read(check_chain).unwrap(), None, "after {deaths} commits");
        assert_eq!(host_row(&rows), HostRow::fresh(FORMAT));
        store.close().await.unwrap();
        deaths += 1;
    }
    assert!(deaths >= 9, "only {deaths} commits");
}

#[tokio::test]
async fn a_store_of_the_present_format_is_not_touched() {
    let rows = of_format_1().await;
    Store::over(rows.clone(), Access::Write).unwrap().close().await.unwrap();
    let dying = Dying { rows, commits_left: Arc::new(AtomicUsize::new(0)) };
    Store::over(dying, Access::Write).unwrap().close().await.unwrap();
}

//! An engine over rows in memory, that can be left as a crash would leave it and entered again.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use weighbridge::clock::{Clock, SystemClock};
use weighbridge::document::Document;
use weighbridge::model::id::{RunId, TransferId};
use weighbridge::model::meter::key;
use weighbridge::model::run::{RejectedBy, RunState};
use weighbridge::model::sealed::Sealed;
use weighbridge::{Conduct, Engine, Options, REJECTED_DAYS, RunOutcome};
use weighbridge_store::engine::{Engine as _, MemoryEngine};
use weighbridge_store::tables::{
    DeadLetter, DeadLetters, Links, Occurrences, Progresses, RunLogRow, RunLogs, Runs, Transfers,
};
use weighbridge_store::{Access, CustomerScope, HostScope, Store};

use crate::{Hands, Shop, Strike, Warehouse};

/// An engine over rows in memory, with a shop and a warehouse.
pub struct House {
    folder: Arc<TempDir>,
    rows: MemoryEngine,
    clock: Arc<dyn Clock>,
    /// Where orders come from.
    pub shop: Shop,
    /// Where lines go.
    pub warehouse: Warehouse,
    /// Where its process dies.
    pub strike: Strike,
    /// For how many days rejected records are kept by an engine that is entered from now on.
    pub rejected_days: u32,
    /// With how many bytes left on the disk nothing begins, in an engine that is entered from now on.
    pub space_min: u64,
    /// The engine that is entered now.
    pub engine: Engine,
}

/// One customer whose orders become lines; `{write}` and `{extra}` are filled in.
const DOCUMENT: &str = r#"
[tenant]
name = "Partner"
{tenant}

[[integration]]
name = "shop"
connector = "test.shop"

[[integration]]
name = "warehouse"
connector = "test.warehouse"

[[customer]]
name = "acme"
status = "active"
{customer}

[[customer.connection]]
name = "shop"
integration = "shop"

[[customer.connection]]
name = "warehouse"
integration = "warehouse"

[[customer.endpoint]]
name = "orders"
description = "Orders of the shop."
direction = "source"
connection = "shop"
stream = "orders"

[[customer.endpoint]]
name = "lines"
description = "Lines of the warehouse."
direction = "destination"
connection = "warehouse"
stream = "lines"

[[customer.transfer]]
name = "orders"
source = "orders"
destination = "lines"
{transfer}
"#;

/// A batch is as large as what comes with one checkpoint, so that tests know how many there are.
fn one_checkpoint(shop: &Shop) -> String {
    format!("limit = {{ records = {}, bytes = 4194304 }}", shop.page * shop.checkpoint_every)
}

impl House {
    /// One customer with a transfer of which this is said.
    pub async fn new(shop: Shop, transfer: &str) -> Self {
        Self::with(shop, "", "", transfer).await
    }

    /// The same, and this is said of the tenant and of the customer.
    pub async fn with(shop: Shop, tenant: &str, customer: &str, transfer: &str) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Engine::init(&Options::at(folder.path())).await.unwrap();
        let limit = if transfer.contains("limit") { String::new() } else { one_checkpoint(&shop) };
        let house = Self::enter(folder, MemoryEngine::default(), Arc::new(SystemClock), shop).await;
        let text = DOCUMENT.replace("{tenant}", tenant).replace("{customer}", customer);
        let text = text.replace("{transfer}", &format!("{transfer}\n{limit}"));
        house.apply(&text).await;
        house
    }

    /// Another house with the same rows, under a clock of its own; its warehouse is empty.
    pub async fn like(&self, shop: Shop, clock: &Hands) -> Self {
        let rows = MemoryEngine::default();
        let all = self.rows.snapshot().unwrap().scan(b"", None, usize::MAX).unwrap();
        rows.apply(all.into_iter().map(|(key, row)| (key, Some(row))).collect()).unwrap();
        Self::enter(Arc::clone(&self.folder), rows, Arc::new(clock.clone()), shop).await
    }

    async fn enter(folder: Arc<TempDir>, rows: MemoryEngine, clock: Arc<dyn Clock>, shop: Shop) -> Self {
        let strike = Strike::default();
        let (warehouse, shop) = (Warehouse::under(&strike), Shop { strike: strike.clone(), ..shop });
        let (rejected_days, space_min) = (REJECTED_DAYS, 0);
        let engine =
            open(folder.path(), (&rows, &strike), &clock, (&shop, &warehouse), (rejected_days, space_min)).await;
        Self { folder, rows, clock, shop, warehouse, strike, rejected_days, space_min, engine }
    }

    /// Where its key ring is.
    pub fn engine_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Applies a document.
    pub async fn apply(&self, text: &str) {
        self.engine.apply(&Document::parse(text).unwrap(), Path::new(".")).await.unwrap();
    }

    /// Says one thing about the customer.
    pub async fn customer(&self, line: &str) {
        self.apply(&format!("[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"acme\"\n{line}\n")).await;
    }

    /// Runs the transfer until the run ends.
    pub async fn run(&self) -> RunOutcome {
        self.engine.run("acme/orders").await.unwrap()
    }

    /// Runs, and drops everything where the run hangs, as `kill -9` would; then enters again.
    pub async fn run_and_crash(&mut self) {
        let ended = self.run_or_crash().await;
        assert!(ended.is_none(), "the run was to hang, and ended: {ended:?}");
    }

    /// The same where the run may end as well.
    pub async fn run_or_crash(&mut self) -> Option<RunOutcome> {
        let (engine, warehouse) = (self.engine.clone(), self.warehouse.clone());
        let ended = tokio::select! {
            ended = engine.run("acme/orders") => Some(ended.unwrap()),
            () = warehouse.hangs() => None,
        };
        if ended.is_none() {
            self.enter_again().await;
        }
        ended
    }

    /// Leaves the engine as a crash would, and enters again.
    pub async fn enter_again(&mut self) {
        self.engine = self.open().await;
    }

    async fn open(&self) -> Engine {
        let sides = (&self.shop, &self.warehouse);
        open(self.folder.path(), (&self.rows, &self.strike), &self.clock, sides, (self.rejected_days, self.space_min))
            .await
    }

    /// One process, from its start to the end of a run; none where it died at the edge of this number.
    pub async fn live(&mut self, until: Option<usize>) -> Option<RunOutcome> {
        self.strike.arm(until);
        let life = async {
            let engine = self.open().await;
            let outcome = engine.run("acme/orders").await;
            (engine, outcome)
        };
        let lived = tokio::select! {
            biased;
            () = self.strike.dies() => None,
            lived = life => Some(lived),
        };
        let (engine, outcome) = lived?;
        self.engine = engine;
        Some(outcome.unwrap())
    }

    /// The same for any other work.
    pub async fn live_and<T>(&mut self, until: Option<usize>, work: impl AsyncFnOnce(&Engine) -> T) -> Option<T> {
        self.strike.arm(until);
        let life = async {
            let engine = self.open().await;
            let done = work(&engine).await;
            (engine, done)
        };
        let lived = tokio::select! {
            biased;
            () = self.strike.dies() => None,
            lived = life => Some(lived),
        };
        let (engine, done) = lived?;
        self.engine = engine;
        Some(done)
    }

    /// What the customer has on hold this month, in records.
    pub fn held(&self) -> u64 {
        let usage = self.engine.usage(None).unwrap();
        usage.iter().filter(|line| line.customer.is_some()).map(|line| line.balance.held.records).sum()
    }

    /// Moves everything: goes on until a run succeeds.
    pub async fn run_to_the_end(&self) {
        let outcome = self.run().await;
        assert_eq!(outcome.run.state, RunState::Succeeded, "{outcome:?}");
    }

    /// The run that has not ended.
    pub fn unfinished(&self) -> (CustomerScope, RunId) {
        let store = Store::over(self.rows.clone(), Access::Read).unwrap();
        let found = store.read(|tx| {
            let (scope, transfer) = tx.keys::<Progresses>(HostScope::new(), None, 1)?.remove(0);
            Ok((scope, tx.get::<Progresses>(&scope, &transfer)?.unwrap().run.unwrap()))
        });
        found.unwrap()
    }

    /// Whose transfer it is.
    pub fn scope(&self) -> CustomerScope {
        self.found().0
    }

    /// The transfer.
    pub fn transfer(&self) -> TransferId {
        self.found().1
    }

    fn found(&self) -> (CustomerScope, TransferId) {
        let store = Store::over(self.rows.clone(), Access::Read).unwrap();
        store.read(|tx| tx.keys::<Transfers>(HostScope::new(), None, 1)).unwrap().remove(0)
    }

    /// Keeps lines of a run's first attempt, as one of a signed connector leaves them.
    pub async fn keep_log(&self, run: RunId) {
        let store = Store::over(self.rows.clone(), Access::Write).unwrap();
        let (scope, lines) = (self.scope(), Sealed::from_bytes(&[0; 64]).unwrap());
        let log = RunLogRow { number: 1, lines };
        store.write(move |tx| tx.put::<RunLogs>(&scope, &(run, 1), &log)).await.unwrap();
    }

    /// How many lines of connectors, runs and times of schedules are kept.
    pub fn kept(&self) -> [usize; 3] {
        let store = Store::over(self.rows.clone(), Access::Read).unwrap();
        let host = HostScope::new();
        let kept = store.read(|tx| {
            Ok([
                tx.keys::<RunLogs>(host, None, usize::MAX)?.len(),
                tx.keys::<Runs>(host, None, usize::MAX)?.len(),
                tx.keys::<Occurrences>(host, None, usize::MAX)?.len(),
            ])
        });
        kept.unwrap()
    }

    /// How every run ended, the oldest first.
    pub fn runs(&self) -> Vec<String> {
        let store = Store::over(self.rows.clone(), Access::Read).unwrap();
        let found = store.read(|tx| tx.scan::<Runs>(&self.scope(), None, usize::MAX)).unwrap();
        found.iter().map(|(_, run)| serde_json::to_value(run.state).unwrap().as_str().unwrap().to_owned()).collect()
    }

    /// Lets the scheduler recover what is unfinished, and waits until nothing is.
    pub async fn recover(&self) {
        let engine = self.engine.clone();
        let keeps = tokio::spawn(engine.keep_schedules());
        for _ in 0..500 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            if self.engine.interrupted().unwrap().is_empty() && self.held() == 0 {
                break;
            }
        }
        keeps.abort();
    }

    /// How many runs were billed to the customer this month.
    pub fn runs_billed(&self) -> u64 {
        let usage = self.engine.usage(None).unwrap();
        usage.iter().filter(|line| line.customer.is_some()).map(|line| line.balance.spent.runs).sum()
    }

    /// How many record links are kept.
    pub fn links(&self) -> usize {
        let store = Store::over(self.rows.clone(), Access::Read).unwrap();
        store.read(|tx| tx.keys::<Links>(HostScope::new(), None, usize::MAX)).unwrap().len()
    }

    /// Keeps so many rejected records of the open batch, as an attempt leaves them that died before it had settled.
    pub async fn leave_rejected(&self, count: u32) {
        let (scope, _) = self.unfinished();
        let batch = self.engine.open_batches("").unwrap().remove(0).batch;
        let store = Store::over(self.rows.clone(), Access::Write).unwrap();
        let empty = Sealed::from_bytes(&[0; 64]).unwrap();
        let write = move |tx: &mut weighbridge_store::Tx<'_>| {
            (0..count).try_for_each(|index| {
                let letter = DeadLetter {
                    batch: batch.id,
                    run: Some(batch.run),
                    by: RejectedBy::Destination,
                    code: "line.bad".parse().unwrap(),
                    message: empty.clone(),
                    record: empty.clone(),
                    as_sent: false,
                    removal: false,
                    at: batch.held_at,
                };
                let id = key::dead_letter(batch.id, batch.held_at, index);
                tx.put::<DeadLetters>(&scope, &(batch.transfer, id), &letter)
            })
        };
        store.write(write).await.unwrap();
    }

    /// What was billed to the customer this month: records and bytes.
    pub fn billed(&self) -> (u64, u64) {
        let usage = self.engine.usage(None).unwrap();
        let line = usage.iter().find(|line| line.customer.as_deref() == Some("acme"));
        line.map_or((0, 0), |line| (line.balance.spent.records, line.balance.spent.bytes))
    }
}

async fn open(
    folder: &Path,
    (rows, strike): (&MemoryEngine, &Strike),
    clock: &Arc<dyn Clock>,
    sides: (&Shop, &Warehouse),
    (rejected_days, space_min): (u32, u64),
) -> Engine {
    let store = Store::over(strike.over(rows), Access::Write).unwrap();
    let connectors = vec![Arc::new(sides.0.clone()) as _, Arc::new(sides.1.clone()) as _];
    let conduct = Conduct { rejected_days, space_min, ..Conduct::default() };
    let options = Options { connectors, conduct, clock: Arc::clone(clock), ..Options::at(folder) };
    Engine::over_store(options, store).await.unwrap()
}

/// Whatever a test did: the ledger balances.
impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.engine.check_ledger(Some("Partner")).unwrap(), vec![], "the ledger does not balance");
            assert_eq!(self.engine.check_chain().unwrap(), None);
            assert_eq!(self.engine.counters().tally().violated(), 0);
        }
    }
}

//! An engine over rows in memory, that can be left as a crash would leave it and entered again.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use weighbridge::document::Document;
use weighbridge::model::id::RunId;
use weighbridge::model::run::RunState;
use weighbridge::{Engine, Options, RunOutcome};
use weighbridge_store::engine::MemoryEngine;
use weighbridge_store::tables::{Links, Progresses};
use weighbridge_store::{Access, CustomerScope, HostScope, Store};

use super::{Shop, Warehouse};

pub struct House {
    folder: TempDir,
    rows: MemoryEngine,
    pub shop: Shop,
    pub warehouse: Warehouse,
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

impl House {
    pub async fn new(shop: Shop, transfer: &str) -> Self {
        Self::with(shop, "", "", transfer).await
    }

    pub async fn with(shop: Shop, tenant: &str, customer: &str, transfer: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Engine::init(&Options::at(folder.path())).await.unwrap();
        let (rows, warehouse) = (MemoryEngine::default(), Warehouse::empty());
        let engine = open(folder.path(), &rows, &shop, &warehouse).await;
        let house = Self { folder, rows, shop, warehouse, engine };
        let text = DOCUMENT.replace("{tenant}", tenant).replace("{customer}", customer).replace("{transfer}", transfer);
        house.apply(&text).await;
        house
    }

    /// Where its key ring is.
    pub fn engine_folder(&self) -> &Path {
        self.folder.path()
    }

    pub async fn apply(&self, text: &str) {
        self.engine.apply(&Document::parse(text).unwrap(), Path::new(".")).await.unwrap();
    }

    /// Says one thing about the customer.
    pub async fn customer(&self, line: &str) {
        self.apply(&format!("[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"acme\"\n{line}\n")).await;
    }

    pub async fn run(&self) -> RunOutcome {
        self.engine.run("acme/orders").await.unwrap()
    }

    /// Runs, and drops everything where the run hangs, as `kill -9` would; then enters again.
    pub async fn run_and_crash(&mut self) {
        let engine = self.engine.clone();
        let hung = tokio::time::timeout(Duration::from_millis(200), engine.run("acme/orders")).await;
        assert!(hung.is_err(), "the run was to hang, and ended: {hung:?}");
        self.engine = open(self.folder.path(), &self.rows, &self.shop, &self.warehouse).await;
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

    /// What was billed to the customer this month: records and bytes.
    pub fn billed(&self) -> (u64, u64) {
        let usage = self.engine.usage(None).unwrap();
        let line = usage.iter().find(|line| line.customer.as_deref() == Some("acme"));
        line.map_or((0, 0), |line| (line.balance.spent.records, line.balance.spent.bytes))
    }
}

async fn open(folder: &Path, rows: &MemoryEngine, shop: &Shop, warehouse: &Warehouse) -> Engine {
    let store = Store::over(rows.clone(), Access::Write).unwrap();
    let connectors = vec![Arc::new(shop.clone()) as _, Arc::new(warehouse.clone()) as _];
    Engine::over_store(Options { connectors, ..Options::at(folder) }, store).await.unwrap()
}

/// Whatever a test did: the ledger balances.
impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.engine.check_ledger(None).unwrap(), vec![], "the ledger does not balance");
            assert_eq!(self.engine.counters().tally().violations, 0);
        }
    }
}

//! A customer with a register, a third party at its desk, and a clock that tests turn.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use weighbridge::account::{NewAccess, ShownKey};
use weighbridge::clock::Clock;
use weighbridge::document::Document;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::id::ExternalServiceId;
use weighbridge::model::meter::{Amounts, Entry, EntryKind};
use weighbridge::model::time::Timestamp;
use weighbridge::{Caller, Engine, Options, PullError, PullRequest, PulledLine, PulledPage};
use weighbridge_store::engine::MemoryEngine;
use weighbridge_store::tables::{Entries, PullPages};
use weighbridge_store::{Access, CustomerScope, HostScope, Store};

use super::source::{Hang, Register};
use crate::rights::may;

/// Noon of a day in January.
pub const NOON: Timestamp = Timestamp::from_millis(1_768_478_400_000);
pub const HOUR_MS: i64 = 60 * 60 * 1_000;

#[derive(Clone)]
pub struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

const DOCUMENT: &str = r#"
[tenant]
name = "Partner"
zone = "Europe/Warsaw"

[[integration]]
name = "register"
connector = "test.register"

[[customer]]
name = "acme"
status = "active"
{customer}

[[customer.connection]]
name = "register"
integration = "register"

[[customer.endpoint]]
name = "orders"
description = "Orders of the register."
direction = "source"
connection = "register"
stream = "orders"

[[customer.endpoint]]
name = "secret"
description = "The same, for nobody outside."
direction = "source"
connection = "register"
stream = "orders"

[[customer]]
name = "other"
status = "active"

[[customer.connection]]
name = "register"
integration = "register"

[[customer.endpoint]]
name = "orders"
description = "Orders of the other one."
direction = "source"
connection = "register"
stream = "orders"
"#;

pub struct Desk {
    folder: TempDir,
    rows: MemoryEngine,
    pub clock: Hands,
    pub register: Register,
    pub engine: Engine,
    pub scope: CustomerScope,
    pub service: ExternalServiceId,
    pub access_id: String,
    pub key: String,
}

impl Desk {
    pub async fn new(register: Register) -> Self {
        Self::with(register, "", access()).await
    }

    /// With something to say of the customer, and of the third party's access.
    pub async fn with(register: Register, customer: &str, new: NewAccess) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Engine::init(&Options::at(folder.path())).await.unwrap();
        let (rows, clock) = (MemoryEngine::default(), Hands(Arc::new(AtomicI64::new(NOON.as_millis()))));
        let engine = open(folder.path(), &rows, &clock, &register).await;
        let document = Document::parse(&DOCUMENT.replace("{customer}", customer)).unwrap();
        engine.apply(&document, Path::new(".")).await.unwrap();
        let scope = engine.find_customer(engine.find_tenant(None).unwrap(), "acme").unwrap();
        let ShownKey { service, key, .. } = engine.create_service(&may(scope), &new).await.unwrap();
        let (service, access_id, key) = (service.id, service.access_id.to_string(), key.reveal().to_owned());
        Self { folder, rows, clock, register, engine, scope, service, access_id, key }
    }

    /// Says one thing about the customer.
    pub async fn customer(&self, line: &str) {
        let text = format!("[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"acme\"\n{line}\n");
        self.engine.apply(&Document::parse(&text).unwrap(), Path::new(".")).await.unwrap();
    }

    /// Says one thing about the tenant.
    pub async fn tenant(&self, line: &str) {
        let text = format!("[tenant]\nname = \"Partner\"\n{line}\n");
        self.engine.apply(&Document::parse(&text).unwrap(), Path::new(".")).await.unwrap();
    }

    /// Turns the clock.
    pub fn pass(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    pub fn set(&self, at: Timestamp) {
        self.clock.0.store(at.as_millis(), Ordering::SeqCst);
    }

    pub fn caller(&self) -> Result<Caller, PullError> {
        self.engine.authenticate(&self.access_id, &self.key)
    }

    pub async fn ask(&self, request: PullRequest) -> Result<PulledPage, PullError> {
        self.engine.pull(&self.caller()?, &request).await
    }

    /// The first page, or the one of a cursor.
    pub async fn page(&self, cursor: Option<&str>, limit: u64) -> Result<PulledPage, PullError> {
        self.ask(request(cursor, limit)).await
    }

    /// Asks, and drops everything where the source hangs, as `kill -9` would; then enters again.
    pub async fn ask_and_crash(&mut self, hang: Hang, cursor: Option<&str>, limit: u64) {
        self.register.book.lock().unwrap().hang = Some(hang);
        let hung = tokio::time::timeout(Duration::from_millis(150), self.page(cursor, limit)).await;
        assert!(hung.is_err(), "the request was to hang, and ended: {hung:?}");
        self.register.book.lock().unwrap().hang = None;
        self.engine = open(self.folder.path(), &self.rows, &self.clock, &self.register).await;
    }

    /// Ends the process and enters again.
    pub async fn enter_again(&mut self) {
        self.engine = open(self.folder.path(), &self.rows, &self.clock, &self.register).await;
    }

    pub fn entries(&self) -> Vec<Entry> {
        let rows = self.store().read(|tx| tx.scan::<Entries>(&self.scope, None, usize::MAX)).unwrap();
        rows.into_iter().map(|(_, entry)| entry).filter(|entry| entry.kind == EntryKind::Batch).collect()
    }

    /// Records and pages that were billed, as the entries add up.
    pub fn billed(&self) -> (u64, u64) {
        let sum = self.entries().iter().fold(Amounts::ZERO, |sum, entry| sum.plus(&entry.amounts));
        (sum.records, sum.pulls)
    }

    pub fn pages_kept(&self) -> usize {
        self.store().read(|tx| tx.keys::<PullPages>(HostScope::new(), None, usize::MAX)).unwrap().len()
    }

    /// The same rows, for somebody who changes them behind the engine's back.
    pub fn writing(&self) -> Store {
        Store::over(self.rows.clone(), Access::Write).unwrap()
    }

    pub fn store(&self) -> Store {
        Store::over(self.rows.clone(), Access::Read).unwrap()
    }
}

async fn open(folder: &Path, rows: &MemoryEngine, clock: &Hands, register: &Register) -> Engine {
    let store = Store::over(rows.clone(), Access::Write).unwrap();
    let connectors = vec![Arc::new(register.clone()) as _];
    let options = Options { connectors, clock: Arc::new(clock.clone()), ..Options::at(folder) };
    Engine::over_store(options, store).await.unwrap()
}

/// Access to the orders.
pub fn access() -> NewAccess {
    NewAccess {
        name: "Outsourced CRM".into(),
        description: "Reads the orders.".into(),
        endpoints: vec!["orders".into()],
        ..NewAccess::default()
    }
}

pub fn request(cursor: Option<&str>, limit: u64) -> PullRequest {
    PullRequest { endpoint: "orders".into(), cursor: cursor.map(str::to_owned), limit: Some(limit), since: None }
}

/// The ids of a page's records.
pub fn ids(page: &PulledPage) -> Vec<u64> {
    let lines = page.lines().filter_map(|line| match line {
        PulledLine::Record(line) => Some(line),
        PulledLine::Deleted(_) => None,
    });
    lines.map(id).collect()
}

/// The ids of the records that are gone.
pub fn gone(page: &PulledPage) -> Vec<u64> {
    page.deleted().map(id).collect()
}

fn id(line: &str) -> u64 {
    serde_json::from_str::<Value>(line).unwrap()["id"].as_u64().unwrap()
}

/// The gate's no.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Result<T, PullError>) -> RefusalCode {
    match answer {
        Err(PullError::Refused(refusal)) => refusal.code,
        other => panic!("the gate was to say no, and this came: {other:?}"),
    }
}

/// Any no, by its code.
#[track_caller]
pub fn code<T: std::fmt::Debug>(answer: Result<T, PullError>) -> &'static str {
    answer.unwrap_err().code()
}

/// Whatever a test did: the ledger balances, and no invariant was found broken.
impl Drop for Desk {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.engine.check_ledger(None).unwrap(), vec![], "the ledger does not balance");
            assert_eq!(self.engine.counters().tally().violated(), 0);
        }
    }
}

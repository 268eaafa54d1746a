//! A customer with something of everything, on a store in a file; and eyes that look for what is left of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use weighbridge::account::{NewAccess, NewLink};
use weighbridge::clock::Clock;
use weighbridge::document::Document;
use weighbridge::model::access::{Actor, ActorRef, Role, authorize};
use weighbridge::model::digest::Digest;
use weighbridge::model::errand::{Errand, ErrandKind};
use weighbridge::model::event::{About, DueEvent, Event, EventDelivery, EventKind, ToldFailure};
use weighbridge::model::grant::Grant;
use weighbridge::model::hook::{Hook, HookOf, HookTold, Taken, Waiting};
use weighbridge::model::id::{BatchId, ConnectionId, DeadLetterId, DeliveryId, EventAddressId, RunId, TransferId};
use weighbridge::model::run::Wish;
use weighbridge::model::sealed::Sealed;
use weighbridge::model::time::Timestamp;
use weighbridge::people::{Join, NewToken, NewUser};
use weighbridge::{Engine, Folder, MasterSource, Once, Options, PullRequest};
use weighbridge_store::engine::{Engine as _, FileEngine, FileSettings};
use weighbridge_store::tables::{
    self, Connections, DeadLetter, DeadLetters, Deliveries, DueEvents, Errands, EventDeliveries, Grants, HookHashes,
    Hooks, Inbox, Marked, OnDeletion, OpenHooks, Replays, RunLogRow, RunLogs, ToldFailures, Transfers, WishRow, Wishes,
};
use weighbridge_store::verbs::raise;
use weighbridge_store::{Access, CustomerScope, HostScope, Store, Table as _, Tx, TxError};
use weighbridge_vault::{Field, KeyRing, Owner};

use super::sight::readable;
use crate::rights::may;
use weighbridge_native::{Fault, Shop, Warehouse};

/// What nobody may read when the customer is gone; each place has its own.
pub const CANARIES: [&str; 22] = [
    "kanarek-hook",
    "kanarek-delivery",
    "kanarek-name",
    "kanarek-label",
    "kanarek-setting",
    "kanarek-secret",
    "kanarek-token",
    "kanarek-endpoint",
    "kanarek-field",
    "kanarek-mapping",
    "kanarek-transfer",
    "kanarek-email",
    "kanarek-person",
    "kanarek-program",
    "kanarek-service",
    "kanarek-record",
    "kanarek-reason",
    "kanarek-rejected",
    "kanarek-log",
    "kanarek-message",
    "kanarek-contact",
    "kanarek-external",
];

/// Tables whose rows do not have the customer's id: hashes of tokens and of links, grants, and events on their way.
const BY_ANOTHER_ID: [u8; 6] = [
    tables::TokenHashes::NUMBER,
    tables::ConnectLinkHashes::NUMBER,
    tables::Grants::NUMBER,
    tables::Outbox::NUMBER,
    tables::DueEvents::NUMBER,
    tables::EventDeliveries::NUMBER,
];

const DOCUMENT: &str = r#"
[tenant]
name = "Partner"

[[integration]]
name = "shop"
connector = "test.shop"

[[integration]]
name = "warehouse"
connector = "test.warehouse"

[[customer]]
name = "{name}"
status = "active"

[[customer.connection]]
name = "{label}"
integration = "shop"

[customer.connection.configuration]
place = "{setting}"

[[customer.connection]]
name = "warehouse"
integration = "warehouse"

[[customer.endpoint]]
name = "orders"
description = "{endpoint}"
direction = "source"
connection = "{label}"
stream = "orders"

[[customer.endpoint]]
name = "lines"
description = "Lines."
direction = "destination"
connection = "warehouse"
stream = "lines"

[[customer.mapping]]
name = "{mapping}"
rules = [{ copy = "/id" }, { copy = "/note" }]

[[customer.transfer]]
name = "{transfer}"
source = "orders"
destination = "lines"
mapping = "{mapping}"
write = "append"

[customer.transfer.schedule]
every = "1h"
"#;

#[derive(Clone)]
pub struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

pub struct Estate {
    pub folder: TempDir,
    pub clock: Hands,
    pub shop: Shop,
    pub warehouse: Warehouse,
    pub engine: Engine,
    pub scope: CustomerScope,
    pub other: CustomerScope,
    /// The secret of a session of the customer's person, and of their token.
    pub secrets: [String; 2],
}

impl Estate {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Engine::init(&Options::at(folder.path())).await.unwrap();
        let clock = Hands(Arc::new(AtomicI64::new(1_768_478_400_000)));
        let (shop, warehouse) = (Shop::with_orders(7), Warehouse::empty());
        for order in shop.orders.lock().unwrap().iter_mut() {
            order["note"] = "kanarek-record".into();
        }
        let engine = open(folder.path(), &clock, &shop, &warehouse).await;
        apply(&engine, "kanarek").await;
        apply(&engine, "other").await;
        let tenant = engine.find_tenant(None).unwrap();
        let find = |name: &str| engine.find_customer(tenant, name).unwrap();
        let (scope, other) = (find("kanarek-name"), find("other-name"));
        let mut estate = Self { folder, clock, shop, warehouse, engine, scope, other, secrets: Default::default() };
        estate.furnish().await;
        estate
    }

    async fn furnish(&mut self) {
        let (engine, scope) = (&self.engine, self.scope);
        engine.run("other-name/other-transfer").await.unwrap();
        // What the other has read has no such field, since what is known of its stream stays.
        self.shop.orders.lock().unwrap().iter_mut().for_each(|order| order["kanarek-field"] = 1.into());
        engine.run("kanarek-name/kanarek-transfer").await.unwrap();
        let change = json!({ "contact": { "name": "kanarek-contact" }, "external_id": "kanarek-external" });
        engine.change_customer(&may(scope), &serde_json::from_value(change).unwrap(), None).await.unwrap();
        self.secrets = self.people().await;
        let integration = engine.id_of("IntegrationId", Some(scope.tenant_id()), None, "shop").unwrap();
        let link = NewLink { integration: integration.parse().unwrap(), email: None };
        engine.create_connect_link(&may(scope), &link).await.unwrap();
        let new = NewAccess {
            name: "kanarek-service".into(),
            description: "Reads.".into(),
            endpoints: vec!["orders".into()],
            ..NewAccess::default()
        };
        let shown = engine.create_service(&may(scope), &new).await.unwrap();
        let caller = engine.authenticate(&shown.service.access_id.to_string(), shown.key.reveal()).unwrap();
        let request = PullRequest { endpoint: "orders".into(), cursor: None, limit: Some(2), since: None };
        engine.pull(&caller, &request).await.unwrap();
        let off = json!({ "reason": "kanarek-reason", "until": "2099-01-01" });
        engine.deactivate_customer(&may(scope), &serde_json::from_value(off).unwrap(), None).await.unwrap();
        engine.activate_customer(&may(scope), &Default::default(), None).await.unwrap();
        let staff = Actor { tenant: Some(scope.tenant_id()), role: Role::TenantAdmin, ..Actor::owner() };
        if let Once::New(promised) = engine.begin_once(&staff, "customer add", "once", &json!({})).await.unwrap() {
            let answer = json!({ "id": scope.id(), "name": "kanarek-name" });
            engine.keep_answer(promised, &answer.to_string()).await.unwrap();
        }
        self.leave_in_doubt().await;
        self.enter_again(|estate| estate.plant()).await;
    }

    async fn people(&self) -> [String; 2] {
        let (engine, scope) = (&self.engine, self.scope);
        let new = NewUser {
            email: "kanarek-email@example.com".into(),
            name: Some("kanarek-person".into()),
            role: Role::CustomerAdmin,
        };
        let invited = engine.invite_user(&may(scope), &new).await.unwrap();
        let join =
            Join { link: invited.link.reveal().to_owned(), password: "correct horse battery".into(), name: None };
        let session = engine.join(&join).await.unwrap().session.unwrap();
        let actor = engine.actor(session.reveal()).unwrap();
        let token = NewToken { name: "kanarek-program".into(), scopes: Vec::new(), ends: None };
        let token = engine.create_token(&authorize(&actor, ()).unwrap(), &token).await.unwrap();
        let second = NewUser { email: "second@example.com".into(), name: None, role: Role::CustomerViewer };
        engine.invite_user(&may(scope), &second).await.unwrap();
        [session, token.secret].map(|secret| secret.reveal().to_owned())
    }

    /// A batch of which nobody knows whether it arrived.
    async fn leave_in_doubt(&self) {
        let more: Vec<Value> = (8..12).map(|id| json!({ "id": id, "note": "kanarek-record" })).collect();
        self.shop.orders.lock().unwrap().extend(more);
        let calls = self.warehouse.stock.lock().unwrap().calls.len();
        self.warehouse.fault(calls, Fault::HangAfter);
        let run = self.engine.run("kanarek-name/kanarek-transfer");
        assert!(tokio::time::timeout(Duration::from_millis(300), run).await.is_err(), "the run was to hang");
    }

    /// Rows that the test's own connectors do not bring about: a grant, a secret, a rejected record.
    fn plant(&self) {
        let (ring, scope) = (self.ring(), self.scope);
        let store = Store::open(&Folder::at(self.folder.path()).store(), Access::Write).unwrap();
        let seal = |record: &[u8; 16], name: &str, text: &str| {
            let owner = Owner::Customer(scope.tenant_id(), scope.id());
            ring.seal(Field { owner, record, name }, [7; 24], text.as_bytes()).unwrap()
        };
        let rows = store.read(|tx| tx.scan::<Connections>(&scope.tenant(), None, 99)).unwrap();
        let is_own = |row: &weighbridge::model::connection::Connection| {
            row.owner == weighbridge::model::connection::Owner::Customer(scope.id())
        };
        let (id, mut row) = rows.into_iter().find(|(_, row)| is_own(row)).unwrap();
        row.secrets = Some(seal(id.as_bytes(), "secrets", "{\"key\":\"kanarek-secret\"}"));
        let tokens = Some(seal(id.as_bytes(), "tokens", "{\"access\":\"kanarek-token\",\"refresh\":null}"));
        let grant = Grant { tokens, ..Grant::new(id, self.clock.now()) };
        let (transfer, _) = store.read(|tx| tx.scan::<Transfers>(&scope, None, 9)).unwrap().remove(0);
        let letter = DeadLetterId::from_bytes([5; 16]);
        let rejected = DeadLetter {
            batch: BatchId::from_bytes([6; 16]),
            run: None,
            by: weighbridge::model::run::RejectedBy::Mapping,
            code: "record.bad".parse().unwrap(),
            message: seal(letter.as_bytes(), "message", "kanarek-message"),
            record: seal(letter.as_bytes(), "record", "{\"note\":\"kanarek-rejected\"}"),
            as_sent: false,
            removal: false,
            at: self.clock.now(),
        };
        let run = RunId::from_bytes([7; 16]);
        let log = RunLogRow { number: 1, lines: seal(run.as_bytes(), "log 1", "kanarek-log") };
        let about = About { customer: Some(scope.id()), transfer: Some(transfer), ..About::default() };
        let event = Event::new(EventKind::RunFailed, self.clock.now(), about, None);
        let told = ToldFailure { code: "record.bad".parse().unwrap() };
        let wish = WishRow { run, wish: Wish::Pause, by: ActorRef::OWNER, at: self.clock.now() };
        let what = ErrandKind::Backfill { since: None, until: None };
        let errand = TransferId::from_bytes([8; 16]);
        let errand = Errand { id: errand, transfer, what, by: ActorRef::OWNER, at: self.clock.now() };
        let delivery = DeliveryId::from_bytes([9; 16]);
        let hook = [
            seal(id.as_bytes(), "hook address", "kanarek-hook"),
            seal(id.as_bytes(), "hook secret", "kanarek-hook"),
            seal(delivery.as_bytes(), "delivery", "{\"note\":\"kanarek-delivery\"}"),
        ];
        let now = self.clock.now();
        futures_block(async move {
            let put = store.write(move |tx| {
                put_hook(tx, (scope, id, delivery), &hook, now)?;
                tx.put::<Errands>(&scope, &errand.id, &errand)?;
                tx.put::<Replays>(&scope, &(errand.id, letter), &Marked {})?;
                tx.put::<RunLogs>(&scope, &(run, 1), &log)?;
                raise(tx, scope.tenant(), &event)?;
                let (address, now) = (EventAddressId::from_bytes([8; 16]), event.at);
                let due = (scope.tenant_id(), address, event.id);
                tx.put::<DueEvents>(&HostScope::new(), &due, &DueEvent { at: now })?;
                tx.put::<EventDeliveries>(&scope.tenant(), &(event.id, address), &EventDelivery::due(now))?;
                tx.put::<ToldFailures>(&scope, &transfer, &told)?;
                tx.put::<Wishes>(&scope, &transfer, &wish)?;
                tx.put::<Connections>(&scope.tenant(), &id, &row)?;
                tx.put::<Grants>(&scope.tenant(), &id, &grant)?;
                tx.put::<DeadLetters>(&scope, &(transfer, letter), &rejected)
            });
            put.await.unwrap();
            store.close().await.unwrap();
        });
    }

    /// Ends the process, does something to its files, and begins again.
    pub async fn enter_again(&mut self, meanwhile: impl FnOnce(&Self)) {
        self.engine.clone().close(Duration::from_millis(10)).await.unwrap();
        meanwhile(self);
        self.engine = open(self.folder.path(), &self.clock, &self.shop, &self.warehouse).await;
    }

    /// The disk goes, and with it all but the keys.
    pub async fn lose_store(&self) {
        self.engine.clone().close(Duration::from_millis(10)).await.unwrap();
        std::fs::remove_file(self.store_file()).unwrap();
        std::fs::remove_dir_all(self.store_file().with_extension("blobs")).unwrap();
    }

    pub async fn open_again(&mut self) {
        self.engine = Engine::open(self.options()).await.unwrap();
    }

    pub fn options(&self) -> Options {
        options(self.folder.path(), &self.clock, &self.shop, &self.warehouse)
    }

    pub fn pass(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    pub fn store_file(&self) -> PathBuf {
        Folder::at(self.folder.path()).store()
    }

    pub fn ring(&self) -> KeyRing {
        let folder = Folder::at(self.folder.path());
        KeyRing::open(&folder.keys(), MasterSource::File(folder.master_key())).unwrap()
    }

    /// Every text in a store file that today's ring opens.
    pub fn readable(&self, store: &Path) -> String {
        readable(store, &self.ring(), &[self.scope, self.other])
    }

    pub fn blobs(&self) -> usize {
        std::fs::read_dir(self.store_file().with_extension("blobs")).unwrap().count()
    }

    /// The rows that tell of the customer, by table: its id stands in their key or in their plain fields.
    pub fn rows_of(&self, scope: CustomerScope) -> std::collections::BTreeMap<u8, usize> {
        let rows = FileEngine::open_reading(&self.store_file(), FileSettings::default()).unwrap();
        let id = *scope.id().as_bytes();
        let forms = [scope.id().to_string(), serde_json::to_string(&id).unwrap()];
        let mut found = std::collections::BTreeMap::new();
        for (key, row) in rows.snapshot().unwrap().scan(&[], None, usize::MAX).unwrap() {
            let in_key = key.windows(16).any(|window| window == id);
            let row = String::from_utf8_lossy(&row);
            // These name what is hers, and not her; nobody else has any.
            let by_another_id = BY_ANOTHER_ID.contains(&key[0]) && scope == self.scope;
            if in_key || by_another_id || forms.iter().any(|form| row.contains(form)) {
                *found.entry(key[0]).or_insert(0) += 1;
            }
        }
        found
    }
}

/// The tables that a deletion leaves nothing of.
pub fn emptied() -> impl Iterator<Item = &'static tables::TableFacts> {
    let goes = |one: &&tables::TableFacts| matches!(one.on_deletion, OnDeletion::Swept | OnDeletion::Sought);
    tables::ALL.iter().filter(goes)
}

async fn apply(engine: &Engine, word: &str) {
    let mut text = DOCUMENT.to_owned();
    for place in ["name", "label", "setting", "endpoint", "mapping", "transfer"] {
        text = text.replace(&format!("{{{place}}}"), &format!("{word}-{place}"));
    }
    engine.apply(&Document::parse(&text).unwrap(), Path::new(".")).await.unwrap();
}

/// A hook with a delivery that waits: its address, its secret, and what it brought.
fn put_hook(
    tx: &mut Tx<'_>,
    (scope, id, delivery): (CustomerScope, ConnectionId, DeliveryId),
    [address, secret, records]: &[Sealed; 3],
    now: Timestamp,
) -> Result<(), TxError> {
    let hash = Digest::of(b"hook");
    let hook = Hook {
        address: address.clone(),
        hash,
        secret: secret.clone(),
        made_at: now,
        told: HookTold::default(),
        next: 2,
        waiting: 1,
        waiting_bytes: 20,
        last_at: Some(now),
        taken: 1,
        unverified: 0,
        unverified_at: None,
    };
    let waiting = Waiting { delivery, stream: "orders".parse().unwrap(), lines: 1, bytes: 20, at: now };
    let of = HookOf { tenant: scope.tenant_id(), customer: scope.id(), connection: id };
    tx.put::<HookHashes>(&HostScope::new(), &hash, &of)?;
    tx.put::<OpenHooks>(&HostScope::new(), &(of.tenant, of.customer, id), &Marked {})?;
    tx.put::<Hooks>(&scope, &id, &hook)?;
    tx.put::<Inbox>(&scope, &(id, 1), &waiting)?;
    tx.put::<Deliveries>(&scope, &(id, delivery), &Taken { at: now, records: Some(records.clone()) })
}

async fn open(folder: &Path, clock: &Hands, shop: &Shop, warehouse: &Warehouse) -> Engine {
    Engine::open(options(folder, clock, shop, warehouse)).await.unwrap()
}

fn options(folder: &Path, clock: &Hands, shop: &Shop, warehouse: &Warehouse) -> Options {
    let connectors = vec![Arc::new(shop.clone()) as _, Arc::new(warehouse.clone()) as _];
    Options { connectors, clock: Arc::new(clock.clone()), ..Options::at(folder) }
}

/// A test's own writes, on a thread beside its runtime.
fn futures_block(work: impl Future<Output = ()> + Send + 'static) {
    std::thread::spawn(|| tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work))
        .join()
        .unwrap();
}

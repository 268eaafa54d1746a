//! The engine and what it holds together.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, watch};
use weighbridge_model::access::ActorRef;
use weighbridge_model::id::{KeyId, RunId, TransferId};
use weighbridge_model::time::Timestamp;
use weighbridge_sandbox::Expressions;
use weighbridge_store::engine::BlobsKept;
use weighbridge_store::{Access, Store};
use weighbridge_vault::{Birth, KeyRing, Owner};

use crate::account::{LastLook, Roster};
use crate::backup::{self, BackupsNow};
use crate::chance;
use crate::clock::Clock;
use crate::conduct::{Held, InForce};
use crate::connector::Clients;
use crate::counters::Counters;
use crate::crossings::Crossings;
use crate::denials::Denials;
use crate::error::EngineError;
use crate::events::Sending;
use crate::figures::Doubt;
use crate::hooks::Unverified;
use crate::idempotency::AtWork;
use crate::looked::Looked;
use crate::mail::Outbox;
use crate::oauth::{Guesses, Renewals};
use crate::options::Options;
use crate::packages::{Packages, native};
use crate::people::{Asked, Choices, WrongSignIns};
use crate::places::Places;
use crate::pull::{Callers, Shelf, Streams};
use crate::reload::Reloads;
use crate::run_logs::OpenLogs;
use crate::support::RecentLog;
use crate::traces::Traces;
use crate::turned_away::Turnings;
use crate::urge::{Urge, Urged, Word};

/// An open data folder. A clone is the same engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) host: Arc<Host>,
}

/// What an engine holds together.
pub(crate) struct Host {
    pub(crate) store: Store,
    pub(crate) ring: KeyRing,
    pub(crate) roster: Roster,
    /// Pages that were given out last.
    pub(crate) shelf: Shelf,
    /// Windows that begin or end.
    pub(crate) crossings: Crossings,
    /// Since when it is open.
    pub(crate) opened_at: Timestamp,
    /// Where the store's file is, where it is one.
    pub(crate) store_path: PathBuf,
    /// What was found in doubt last, for the host's figures.
    pub(crate) last_doubt: Looked<Doubt>,
    /// What its blobs took, for the same.
    pub(crate) last_blobs: Looked<Option<BlobsKept>>,
    /// What the doctor found last.
    pub(crate) last_look: LastLook,
    /// Held while the doctor looks.
    pub(crate) looking: tokio::sync::Mutex<()>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) counters: Counters,
    pub(crate) denials: Denials,
    pub(crate) turned_away: Turnings,
    pub(crate) packages: Packages,
    pub(crate) expressions: Expressions,
    pub(crate) clients: Clients,
    /// Transfers that this process is at work on.
    pub(crate) active: Mutex<BTreeMap<TransferId, watch::Sender<Option<Word>>>>,
    /// Tells whoever waits for a transfer that one is free again.
    freed: Notify,
    /// Tells the scheduler to look again: a run ended, or a schedule is another one.
    pub(crate) due: Notify,
    /// Tells it that runs were made which nobody has begun yet.
    pub(crate) made: Notify,
    /// How many transfers run at once.
    pub(crate) places: Arc<Places>,
    /// How fast external services ask, and when they last came.
    pub(crate) callers: Callers,
    /// What connectors say in attempts that go on.
    pub(crate) open_logs: OpenLogs,
    /// Requests with a key that are being carried out.
    pub(crate) at_work: AtWork,
    /// What streams are that third parties read.
    pub(crate) streams: Streams,
    /// Tokens that are being renewed: a host that stops waits for them.
    pub(crate) renewals: Renewals,
    /// Events that are being sent: a host that stops waits for them.
    pub(crate) sending: Sending,
    /// Wrong one-time codes.
    pub(crate) guesses: Guesses,
    /// Wrong sign-ins of people.
    pub(crate) wrong_sign_ins: WrongSignIns,
    pub(crate) choices: Choices,
    /// Mails for another password, by address.
    pub(crate) asked: Asked,
    /// Mails that are to leave.
    pub(crate) outbox: Outbox,
    /// Passwords that are looked at at once: each costs memory.
    pub(crate) passwords: Semaphore,
    /// One document is applied at a time.
    pub(crate) applying: tokio::sync::Mutex<()>,
    /// Held while deletions go on, so that one is not carried on twice.
    pub(crate) deleting: tokio::sync::Mutex<()>,
    /// All that may change while it is open.
    pub(crate) in_force: InForce,
    /// Whoever reads the settings of the program around it again.
    pub(crate) reloads: Reloads,
    /// Webhooks that did not prove to be their platform's.
    pub(crate) unverified: Unverified,
    /// How backups stand, as of the last look.
    pub(crate) backups_now: Mutex<Option<BackupsNow>>,
    /// Held while one is taken.
    pub(crate) backing_up: tokio::sync::Mutex<()>,
    /// Where spans are queued, where they are sent.
    pub(crate) traces: OnceLock<Traces>,
    /// What the program around it says of itself.
    pub(crate) recent_log: RecentLog,
    /// Held while a connect link is used.
    pub(crate) linking: tokio::sync::Mutex<()>,
    /// Where browsers reach this host, once it is known.
    public_address: OnceLock<String>,
    draining: watch::Sender<bool>,
}

impl Engine {
    /// Makes a data folder with a store and a key ring under a new master key.
    pub async fn init(options: &Options) -> Result<(), EngineError> {
        let folder = &options.folder;
        let io = |source| EngineError::Folder { path: folder.path().to_owned(), source };
        if folder.store().exists() || folder.keys().exists() {
            return Err(EngineError::Present(folder.path().to_owned()));
        }
        // Names of tables, times and amounts are not sealed: nobody else looks into it.
        DirBuilder::new().recursive(true).mode(0o700).create(folder.path()).map_err(io)?;
        let birth = Birth {
            id: KeyId::from_bytes(chance::bytes()?),
            secret: chance::bytes()?,
            master: chance::bytes()?,
            now: options.clock.now(),
        };
        KeyRing::create(&folder.keys(), options.master.clone(), birth)?;
        let store = Store::open(&folder.store(), Access::Write)?;
        store.close().await.map_err(|error| EngineError::from(weighbridge_store::TxError::from(error)))
    }

    /// Opens a data folder for reading and writing. The key ring comes first: under a wrong master key the store is not
    /// touched.
    pub async fn open(options: Options) -> Result<Self, EngineError> {
        let ring = options.ring_of_store()?;
        let (store, backup) = backup::open_store(&options)?;
        let engine = Self::writing(options, ring, store).await?;
        if let Some(backup) = backup {
            engine.note_backup(ActorRef::HOST, &backup).await?;
        }
        Ok(engine)
    }

    /// An engine over a store of the caller's, which may be in memory; the folder has the key ring and the packages.
    pub async fn over_store(options: Options, store: Store) -> Result<Self, EngineError> {
        let ring = options.ring()?;
        Self::writing(options, ring, store).await
    }

    async fn writing(options: Options, ring: KeyRing, store: Store) -> Result<Self, EngineError> {
        let engine = Self::over(options, ring, store)?;
        engine.note_master_key().await?;
        native::register(&engine.host).await?;
        Ok(engine)
    }

    /// Opens a data folder for reading, beside a process that writes.
    pub fn open_reading(options: Options) -> Result<Self, EngineError> {
        let ring = options.ring_of_store()?;
        let store = Store::open(&options.folder.store(), Access::Read)?;
        Self::over(options, ring, store)
    }

    fn over(options: Options, ring: KeyRing, store: Store) -> Result<Self, EngineError> {
        let artefact_key = ring.derive(Owner::Host, "weighbridge artefacts")?;
        let natives: BTreeMap<_, _> =
            options.connectors.into_iter().map(|one| (one.manifest().name.clone(), one)).collect();
        let bounds = (options.guests_max, options.compile, options.caps);
        let packages = Packages::new(&options.folder, *artefact_key, natives, bounds);
        let (counters, run_limits) = (Counters::beside(store.vitals()), options.conduct.run_limits);
        let in_force = InForce::new(Held::new(options.conduct)?);
        let (departures, clock) = (counters.departures(), Arc::clone(&options.clock));
        let (opened_at, store_path) = (options.clock.now(), options.folder.store());
        let (roster, crossings) = (Roster::over(&store), Crossings::over(&store));
        let host = Arc::new_cyclic(|host| Host {
            store,
            roster,
            shelf: Shelf::default(),
            crossings,
            ring,
            clients: Clients::new(in_force.clone(), departures, clock, Weak::clone(host)),
            opened_at,
            store_path,
            last_doubt: Looked::default(),
            last_blobs: Looked::default(),
            last_look: LastLook::default(),
            looking: tokio::sync::Mutex::default(),
            clock: options.clock,
            counters,
            denials: Denials::default(),
            turned_away: Turnings::default(),
            packages,
            expressions: options.expressions,
            active: Mutex::default(),
            freed: Notify::new(),
            due: Notify::new(),
            made: Notify::new(),
            places: Arc::new(Places::new(run_limits)),
            callers: Callers::default(),
            open_logs: OpenLogs::default(),
            at_work: AtWork::default(),
            streams: Streams::default(),
            applying: tokio::sync::Mutex::default(),
            deleting: tokio::sync::Mutex::default(),
            linking: tokio::sync::Mutex::default(),
            traces: OnceLock::new(),
            recent_log: options.recent_log,
            in_force,
            reloads: Reloads::default(),
            unverified: Unverified::default(),
            backups_now: Mutex::default(),
            backing_up: tokio::sync::Mutex::default(),
            renewals: Renewals::default(),
            sending: Sending::default(),
            guesses: Guesses::default(),
            wrong_sign_ins: WrongSignIns::default(),
            choices: Choices::default(),
            asked: Asked::default(),
            outbox: Outbox::new(),
            passwords: Semaphore::new(2),
            public_address: OnceLock::new(),
            draining: watch::Sender::new(false),
        });
        Ok(Self { host })
    }

    /// What was counted since the engine was opened.
    pub fn counters(&self) -> &Counters {
        &self.host.counters
    }

    /// Says where browsers reach this host: `https://weighbridge.example.com`. The first word stands.
    pub fn reached_at(&self, address: &str) {
        let _ = self.host.public_address.set(address.trim_end_matches('/').to_owned());
    }

    /// Where browsers reach this host; nothing where it serves none.
    pub fn public_address(&self) -> Option<&str> {
        self.host.public_address()
    }

    /// Whether this process is at work on a transfer.
    pub(crate) fn is_active(&self, transfer: TransferId) -> bool {
        self.host.active.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&transfer)
    }

    /// What the engine's clock says.
    pub fn now(&self) -> Timestamp {
        self.host.now()
    }

    /// Changes whenever something was written, so that whoever watches looks again.
    pub fn commits(&self) -> watch::Receiver<()> {
        self.host.store.commits()
    }

    /// Turns true when a commit failed, so that the process must end.
    pub fn store_stopped(&self) -> Option<watch::Receiver<bool>> {
        self.host.store.stopped()
    }

    /// Lets running batches settle and begins none; runs that were cut off go on at the next start.
    pub fn drain(&self) {
        self.host.draining.send_replace(true);
    }

    /// Turns true when it is about to stop.
    pub fn drains(&self) -> watch::Receiver<bool> {
        self.host.drains()
    }

    /// Whether it is about to stop.
    pub fn is_draining(&self) -> bool {
        self.host.draining()
    }

    /// Drains, waits for running transfers and for mails at most so long, and closes the store.
    pub async fn close(self, patience: Duration) -> Result<(), EngineError> {
        self.drain();
        let idle = async {
            let busy = || !self.host.active.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
            let mails = || self.host.outbox.is_busy();
            while busy() || mails() || self.host.renewals.any() || self.host.sending.any() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = tokio::time::timeout(patience, idle).await;
        if self.store_stopped().is_some_and(|stopped| !*stopped.borrow())
            && let Err(error) = self.tell_of_turned_away(true).await
        {
            tracing::warn!(%error, "some who were turned away are not noted");
        }
        let store = self.host.store.clone();
        store.close().await.map_err(|error| EngineError::from(weighbridge_store::TxError::from(error)))
    }
}

impl Host {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn draining(&self) -> bool {
        *self.draining.borrow()
    }

    pub(crate) fn drains(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }

    /// Waits, or not so long where the host is about to stop.
    pub(crate) async fn sleep(&self, wait: Duration) {
        let mut drains = self.drains();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = drains.wait_for(|draining| *draining) => {}
        }
    }

    /// Marks a transfer as being worked on, unless it is already.
    /// Where browsers reach this host; nothing where it serves none.
    pub(crate) fn public_address(&self) -> Option<&str> {
        self.public_address.get().map(String::as_str)
    }

    pub(crate) fn claim(self: &Arc<Self>, transfer: TransferId) -> Option<Claim> {
        let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        if active.contains_key(&transfer) {
            return None;
        }
        let (sender, urged) = Urged::channel();
        active.insert(transfer, sender);
        Some(Claim { host: Arc::clone(self), transfer, urged, is_left: false })
    }

    /// Says something of a run to whoever is at work on its transfer; whether anybody is.
    pub(crate) fn urge(&self, transfer: TransferId, run: RunId, urge: Urge) -> bool {
        let active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.get(&transfer).is_some_and(|sender| sender.send(Some(Word { run, urge })).is_ok())
    }
}

impl Host {
    /// Waits until nobody is at work on a transfer, at most so long.
    pub(crate) async fn claim_within(self: &Arc<Self>, transfer: TransferId, patience: Duration) -> Option<Claim> {
        let free = async {
            loop {
                // Asked for before the look, so that no word of it is missed in between.
                let mut freed = std::pin::pin!(self.freed.notified());
                freed.as_mut().enable();
                if let Some(claim) = self.claim(transfer) {
                    return claim;
                }
                freed.await;
            }
        };
        tokio::time::timeout(patience, free).await.ok()
    }
}

/// That this process, and one task of it, is at work on a transfer.
pub(crate) struct Claim {
    host: Arc<Host>,
    transfer: TransferId,
    pub(crate) urged: Urged,
    /// Whether it is given back already, so that it may be somebody else's.
    is_left: bool,
}

impl Claim {
    /// Gives it back, unless something was said since it was looked what is wanted: whoever said it relies on being heard.
    pub(crate) fn leave(&mut self) -> bool {
        let mut active = self.host.active.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.urged.hear() {
            active.remove(&self.transfer);
            self.is_left = true;
        }
        self.is_left
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.is_left {
            self.host.active.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.transfer);
        }
        self.host.freed.notify_waiters();
        self.host.due.notify_one();
    }
}

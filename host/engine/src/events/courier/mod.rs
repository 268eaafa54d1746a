//! The one task that carries events to their addresses. What is due stands in the store and is read at the start, so that a
//! restart forgets nothing due, and sends nothing again that was taken.

mod attempt;
mod fan_out;
mod lanes;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use weighbridge_model::id::{EventAddressId, EventId};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{DueEvents, Outbox};
use weighbridge_store::{Followed, Follower, HostScope, TenantScope, Tx};

use self::attempt::stop_delivery;
use self::lanes::{At, Lanes};
use crate::engine::Engine;
use crate::error::EngineError;

/// So many tries are under way at once, over all addresses.
const AT_ONCE_MAX: usize = 256;
/// The wall clock is read again at least so often.
const LOOK_MS: i64 = 30_000;
/// After a fault of the host's own it is tried again so much later.
const FAULT_MS: i64 = 60_000;
/// So many due events are read, or stopped, at once.
const STEP: usize = 400;

/// How many tries are under way: a host that stops waits for them.
#[derive(Debug, Default)]
pub(crate) struct Sending(AtomicUsize);

impl Sending {
    pub(crate) fn any(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
    }
}

/// A try that ended.
type Ended = (At, EventId, Option<Timestamp>);

/// What the task has in its hands.
struct Courier {
    engine: Engine,
    lanes: Lanes,
    outbox: Follower<Outbox>,
    under_way: usize,
    ended: (mpsc::UnboundedSender<Ended>, mpsc::UnboundedReceiver<Ended>),
}

impl Engine {
    /// Carries events until the engine drains.
    pub async fn carry_events(self) {
        let outbox = self.host.store.follow::<Outbox>();
        let lanes = match self.due_events() {
            Ok(lanes) => lanes,
            Err(error) => return tracing::error!(%error, "events that are due could not be read"),
        };
        let courier = Courier { engine: self, lanes, outbox, under_way: 0, ended: mpsc::unbounded_channel() };
        courier.carry().await;
    }

    fn due_events(&self) -> Result<Lanes, EngineError> {
        let (mut lanes, mut after) = (Lanes::default(), None);
        loop {
            let rows = self.host.store.read(|tx| tx.scan::<DueEvents>(&HostScope::new(), after.as_ref(), STEP))?;
            for ((tenant, address, event), row) in &rows {
                lanes.add((*tenant, *address), *event, row.at);
            }
            if rows.len() < STEP {
                return Ok(lanes);
            }
            after = rows.last().map(|(key, _)| *key);
        }
    }

    /// Stops what waits for an address that is off or gone.
    pub(super) async fn stop_deliveries(&self, scope: TenantScope, address: EventAddressId) -> Result<(), EngineError> {
        let first = (scope.id(), address, EventId::from_bytes([0; 16]));
        loop {
            let rows = self.host.store.read(|tx| tx.scan::<DueEvents>(&HostScope::new(), Some(&first), STEP))?;
            let own: Vec<_> = rows.into_iter().map(|(key, _)| key).take_while(|key| key.1 == address).collect();
            if own.is_empty() {
                return Ok(());
            }
            let stop = move |tx: &mut Tx<'_>| {
                own.iter().try_for_each(|key| {
                    tx.remove::<DueEvents>(&HostScope::new(), key)?;
                    stop_delivery(tx, scope, (key.2, address))
                })
            };
            self.host.store.write(stop).await?;
        }
    }
}

impl Courier {
    async fn carry(mut self) {
        let mut commits = self.engine.commits();
        let mut drains = self.engine.drains();
        let mut is_new = true;
        while !self.engine.is_draining() {
            if is_new && let Err(error) = self.take_out().await {
                tracing::error!(%error, "events could not be handed over");
            }
            self.begin();
            let wait = self.wait();
            is_new = tokio::select! {
                told = commits.changed() => match told {
                    Ok(()) => self.has_new(),
                    Err(_) => return,
                },
                Some((at, event, again)) = self.ended.1.recv() => {
                    self.under_way -= 1;
                    self.lanes.end(at, event, again);
                    false
                }
                () = tokio::time::sleep(wait) => true,
                _ = drains.changed() => false,
            };
        }
    }

    /// Whether anything was put into the outbox, or taken out of it.
    fn has_new(&self) -> bool {
        match self.outbox.take() {
            Followed::Keys(keys) => !keys.is_empty(),
            Followed::Any => true,
        }
    }

    async fn take_out(&mut self) -> Result<(), EngineError> {
        let mut is_more = true;
        while is_more {
            let due;
            (due, is_more) = self.engine.fan_out().await?;
            let now = self.engine.now();
            due.into_iter().for_each(|(at, event)| self.lanes.add(at, event, now));
        }
        Ok(())
    }

    fn begin(&mut self) {
        let now = self.engine.now();
        for (at, event) in self.lanes.begin(now, AT_ONCE_MAX.saturating_sub(self.under_way)) {
            self.under_way += 1;
            let (engine, ended) = (self.engine.clone(), self.ended.0.clone());
            engine.host.sending.0.fetch_add(1, Ordering::AcqRel);
            tokio::spawn(async move {
                let again = engine.try_event(at, event).await.unwrap_or_else(|error| {
                    tracing::error!(%error, %event, "an event could not be sent");
                    Some(engine.now().plus_millis(FAULT_MS))
                });
                engine.host.sending.0.fetch_sub(1, Ordering::AcqRel);
                let _ = ended.send((at, event, again));
            });
        }
    }

    fn wait(&self) -> Duration {
        let until = self.lanes.next().map_or(LOOK_MS, |next| next.as_millis() - self.engine.now().as_millis());
        // Where all places are taken, an end of one of them wakes the task.
        let least = if self.under_way >= AT_ONCE_MAX { LOOK_MS } else { 1 };
        Duration::from_millis(u64::try_from(until.clamp(least, LOOK_MS)).unwrap_or(1))
    }
}

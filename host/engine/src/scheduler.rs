//! Make the runs that are due, and go on with those that were interrupted.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::run::Cause;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::Due;
use weighbridge_store::{CustomerScope, HostScope, verbs};

use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;

/// The wall clock is read again at least so often, whatever was planned.
const LOOK_MS: i64 = 30_000;
/// Interrupted runs are looked for so often.
const RECOVER_MS: i64 = 60_000;
/// So many due transfers are looked at in one view of the store.
const STEP: usize = 500;
/// After so many views the clock and the draining are looked at again.
const STEPS_MAX: usize = 100;

impl Engine {
    /// Keeps schedules until the engine drains: at most so many transfers run at once.
    pub async fn keep_schedules(self, transfers_max: usize) {
        let places = Arc::new(Semaphore::new(transfers_max));
        let mut recovered: Option<Timestamp> = None;
        while !self.is_draining() {
            let now = self.host.now();
            if recovered.is_none_or(|last| now < last || now >= last.plus_millis(RECOVER_MS)) {
                self.recover(&places);
                self.tidy_pulls().await;
                if let Err(error) = self.sweep_promises().await {
                    tracing::error!(%error, "kept answers could not be swept");
                }
                if let Err(error) = self.bring_back().await {
                    tracing::error!(%error, "customers whose date came could not be looked for");
                }
                if let Err(error) = self.tell_of_windows().await {
                    tracing::error!(%error, "windows that began or ended could not be told of");
                }
                self.delete_on();
                if let Err(error) = self.tell_of_turned_away(false).await {
                    tracing::error!(%error, "those who were turned away could not be noted");
                }
                recovered = Some(now);
            }
            let wait = match self.tick(&places).await {
                Ok(next) => next.map_or(LOOK_MS, |next| next.as_millis() - self.host.now().as_millis()),
                Err(error) => {
                    tracing::error!(%error, "schedules could not be looked at");
                    1_000
                }
            };
            let wait = u64::try_from(wait.clamp(1, LOOK_MS)).unwrap_or(1);
            self.host.sleep(Duration::from_millis(wait)).await;
        }
    }

    fn recover(&self, places: &Arc<Semaphore>) {
        match self.interrupted() {
            Ok(found) => found.into_iter().for_each(|(scope, transfer)| self.begin(places, scope, transfer)),
            Err(error) => tracing::error!(%error, "interrupted runs could not be looked for"),
        }
    }

    /// Goes on with deletions, in a task of its own, since platforms are asked.
    fn delete_on(&self) {
        let engine = self.clone();
        tokio::spawn(async move {
            if let Err(error) = engine.carry_deletions_on().await {
                tracing::error!(%error, "deletions could not be looked for");
            }
        });
    }

    /// Lets go of pages that nobody reads any more, and drops those that nobody may ask for.
    async fn tidy_pulls(&self) {
        if let Err(error) = self.sweep_pulls().await {
            tracing::error!(%error, "pulled pages could not be swept");
        }
    }

    /// Passes every occurrence up to now; answers when the next one is due.
    pub async fn tick(&self, places: &Arc<Semaphore>) -> Result<Option<Timestamp>, EngineError> {
        let host = HostScope::new();
        for _ in 0..STEPS_MAX {
            let now = self.host.now();
            let due = self.host.store.read(|tx| tx.keys::<Due>(host, None, STEP))?;
            let ripe = due.iter().take_while(|(_, (at, ..))| *at <= now).count();
            if ripe == 0 {
                return Ok(due.first().map(|(_, (at, ..))| *at));
            }
            for (_, (at, tenant, (customer, transfer))) in &due[..ripe] {
                let scope = host.tenant(*tenant).customer(*customer);
                let run = RunId::new(now, chance::bytes()?);
                let fired = verbs::fire(&self.host.store, scope, (*transfer, *at), run, now).await?;
                if fired.is_some() {
                    self.begin(places, scope, *transfer);
                }
            }
        }
        Ok(Some(self.host.now()))
    }

    /// Goes on with a run in a task of its own, when there is a place for it.
    fn begin(&self, places: &Arc<Semaphore>, scope: CustomerScope, transfer: TransferId) {
        let (engine, places) = (self.clone(), Arc::clone(places));
        tokio::spawn(async move {
            let Ok(_place) = places.acquire().await else { return };
            if engine.is_draining() {
                return;
            }
            match engine.run_transfer(scope, transfer, Cause::Schedule, None).await {
                Ok(outcome) => {
                    let run = &outcome.run;
                    let message = outcome.message.as_deref();
                    tracing::info!(run = %run.id, %transfer, state = ?run.state, read = run.counts.read,
                        delivered = run.counts.delivered, message, "a run ended");
                }
                Err(EngineError::Running) => {}
                Err(error) => tracing::error!(%transfer, %error, "a run could not go on"),
            }
        });
    }
}

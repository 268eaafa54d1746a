//! Make the runs that are due, and go on with those that were interrupted.

use std::time::Duration;

use tokio::task::JoinSet;
use weighbridge_model::id::{CustomerId, RunId, TenantId, TransferId};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::Due;
use weighbridge_store::{CustomerScope, HostScope, verbs};

use crate::chance;
use crate::counters::word;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::urge::Urge;

/// The wall clock is read again at least so often, whatever was planned.
const LOOK_MS: i64 = 30_000;
/// Interrupted runs are looked for so often.
const RECOVER_MS: i64 = 60_000;
/// So long is waited for more that is due.
const TOGETHER: Duration = Duration::from_millis(20);
/// What is kept for days is looked through for what is too old.
const SWEEP_MS: i64 = 3_600_000;
/// So many due transfers are looked at in one view of the store.
const STEP: usize = 500;
/// After so many views the clock and the draining are looked at again.
const STEPS_MAX: usize = 100;

impl Engine {
    /// Keeps schedules until the engine drains.
    pub async fn keep_schedules(self) {
        tokio::spawn(self.clone().guard_space());
        tokio::spawn(self.clone().carry_events());
        tokio::spawn(self.clone().keep_backups());
        let (mut recovered, mut swept): (Option<Timestamp>, Option<Timestamp>) = (None, None);
        while !self.is_draining() {
            let now = self.host.now();
            if recovered.is_none_or(|last| now < last || now >= last.plus_millis(RECOVER_MS)) {
                self.recover();
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
                if let Err(error) = self.look_after_hooks().await {
                    tracing::error!(%error, "hooks could not be looked after");
                }
                if swept.is_none_or(|last| now < last || now >= last.plus_millis(SWEEP_MS)) {
                    self.tidy_history().await;
                    self.tidy_events().await;
                    self.tidy_hooks().await;
                    swept = Some(now);
                }
                if let Err(error) = self.tell_of_turned_away(false).await {
                    tracing::error!(%error, "those who were turned away could not be noted");
                }
                recovered = Some(now);
            }
            let wait = match self.tick().await {
                Ok(next) => next.map_or(LOOK_MS, |next| next.as_millis() - self.host.now().as_millis()),
                Err(error) => {
                    tracing::error!(%error, "schedules could not be looked at");
                    1_000
                }
            };
            let wait = u64::try_from(wait.clamp(1, LOOK_MS)).unwrap_or(1);
            tokio::select! {
                () = self.host.sleep(Duration::from_millis(wait)) => {}
                // Of many that come together, one look is enough.
                () = self.host.due.notified() => self.host.sleep(TOGETHER).await,
                () = self.host.made.notified() => self.recover(),
            }
        }
    }

    fn recover(&self) {
        match self.interrupted() {
            Ok(found) => found.into_iter().for_each(|(scope, transfer)| self.begin(scope, transfer)),
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
        if let Err(error) = self.sweep_trials().await {
            tracing::error!(%error, "what trials held could not be given back");
        }
    }

    /// Forgets what is kept no longer.
    async fn tidy_history(&self) {
        if let Err(error) = self.sweep_rejected().await {
            tracing::error!(%error, "rejected records could not be swept");
        }
        if let Err(error) = self.sweep_history().await {
            tracing::error!(%error, "what is kept no longer could not be swept");
        }
    }

    /// Forgets events that are kept no longer.
    async fn tidy_events(&self) {
        if let Err(error) = self.sweep_events().await {
            tracing::error!(%error, "events could not be swept");
        }
    }

    /// Makes the hooks that are missing, and forgets deliveries that nobody sends again.
    async fn tidy_hooks(&self) {
        if let Err(error) = self.make_hooks().await {
            tracing::error!(%error, "hooks could not be made");
        }
        if let Err(error) = self.sweep_deliveries().await {
            tracing::error!(%error, "deliveries of webhooks could not be swept");
        }
    }

    /// Passes every occurrence up to now; answers when the next one is due.
    pub async fn tick(&self) -> Result<Option<Timestamp>, EngineError> {
        let host = HostScope::new();
        for _ in 0..STEPS_MAX {
            let now = self.host.now();
            let due = self.host.store.read(|tx| tx.keys::<Due>(host, None, STEP))?;
            let ripe = due.iter().take_while(|(_, (at, ..))| *at <= now).count();
            if ripe == 0 {
                return Ok(due.first().map(|(_, (at, ..))| *at));
            }
            // One after the other would be a commit for each: together they share a few.
            let mut fires = JoinSet::new();
            for (_, due) in &due[..ripe] {
                fires.spawn(self.clone().fire(*due, now));
            }
            while let Some(fired) = fires.join_next().await {
                fired.map_err(|error| EngineError::Interrupted(error.to_string()))??;
            }
        }
        Ok(Some(self.host.now()))
    }

    /// Passes the occurrences of one transfer, and begins the run that they make.
    async fn fire(
        self,
        (at, tenant, (customer, transfer)): (Timestamp, TenantId, (CustomerId, TransferId)),
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let scope = HostScope::new().tenant(tenant).customer(customer);
        let run = RunId::new(now, chance::bytes()?);
        let fired = verbs::fire(&self.host.store, scope, (transfer, at), run, now).await?;
        let late = self.host.now().as_millis().saturating_sub(at.as_millis());
        self.host.counters.passed(Duration::from_millis(u64::try_from(late).unwrap_or_default()));
        if let Some((code, count)) = fired.refused {
            (0..count).for_each(|_| self.host.counters.refused(code));
        }
        match (fired.begin, fired.cancel) {
            (Some(_), _) => self.begin(scope, transfer),
            (None, Some(run)) => self.end_for_the_next(scope, transfer, run),
            (None, None) => {}
        }
        Ok(())
    }

    /// Lets a run end before its next batch; the next one begins when it has.
    fn end_for_the_next(&self, scope: CustomerScope, transfer: TransferId, run: RunId) {
        if self.host.urge(transfer, run, Urge::Look) {
            return;
        }
        let engine = self.clone();
        tokio::spawn(async move {
            match engine.go_on(scope, transfer, run).await {
                Ok(()) | Err(EngineError::Running) => {}
                Err(error) => tracing::error!(%error, %transfer, "a run could not be ended for the next one"),
            }
        });
    }

    /// Goes on with a run in a task of its own, when there is a place for it.
    fn begin(&self, scope: CustomerScope, transfer: TransferId) {
        let engine = self.clone();
        tokio::spawn(async move {
            match engine.run_open(scope, transfer).await {
                Ok(None) => {}
                Ok(Some(outcome)) => {
                    let run = &outcome.run;
                    // What a platform or a connector said of it may have a record in it, and stays with the run.
                    tracing::info!(run = %run.id, %transfer, state = word(run.state), code = run.code(),
                        read = run.counts.read, delivered = run.counts.delivered, "a run ended");
                }
                Err(EngineError::Running) => {}
                Err(error) => tracing::error!(%transfer, %error, "a run could not go on"),
            }
        });
    }
}

//! How long history is kept that is neither ledger nor audit: runs, what connectors said in them, and the times of schedules.
//! Sealed fields of batches go when the batch comes to its end.

use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Occurrences, RunLogs, Tenants, Transfers};
use weighbridge_store::{CustomerScope, HostScope, TenantScope, verbs};

use crate::engine::Engine;
use crate::error::EngineError;

/// For how many days history is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Runs, and the times of schedules.
    pub history_days: u32,
    /// What connectors said in runs.
    pub run_log_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { history_days: 400, run_log_days: 30 }
    }
}

const DAY_MS: i64 = 86_400_000;
/// So many rows are looked at in one view of the store, and forgotten in one transaction at most.
const STEP: usize = 300;

impl Engine {
    /// Forgets what is older than it is kept; answers how many rows there were.
    pub async fn sweep_history(&self) -> Result<u64, EngineError> {
        let now = self.host.now();
        let before = |days: u32| now.plus_millis(-DAY_MS.saturating_mul(days.into()));
        let Retention { history_days, run_log_days } = self.host.conduct().retention;
        let mut swept = self.sweep_run_logs(before(run_log_days)).await?;
        for tenant in self.host.store.read(|tx| tx.keys::<Tenants>(HostScope::new(), None, usize::MAX))? {
            swept += self.sweep_runs(tenant.0, before(history_days)).await?;
        }
        Ok(swept + self.sweep_occurrences(before(history_days)).await?)
    }

    /// Runs stand newest first in their tenant's list, so the old ones are at its end.
    async fn sweep_runs(&self, tenant: TenantScope, before: Timestamp) -> Result<u64, EngineError> {
        let mut swept = 0;
        loop {
            let step = verbs::forget_old_runs(&self.host.store, tenant, RunId::new(before, [0; 10]), STEP).await?;
            swept += step.forgotten;
            if !step.more {
                return Ok(swept);
            }
        }
    }

    /// What connectors said stands oldest first in each customer.
    async fn sweep_run_logs(&self, before: Timestamp) -> Result<u64, EngineError> {
        let (mut swept, mut after) = (0, None);
        loop {
            let keys = self.host.store.read(|tx| tx.keys::<RunLogs>(HostScope::new(), after.as_ref(), STEP))?;
            let (count, last) = (keys.len(), keys.last().copied());
            let old: Vec<_> = keys.into_iter().filter(|(_, (run, _))| run.made_at() < before).collect();
            swept += old.len() as u64;
            // Behind a customer's first young one all of it are young.
            let is_young = last.is_some_and(|(_, (run, _))| run.made_at() >= before);
            after = last.map(|(scope, (run, attempt))| match is_young {
                true => (scope, (RunId::from_bytes([u8::MAX; 16]), u64::MAX)),
                false => (scope, (run, attempt)),
            });
            let forget = move |tx: &mut weighbridge_store::Tx<'_>| {
                old.iter().try_for_each(|(scope, key)| tx.remove::<RunLogs>(scope, key))
            };
            self.host.store.write(forget).await?;
            if count < STEP {
                return Ok(swept);
            }
        }
    }

    /// The times of each transfer's schedule stand oldest first.
    async fn sweep_occurrences(&self, before: Timestamp) -> Result<u64, EngineError> {
        let (mut swept, mut after) = (0, None);
        loop {
            let transfers = self.host.store.read(|tx| tx.keys::<Transfers>(HostScope::new(), after.as_ref(), STEP))?;
            for (scope, transfer) in &transfers {
                swept += self.sweep_occurrences_of(*scope, *transfer, before).await?;
            }
            after = transfers.last().copied();
            if transfers.len() < STEP {
                return Ok(swept);
            }
        }
    }

    async fn sweep_occurrences_of(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        before: Timestamp,
    ) -> Result<u64, EngineError> {
        let (mut swept, first) = (0, (transfer, Timestamp::from_millis(0)));
        loop {
            let rows = self.host.store.read(|tx| tx.scan::<Occurrences>(&scope, Some(&first), STEP))?;
            let is_old = |key: &(TransferId, Timestamp)| key.0 == transfer && key.1 < before;
            let old: Vec<_> = rows.into_iter().map(|(key, _)| key).take_while(is_old).collect();
            let count = old.len();
            swept += count as u64;
            if count > 0 {
                let forget = move |tx: &mut weighbridge_store::Tx<'_>| {
                    old.iter().try_for_each(|key| tx.remove::<Occurrences>(&scope, key))
                };
                self.host.store.write(forget).await?;
            }
            if count < STEP {
                return Ok(swept);
            }
        }
    }
}

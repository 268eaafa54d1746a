//! Let go of rejected records that are kept no longer, in steps.

use weighbridge_model::meter::key::dead_letter_held_at;
use weighbridge_store::HostScope;
use weighbridge_store::tables::DeadLetters;

use crate::engine::Engine;
use crate::error::EngineError;

/// So many are looked at in one view of the store, and forgotten in one transaction at most.
const STEP: usize = 500;
const DAY_MS: i64 = 86_400_000;

impl Engine {
    /// Forgets what was rejected longer ago than this host keeps it; answers how many there were.
    pub async fn sweep_rejected(&self) -> Result<u64, EngineError> {
        let before = self.host.now().plus_millis(-DAY_MS.saturating_mul(self.host.conduct().rejected_days.into()));
        let (mut after, mut swept) = (None, 0);
        loop {
            let keys = self.host.store.read(|tx| tx.keys::<DeadLetters>(HostScope::new(), after.as_ref(), STEP))?;
            let is_last = keys.len() < STEP;
            after = keys.last().copied();
            // A batch may have been held for long, so what its id tells is only the earliest.
            let old = keys.into_iter().filter(|(_, (_, id))| dead_letter_held_at(*id) < before).collect::<Vec<_>>();
            if !old.is_empty() {
                let forget = move |tx: &mut weighbridge_store::Tx<'_>| {
                    let mut swept = 0;
                    for (scope, key) in &old {
                        if tx.get::<DeadLetters>(scope, key)?.is_some_and(|row| row.at < before) {
                            tx.remove::<DeadLetters>(scope, key)?;
                            swept += 1;
                        }
                    }
                    Ok(swept)
                };
                swept += self.host.store.write(forget).await?.into_inner();
            }
            if is_last {
                return Ok(swept);
            }
        }
    }
}

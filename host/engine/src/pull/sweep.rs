//! Let go of what nobody reads any more, and drop what nobody may ask for: once a minute, and at the start.

use weighbridge_model::id::TransferId;
use weighbridge_store::tables::{Pulls, Services};
use weighbridge_store::verbs::{self, stale_pages};
use weighbridge_store::{CustomerScope, HostScope};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::pipeline::blob_of;

/// So many are looked at in one view of the store.
const STEP: usize = 500;

impl Engine {
    /// Gives back what cut-off requests held, forgets the readings of deleted services, and drops pages that are no longer
    /// kept; answers how many pages it dropped.
    pub async fn sweep_pulls(&self) -> Result<usize, EngineError> {
        for (scope, pull) in self.unfinished(|tx, scope, id| Ok(tx.get::<Pulls>(scope, id)?.is_some()))? {
            if let Some(_claim) = self.host.claim(pull) {
                self.let_go(scope, pull).await?;
            }
        }
        self.forget_pulls().await?;
        let (mut after, mut dropped) = (None, 0);
        loop {
            let (host, now) = (HostScope::new(), self.host.now());
            let step = self.host.store.read(|tx| stale_pages(tx, host, after.as_ref(), STEP, now))?;
            for (_, blob) in &step.pages {
                self.host.store.drop_blob(*blob).await.map_err(weighbridge_store::TxError::from)?;
            }
            dropped += step.pages.len();
            if !step.pages.is_empty() {
                let keys = step.pages.into_iter().map(|(key, _)| key).collect();
                verbs::drop_pages(&self.host.store, keys).await?;
            }
            after = step.after;
            if after.is_none() {
                return Ok(dropped);
            }
        }
    }

    /// Gives back what a request held that nobody works on any more, with what it may have left. The caller has the claim.
    pub(crate) async fn let_go(&self, scope: CustomerScope, pull: TransferId) -> Result<(), EngineError> {
        let open = self.host.store.read(|tx| verbs::is_unfinished(tx, scope, pull))?;
        if !open {
            return Ok(());
        }
        let left = verbs::abandon_pull(&self.host.store, scope, pull, self.host.now()).await?.into_inner();
        if let Some(batch) = left {
            self.host.store.drop_blob(blob_of(batch)).await.map_err(weighbridge_store::TxError::from)?;
        }
        Ok(())
    }

    /// Forgets how far services have come that there are no longer; their pages are then stale.
    async fn forget_pulls(&self) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let step = self.host.store.read(|tx| {
                let keys = tx.keys::<Pulls>(HostScope::new(), after.as_ref(), STEP)?;
                let mut orphans = Vec::new();
                for (scope, id) in &keys {
                    let Some(pull) = tx.get::<Pulls>(scope, id)? else { continue };
                    orphans.extend(tx.get::<Services>(scope, &pull.service)?.is_none().then_some((*scope, *id)));
                }
                Ok((keys, orphans))
            })?;
            for (scope, pull) in step.1 {
                verbs::forget_pull(&self.host.store, scope, pull).await?;
            }
            after = step.0.last().copied();
            if step.0.len() < STEP {
                return Ok(());
            }
        }
    }
}

//! Wait for what still runs, and let go of what it held.

use weighbridge_model::deletion::{Deletion, DeletionStage};
use weighbridge_model::id::TransferId;
use weighbridge_store::tables::{Errands, Progresses, Pulls, Transfers};
use weighbridge_store::verbs::{self, WriteOffError};
use weighbridge_store::{CustomerScope, TxError};

use super::PATIENCE;
use crate::engine::{Claim, Engine};
use crate::error::EngineError;
use crate::pipeline::blob_of;

/// The most transfers, and readings by third parties, of one customer.
const MOVEMENTS_MAX: usize = 100_000;

impl Engine {
    /// An attempt in this process stops at the gate before its next batch. What it, or one before it, left in doubt is
    /// written off: the customer's data is about to be gone, so nobody could send it again.
    pub(super) async fn stop_customer(
        &self,
        scope: CustomerScope,
        mut row: Deletion,
    ) -> Result<DeletionStage, EngineError> {
        let Some(_quiet) = self.quieten(scope).await? else { return Ok(row.stage) };
        for id in self.movements(scope)? {
            self.let_movement_go(scope, id).await?;
        }
        row.stage = DeletionStage::Leaving;
        self.put_deletion(scope, row).await
    }

    /// The customer's transfers and readings, while nobody is at work on any of them; nothing where somebody still is.
    pub(super) async fn quieten(&self, scope: CustomerScope) -> Result<Option<Vec<Claim>>, EngineError> {
        let (movements, begun) = (self.movements(scope)?, tokio::time::Instant::now());
        let mut claims = Vec::with_capacity(movements.len());
        for id in movements {
            let patience = PATIENCE.saturating_sub(begun.elapsed());
            match self.host.claim_within(id, patience).await {
                Some(claim) => claims.push(claim),
                None => return Ok(None),
            }
        }
        Ok(Some(claims))
    }

    fn movements(&self, scope: CustomerScope) -> Result<Vec<TransferId>, EngineError> {
        Ok(self.host.store.read(|tx| {
            let transfers = tx.scan::<Transfers>(&scope, None, MOVEMENTS_MAX)?;
            let pulls = tx.scan::<Pulls>(&scope, None, MOVEMENTS_MAX)?;
            let errands = tx.scan::<Errands>(&scope, None, MOVEMENTS_MAX)?;
            let ids = transfers.into_iter().map(|(id, _)| id).chain(pulls.into_iter().map(|(id, _)| id));
            Ok(ids.chain(errands.into_iter().map(|(id, _)| id)).collect())
        })?)
    }

    /// Nothing of a pulled page is in doubt: nobody was answered. Of a transfer's batch something may have arrived.
    async fn let_movement_go(&self, scope: CustomerScope, id: TransferId) -> Result<(), EngineError> {
        let (is_pull, progress) = self.host.store.read(|tx| {
            Ok((tx.get::<Pulls>(&scope, &id)?.is_some(), tx.get::<Progresses>(&scope, &id)?.unwrap_or_default()))
        })?;
        if is_pull {
            return self.let_go(scope, id).await;
        }
        let Some(batch) = progress.open else { return Ok(()) };
        match verbs::write_off(&self.host.store, scope, batch, self.host.now()).await {
            Ok(_) | Err(WriteOffError::Ended(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self.host.store.drop_blob(blob_of(batch)).await.map_err(TxError::from)?)
    }
}

//! Give up a batch in doubt.

use weighbridge_model::batch::Batch;
use weighbridge_model::id::BatchId;
use weighbridge_store::tables::Batches;
use weighbridge_store::{HostScope, verbs};

use crate::engine::Engine;
use crate::error::{EngineError, NotFound};

/// So many batches are looked at in one view of the store.
const STEP: usize = 1_000;

impl Engine {
    /// Gives a batch in doubt up: an operator's act. What did arrive of it may arrive again.
    pub async fn write_off(&self, batch: BatchId) -> Result<Batch, EngineError> {
        let mut after = None;
        loop {
            let step = self.host.store.read(|tx| tx.keys::<Batches>(HostScope::new(), after.as_ref(), STEP))?;
            if let Some((scope, _)) = step.iter().find(|(_, id)| *id == batch) {
                let written = verbs::write_off(&self.host.store, *scope, batch, self.host.now()).await?.into_inner();
                if let Some(dispatch) = &written.dispatch
                    && let Err(error) = self.host.store.drop_blob(dispatch.blob).await
                {
                    tracing::warn!(%error, "a written-off batch's blob stays behind");
                }
                return Ok(written);
            }
            after = step.last().copied();
            if step.len() < STEP {
                return Err(NotFound { what: "batch", name: batch.to_string() }.into());
            }
        }
    }
}

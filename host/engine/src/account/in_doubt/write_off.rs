//! Give up a batch in doubt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::batch::Batch;
use weighbridge_model::id::BatchId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::Progresses;
use weighbridge_store::{CustomerScope, verbs};

use crate::engine::Engine;
use crate::pipeline::blob_of;

/// How a batch is given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct WriteOff {
    /// That it was read what that means.
    pub confirm: bool,
}

/// A batch that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrittenOff {
    /// The batch.
    pub batch: BatchId,
    /// Records that were on hold for it, and are not any more.
    pub records: u64,
    /// Bytes that were.
    pub bytes: u64,
}

impl Engine {
    /// Gives a batch in doubt up: nothing of it is billed, its hold goes back, and the transfer goes on from where it began.
    /// What did arrive of it may arrive again.
    pub async fn write_off(
        &self,
        may: &Permission<kinds::HostChange>,
        id: BatchId,
        how: WriteOff,
    ) -> Result<WrittenOff, Problem> {
        let (scope, batch) = self.find_doubt(id)?;
        let hold = batch.reservation.hold();
        if !how.confirm {
            let what = format!(
                "batch {id}: the hold of {} records ends and nothing is billed; what did arrive of them may arrive again",
                hold.records
            );
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]));
        }
        let _claim = self.host.claim(batch.transfer).ok_or(ProblemCode::RunBusy)?;
        self.edit(|edit| {
            let progress = edit.need::<Progresses>(scope, batch.transfer)?;
            if progress.open != Some(id) {
                return Err(ProblemCode::BatchEnded.into());
            }
            let now = self.host.now();
            edit.act(move |tx| verbs::write_off_in(tx, scope, id, now).map(|_| ()));
            let name = self.what_moved(scope, batch.transfer)?.transfer_name.unwrap_or_default();
            let detail = format!("{name}: batch {id}, run {}, {} records", batch.run, hold.records);
            edit.audit(self.audit_customer(scope, may.by(), "batch.written_off", detail.as_str().into())?);
            edit.audit(self.audit_on_host(may.by(), "batch.written_off", format!("batch {id}").as_str().into())?);
            Ok(())
        })
        .await?;
        if batch.dispatch.is_some()
            && let Err(error) = self.host.store.drop_blob(blob_of(id)).await
        {
            tracing::warn!(%error, "a written-off batch's blob stays behind");
        }
        Ok(WrittenOff { batch: id, records: hold.records, bytes: hold.bytes })
    }

    /// The batch in doubt with this id, whosesoever it is.
    fn find_doubt(&self, id: BatchId) -> Result<(CustomerScope, Batch), Problem> {
        let found = self.doubts(|_| true).map_err(Problem::from)?;
        if let Some(found) = found.into_iter().find(|(_, batch)| batch.id == id) {
            return Ok(found);
        }
        let busy = self.unfinished(|tx, scope, transfer| {
            Ok(tx.get::<Progresses>(scope, transfer)?.is_some_and(|progress| progress.open == Some(id)))
        });
        let is_busy = !busy?.is_empty();
        Err(if is_busy { ProblemCode::RunBusy } else { ProblemCode::BatchEnded }.into())
    }
}

//! Give up a batch in doubt: an operator's act.

use weighbridge_model::batch::{Batch, BatchState};
use weighbridge_model::id::BatchId;
use weighbridge_model::meter;
use weighbridge_model::time::Timestamp;

use super::ahead::drop_ahead;
use super::ledger::{put_batch, put_entry, put_progress};
use super::route::{accounts_of, gather, put_accounts};
use super::settle::forget_dead_letters;
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Batches, Runs};
use crate::tx::Tx;

/// A batch that is not given up.
#[derive(Debug, thiserror::Error)]
pub enum WriteOffError {
    /// It came to its end already.
    #[error("batch.ended: the batch {0} is not in doubt: nothing of it is on hold")]
    Ended(BatchId),
    /// The store.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Gives the batch up: its hold goes back under an entry of nothing, the cursor stays where it was, and a new lineage begins
/// there. What did arrive may then arrive again.
pub async fn write_off(
    store: &Store,
    scope: CustomerScope,
    batch: BatchId,
    now: Timestamp,
) -> Result<Committed<Batch>, WriteOffError> {
    let written = store.write(move |tx| write_off_in(tx, scope, batch, now)).await?;
    written.into_inner().map(Committed::new).ok_or(WriteOffError::Ended(batch))
}

/// The same in a transaction that does more; none where it came to its end already.
pub fn write_off_in(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    id: BatchId,
    now: Timestamp,
) -> Result<Option<Batch>, TxError> {
    let mut batch = tx.need::<Batches>(&scope, &id)?;
    if !batch.state.is_open() {
        return Ok(None);
    }
    let mut route = gather(tx, scope, batch.transfer, now)?;
    drop_ahead(tx, &mut route, now)?;
    let mut accounts = accounts_of(tx, &route, &batch.reservation)?;
    let entry = meter::write_off(&batch.reservation, (scope.id(), batch.transfer, batch.run), now, &mut accounts)?;
    put_accounts(tx, scope, &accounts)?;
    put_entry(tx, scope, &entry)?;
    batch.state = BatchState::WrittenOff;
    batch.ended_at = Some(now);
    put_batch(tx, scope, &batch)?;
    forget_dead_letters(tx, scope, &batch, 0)?;
    let progress = &mut route.progress;
    progress.attempt += 1;
    progress.open = None;
    progress.lineage += 1;
    progress.sequence = 0;
    let run = tx.need::<Runs>(&scope, &(batch.transfer, batch.run))?;
    put_progress(tx, scope, &run, &route.progress)?;
    Ok(Some(batch))
}

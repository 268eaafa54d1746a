//! Give the hold of a batch back of which nothing was sent.

use weighbridge_model::batch::BatchState;
use weighbridge_model::meter;
use weighbridge_model::time::Timestamp;

use super::ahead::drop_ahead;
use super::ledger::put_batch;
use super::route::{Route, accounts_of, put_accounts};
use super::settle::forget_dead_letters;
use crate::error::TxError;
use crate::tables::Batches;
use crate::tx::Tx;

/// Releases the open batch of a transfer, if it has one, and what is held beyond it; its sequence number is used again.
pub(super) fn release_open(tx: &mut Tx<'_>, route: &mut Route, now: Timestamp) -> Result<(), TxError> {
    drop_ahead(tx, route, now)?;
    let Some(open) = route.progress.open.take() else { return Ok(()) };
    let mut batch = tx.need::<Batches>(&route.scope, &open)?;
    let mut accounts = accounts_of(tx, route, &batch.reservation)?;
    meter::release(&batch.reservation, &mut accounts)?;
    put_accounts(tx, route.scope, &accounts)?;
    batch.state = BatchState::Released;
    batch.ended_at = Some(now);
    forget_dead_letters(tx, route.scope, &batch, 0)?;
    put_batch(tx, route.scope, &batch)?;
    route.gather_again(tx, now)
}

//! Hold the batch beyond the open one, so that it may be read while that one is written. Nothing of it is ever sent before the
//! open one is settled: it becomes the open one then, or is forgotten.

use weighbridge_model::batch::Batch;
use weighbridge_model::gate::decide;
use weighbridge_model::meter;
use weighbridge_model::run::Run;
use weighbridge_model::time::Timestamp;

use super::begin::{Held, fresh_batch};
use super::ledger::{fence, put_batch, put_progress_of};
use super::route::{Route, accounts_of, gather, put_accounts};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::store::Store;
use crate::tables::Batches;
use crate::tx::Tx;

/// Holds the batch beyond the open one, unless that is so already. None is held where the gate says no: the settlement of the open
/// one decides again.
pub async fn hold_ahead(
    store: &Store,
    held: Committed<Box<Held>>,
    now: Timestamp,
) -> Result<Committed<Box<Held>>, WriteError> {
    if held.ahead.is_some() || !held.route.transfer.reads_ahead() {
        return Ok(held);
    }
    let held = held.into_inner();
    store.write(move |tx| hold_ahead_in(tx, held.clone(), now)).await
}

fn hold_ahead_in(tx: &mut Tx<'_>, mut held: Box<Held>, now: Timestamp) -> Result<Box<Held>, TxError> {
    let mut route = gather(tx, held.route.scope, held.batch.transfer, now)?;
    fence(&route.progress, held.batch.reservation.attempt())?;
    held.ahead = hold_beyond(tx, &mut route, &held.run, now)?;
    put_progress_of(tx, route.scope, route.transfer.id, &route.progress)?;
    Ok(held)
}

/// The hold of a whole batch; where a quota leaves less, what the open batch gives back may make it whole.
pub(super) fn hold_beyond(
    tx: &mut Tx<'_>,
    route: &mut Route,
    run: &Run,
    now: Timestamp,
) -> Result<Option<Batch>, TxError> {
    let Ok(permit) = decide(&route.facts(false, None), now) else { return Ok(None) };
    let before = route.accounts;
    let batch = fresh_batch(route, run, permit, route.progress.sequence + 1, now)?;
    if batch.reservation.by_quota() {
        route.accounts = before;
        return Ok(None);
    }
    put_accounts(tx, route.scope, &route.accounts)?;
    put_batch(tx, route.scope, &batch)?;
    route.progress.ahead = Some(batch.id);
    Ok(Some(batch))
}

/// The batch that is held beyond the open one, if there is one.
pub(super) fn batch_ahead(tx: &Tx<'_>, route: &Route) -> Result<Option<Batch>, TxError> {
    route.progress.ahead.map(|ahead| tx.need::<Batches>(&route.scope, &ahead)).transpose()
}

/// Gives the hold beyond the open batch back. Nothing came of it, so that no row of it stays.
pub(super) fn drop_ahead(tx: &mut Tx<'_>, route: &mut Route, now: Timestamp) -> Result<(), TxError> {
    let Some(batch) = batch_ahead(tx, route)? else { return Ok(()) };
    let mut accounts = accounts_of(tx, route, &batch.reservation)?;
    meter::release(&batch.reservation, &mut accounts)?;
    put_accounts(tx, route.scope, &accounts)?;
    tx.remove::<Batches>(&route.scope, &batch.id)?;
    route.progress.ahead = None;
    put_progress_of(tx, route.scope, route.transfer.id, &route.progress)?;
    route.gather_again(tx, now)
}

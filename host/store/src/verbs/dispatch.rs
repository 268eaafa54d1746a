//! Fix what a batch sends, before any of it is sent.

use weighbridge_model::batch::{BatchState, Dispatch};
use weighbridge_model::gate::{Refusal, decide};
use weighbridge_model::time::Timestamp;

use super::begin::Held;
use super::ledger::{fence, put_batch};
use super::route::gather;
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::store::Store;
use crate::tx::Tx;

/// Decides again and marks the batch as dispatched; its blob is durable already. After a no nothing may be sent.
pub async fn dispatch(
    store: &Store,
    held: Committed<Box<Held>>,
    what: Dispatch,
    now: Timestamp,
) -> Result<(Committed<Box<Held>>, Result<(), Refusal>), WriteError> {
    let held = held.into_inner();
    let dispatched = store.write(move |tx| dispatch_in(tx, held.clone(), what.clone(), now)).await?;
    let refusal = dispatched.1.clone();
    Ok((dispatched.map(|(held, _)| held), refusal))
}

fn dispatch_in(
    tx: &mut Tx<'_>,
    mut held: Box<Held>,
    what: Dispatch,
    now: Timestamp,
) -> Result<(Box<Held>, Result<(), Refusal>), TxError> {
    let route = gather(tx, held.route.scope, held.batch.transfer, now)?;
    fence(&route.progress, held.batch.reservation.attempt())?;
    if let Err(refusal) = decide(&route.facts(false, Some(&held.batch.reservation)), now) {
        return Ok((held, Err(refusal)));
    }
    held.batch.state = BatchState::Dispatched;
    held.batch.dispatch = Some(what);
    put_batch(tx, route.scope, &held.batch)?;
    Ok((held, Ok(())))
}

//! Hold more bytes for a batch whose records grew on the way.

use weighbridge_model::gate::Refusal;
use weighbridge_model::meter;
use weighbridge_model::time::Timestamp;

use super::ahead::drop_ahead;
use super::begin::Held;
use super::ledger::{fence, put_batch};
use super::route::{accounts_of, gather, put_accounts};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::store::Store;
use crate::tx::Tx;

/// Adds `bytes` to the hold, or keeps it as it is and says which quota refused.
pub async fn extend(
    store: &Store,
    held: Committed<Box<Held>>,
    bytes: u64,
    now: Timestamp,
) -> Result<(Committed<Box<Held>>, Result<(), Refusal>), WriteError> {
    let held = held.into_inner();
    let extended = store.write(move |tx| extend_in(tx, held.clone(), bytes, now)).await?;
    let refusal = extended.1.clone();
    Ok((extended.map(|(held, _)| held), refusal))
}

fn extend_in(
    tx: &mut Tx<'_>,
    mut held: Box<Held>,
    bytes: u64,
    now: Timestamp,
) -> Result<(Box<Held>, Result<(), Refusal>), TxError> {
    let mut route = gather(tx, held.route.scope, held.batch.transfer, now)?;
    fence(&route.progress, held.batch.reservation.attempt())?;
    let mut accounts = accounts_of(tx, &route, &held.batch.reservation)?;
    let mut extended = meter::extend(&mut held.batch.reservation, bytes, &mut accounts);
    if extended.is_err() && held.ahead.take().is_some() {
        // What is held beyond this batch may be what it lacks.
        drop_ahead(tx, &mut route, now)?;
        accounts = accounts_of(tx, &route, &held.batch.reservation)?;
        extended = meter::extend(&mut held.batch.reservation, bytes, &mut accounts);
    }
    if extended.is_ok() {
        put_accounts(tx, route.scope, &accounts)?;
        put_batch(tx, route.scope, &held.batch)?;
    }
    Ok((held, extended))
}

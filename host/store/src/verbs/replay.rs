//! Rejected records that are handed over again: each in a batch of its own, so that one that is rejected again stops no other,
//! and so that each is billed at its first delivery and never a second time.

use weighbridge_model::batch::Batch;
use weighbridge_model::errand::{Errand, ErrandKind};
use weighbridge_model::id::{DeadLetterId, TransferId};

use super::route::{Route, transfer_of};
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{DeadLetters, Errands, Marked, Progresses, Replays};
use crate::tx::Tx;

/// So many are put in line in one transaction.
const STEP: usize = 500;

/// Puts rejected records of one transfer in line. Where none of them is being handed over, whatever waited before is forgotten:
/// it is not what is wanted now.
pub async fn line_up(
    store: &Store,
    scope: CustomerScope,
    errand: Errand,
    letters: Vec<DeadLetterId>,
) -> Result<(), WriteError> {
    let id = errand.id;
    store.write(move |tx| tx.put::<Errands>(&scope, &id, &errand)).await?;
    while store.write(move |tx| forget_waiting(tx, scope, id)).await?.into_inner() == STEP {}
    for step in letters.chunks(STEP) {
        let step = step.to_vec();
        let put = move |tx: &mut Tx<'_>| {
            step.iter().try_for_each(|letter| tx.put::<Replays>(&scope, &(id, *letter), &Marked {}))
        };
        store.write(put).await?;
    }
    Ok(())
}

fn forget_waiting(tx: &mut Tx<'_>, scope: CustomerScope, errand: TransferId) -> Result<usize, TxError> {
    let progress = tx.get::<Progresses>(&scope, &errand)?.unwrap_or_default();
    if progress.run.is_some() || progress.open.is_some() {
        return Ok(0);
    }
    let waiting = waiting(tx, scope, errand, STEP)?;
    waiting.iter().try_for_each(|letter| tx.remove::<Replays>(&scope, &(errand, *letter)))?;
    Ok(waiting.len())
}

/// Those that wait, the first ones of them.
pub fn waiting(
    tx: &Tx<'_>,
    scope: CustomerScope,
    errand: TransferId,
    limit: usize,
) -> Result<Vec<DeadLetterId>, TxError> {
    let first = (errand, DeadLetterId::from_bytes([0; 16]));
    let found = tx.scan::<Replays>(&scope, Some(&first), limit)?;
    Ok(found.into_iter().map(|(key, _)| key).take_while(|key| key.0 == errand).map(|key| key.1).collect())
}

/// The record of the next batch, where this is a replay.
pub(super) fn next_letter(tx: &Tx<'_>, route: &Route) -> Result<Option<DeadLetterId>, TxError> {
    if route.transfer.errand != Some(ErrandKind::Replay) {
        return Ok(None);
    }
    Ok(waiting(tx, route.scope, route.transfer.id, 1)?.into_iter().next())
}

/// A record that was handed over, or rejected anew, is the rejected record of before no longer.
pub(super) fn forget_replayed(tx: &mut Tx<'_>, scope: CustomerScope, batch: &Batch) -> Result<(), TxError> {
    let Some(letter) = batch.letter else { return Ok(()) };
    let transfer = transfer_of(tx, scope, batch.transfer)?;
    tx.remove::<DeadLetters>(&scope, &(transfer, letter))?;
    tx.remove::<Replays>(&scope, &(batch.transfer, letter))
}

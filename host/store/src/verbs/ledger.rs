//! What all verbs of the ledger share: who may act, and how its rows are written.

use weighbridge_model::batch::Batch;
use weighbridge_model::id::TransferId;
use weighbridge_model::meter::{Entry, Overrun};
use weighbridge_model::run::Run;
use weighbridge_model::transfer::Progress;

use super::newest_runs::list_run;
use super::schedule::wake;
use crate::error::TxError;
use crate::scope::{CustomerScope, HostScope};
use crate::tables::{Batches, Entries, Marked, Progresses, Runs, Unfinished};
use crate::tx::Tx;

/// Only the newest attempt may act.
pub(super) fn fence(progress: &Progress, attempt: u64) -> Result<(), TxError> {
    if progress.attempt == attempt { Ok(()) } else { Err(TxError::Stale) }
}

/// An entry's id is derived from the work, so that there can be only one: a second one breaks an invariant.
pub(super) fn put_entry(tx: &mut Tx<'_>, scope: CustomerScope, entry: &Entry) -> Result<(), TxError> {
    if tx.get::<Entries>(&scope, &entry.id)?.is_some() {
        return Err(TxError::Invariant(format!("{} is billed already", entry.id)));
    }
    tx.put::<Entries>(&scope, &entry.id, entry)
}

/// Writes a batch. One that came to its end is never read or sent again, so nothing of the source's or of its lines stays.
pub(super) fn put_batch(tx: &mut Tx<'_>, scope: CustomerScope, batch: &Batch) -> Result<(), TxError> {
    if batch.state.is_open() {
        return tx.put::<Batches>(&scope, &batch.id, batch);
    }
    tx.put::<Batches>(&scope, &batch.id, &Batch { start: None, dispatch: None, ..batch.clone() })
}

pub(super) fn put_run(tx: &mut Tx<'_>, scope: CustomerScope, run: &Run) -> Result<(), TxError> {
    // Lists find it from its first row on; what comes after its first batch need not be said again.
    if run.attempts <= 1 && run.batches == 0 {
        list_run(tx, scope, run.transfer, run.id)?;
    }
    tx.put::<Runs>(&scope, &(run.transfer, run.id), run)
}

/// Writes how far a transfer has come, and whether recovery must look at it.
pub(super) fn put_progress(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    run: &Run,
    progress: &Progress,
) -> Result<(), TxError> {
    put_progress_of(tx, scope, run.transfer, progress)
}

/// The same where no run is at hand.
pub(super) fn put_progress_of(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    progress: &Progress,
) -> Result<(), TxError> {
    tx.put::<Progresses>(&scope, &transfer, progress)?;
    if progress.run.is_none() {
        wake(tx, scope, transfer)?;
    }
    let key = (scope.tenant_id(), scope.id(), transfer);
    if progress.run.is_some() || progress.open.is_some() {
        tx.put::<Unfinished>(&HostScope::new(), &key, &Marked {})
    } else {
        tx.remove::<Unfinished>(&HostScope::new(), &key)
    }
}

impl From<Overrun> for TxError {
    fn from(overrun: Overrun) -> Self {
        Self::Invariant(overrun.to_string())
    }
}

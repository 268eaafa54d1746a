//! Let go of a page that nobody reads any more: its process or its request is gone.

use weighbridge_model::id::{BatchId, TransferId};
use weighbridge_model::run::{FailureClass, RunFailure};
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::Progress;

use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Progresses, Runs};
use crate::tx::Tx;
use crate::verbs::end::{Ending, conclude};
use crate::verbs::ledger::{put_progress_of, put_run};
use crate::verbs::release::release_open;
use crate::verbs::route::{Route, gather};

/// Gives the hold of a pull's open batch back and ends its run; answers the batch, of which a blob may have been left.
pub async fn abandon_pull(
    store: &Store,
    scope: CustomerScope,
    pull: TransferId,
    now: Timestamp,
) -> Result<Committed<Option<BatchId>>, WriteError> {
    store.write(move |tx| abandon_in(tx, scope, pull, now)).await
}

/// Whether a pull has a run, or a hold.
pub fn is_unfinished(tx: &Tx<'_>, scope: CustomerScope, pull: TransferId) -> Result<bool, TxError> {
    let progress = tx.get::<Progresses>(&scope, &pull)?.unwrap_or_default();
    Ok(progress.run.is_some() || progress.open.is_some())
}

fn abandon_in(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    pull: TransferId,
    now: Timestamp,
) -> Result<Option<BatchId>, TxError> {
    if !is_unfinished(tx, scope, pull)? {
        return Ok(None);
    }
    let mut route = gather(tx, scope, pull, now)?;
    let open = route.progress.open;
    let_go(tx, &mut route, now)?;
    Ok(open)
}

/// Releases the open batch and ends the run, so that whoever had them is refused as stale.
pub(super) fn let_go(tx: &mut Tx<'_>, route: &mut Route, now: Timestamp) -> Result<Progress, TxError> {
    release_open(tx, route, now)?;
    route.progress.attempt += 1;
    if let Some(id) = route.progress.run.take() {
        let mut run = tx.need::<Runs>(&route.scope, &(route.transfer.id, id))?;
        let failure = "pull.interrupted".parse().ok().map(|code| RunFailure {
            class: FailureClass::Cancelled,
            code,
            message: None,
        });
        if let Some(failure) = failure {
            conclude(&mut run, &mut route.progress, &Ending::Failed(failure), now);
        }
        put_run(tx, route.scope, &run)?;
    }
    put_progress_of(tx, route.scope, route.transfer.id, &route.progress)?;
    Ok(route.progress.clone())
}

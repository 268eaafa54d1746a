//! Begin further streams with a run of one: their runs are made in its transaction, so that none of them is forgotten.

use weighbridge_model::id::RunId;
use weighbridge_model::meter::key;
use weighbridge_model::run::Run;
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Timestamp;

use super::begin::{Intent, fresh_run};
use super::ledger::{put_progress, put_run};
use super::route::Route;
use crate::error::TxError;
use crate::tables::{Progresses, Transfers};
use crate::tx::Tx;

/// Makes a run of each transfer that goes along. One that is switched off stays so, and one that still runs is left to that; what
/// else speaks against one is said where its own run begins.
pub(super) fn make_along(tx: &mut Tx<'_>, route: &Route, run: &Run, now: Timestamp) -> Result<(), TxError> {
    for id in &route.transfer.along {
        let Some(transfer) = tx.get::<Transfers>(&route.scope, id)? else { continue };
        let is_off = transfer.switch == Switch::Off || transfer.suspended || transfer.removed_at.is_some();
        // One with others along would go in circles.
        if is_off || !transfer.along.is_empty() {
            continue;
        }
        let mut progress = tx.get::<Progresses>(&route.scope, id)?.unwrap_or_default();
        if progress.run.is_some() {
            continue;
        }
        let own = RunId::new(now, key::run_along(run.id, *id));
        let made = fresh_run(Intent { transfer: *id, cause: run.cause, occurrence: None, run: own, by: run.by }, now);
        progress.run = Some(made.id);
        put_run(tx, route.scope, &made)?;
        put_progress(tx, route.scope, &made, &progress)?;
    }
    Ok(())
}

//! Hold what a trial of a transfer may read, and give it back: nothing of it is delivered, so nothing of it is billed but the
//! requests that were made.

use weighbridge_model::errand::{Errand, ErrandKind};
use weighbridge_model::gate::Refusal;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::run::Cause;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::Progress;

use super::begin::{Held, Intent, fresh_run, hold_next};
use super::end::bill_requests;
use super::ledger::put_progress_of;
use super::release::release_open;
use super::route::{Route, gather};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Errands, Progresses};
use crate::tx::Tx;

/// Holds one batch from where the transfer stands, as the next run would.
pub async fn begin_trial(
    store: &Store,
    scope: CustomerScope,
    trial: Errand,
    (run, start): (RunId, Option<Sealed>),
    now: Timestamp,
) -> Result<Result<Committed<Box<Held>>, Refusal>, WriteError> {
    let begun = store.write(move |tx| begin_in(tx, scope, &trial, (run, start.clone()), now)).await?.into_inner();
    Ok(begun.map(Committed::new))
}

fn begin_in(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    trial: &Errand,
    (run, start): (RunId, Option<Sealed>),
    now: Timestamp,
) -> Result<Result<Box<Held>, Refusal>, TxError> {
    tx.put::<Errands>(&scope, &trial.id, trial)?;
    let mut route = gather(tx, scope, trial.id, now)?;
    release_open(tx, &mut route, now)?;
    let attempt = route.progress.attempt + 1;
    route = Route {
        progress: Progress { attempt, cursor: start, ..Progress::default() },
        ..gather(tx, scope, trial.id, now)?
    };
    let intent = Intent { transfer: trial.id, cause: Cause::Manual, occurrence: None, run, by: Some(trial.by) };
    let run = fresh_run(intent, now);
    let held = hold_next(tx, &mut route, &run, true, now)?;
    put_progress_of(tx, scope, trial.id, &route.progress)?;
    Ok(held.map(|batch| Box::new(Held::new(route, run, batch))))
}

/// Gives the hold back; bills the requests, where the trial's own process tells how many there were.
pub async fn end_trial(
    store: &Store,
    scope: CustomerScope,
    trial: TransferId,
    asked: Option<(RunId, u64)>,
    now: Timestamp,
) -> Result<(), WriteError> {
    store.write(move |tx| end_in(tx, scope, trial, asked, now)).await.map(|_| ())
}

fn end_in(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    trial: TransferId,
    asked: Option<(RunId, u64)>,
    now: Timestamp,
) -> Result<(), TxError> {
    let mut route = gather(tx, scope, trial, now)?;
    release_open(tx, &mut route, now)?;
    let progress = Progress { attempt: route.progress.attempt, ..Progress::default() };
    if let Some((run, requests)) = asked {
        route = gather(tx, scope, trial, now)?;
        bill_requests(tx, &mut route, (run, 1), requests, now)?;
    }
    put_progress_of(tx, scope, trial, &progress)
}

/// Whether this is a trial that holds something.
pub fn is_open_trial(tx: &Tx<'_>, scope: CustomerScope, id: TransferId) -> Result<bool, TxError> {
    let is_trial = tx.get::<Errands>(&scope, &id)?.is_some_and(|errand| errand.what == ErrandKind::Trial);
    Ok(is_trial && tx.get::<Progresses>(&scope, &id)?.is_some_and(|progress| progress.open.is_some()))
}

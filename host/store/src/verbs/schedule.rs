//! Set a schedule, and make the runs that are due: an occurrence is kept in the transaction that passes it.

use weighbridge_model::gate::decide;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::name::Code;
use weighbridge_model::run::{Cause, Run};
use weighbridge_model::schedule::Schedule;
use weighbridge_model::time::Timestamp;

use super::begin::{Intent, fresh_run};
use super::ledger::{put_progress, put_run};
use super::route::gather;
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::{CustomerScope, HostScope};
use crate::store::Store;
use crate::tables::{Due, Marked, Occurrence, Occurrences, ScheduleRow, Schedules};
use crate::tx::Tx;

/// Gives a transfer a schedule, another one, or none. The same one keeps its place in time.
pub fn set_schedule(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    wanted: Option<(&Schedule, bool)>,
    now: Timestamp,
) -> Result<(), TxError> {
    let before = tx.get::<Schedules>(&scope, &transfer)?;
    if let Some(due) = before.as_ref().and_then(|row| row.due_at) {
        tx.remove::<Due>(&HostScope::new(), &due_key(due, scope, transfer))?;
    }
    let Some((schedule, paused)) = wanted else { return tx.remove::<Schedules>(&scope, &transfer) };
    let last = before.filter(|row| row.schedule == *schedule && !paused).map_or(now, |row| row.last);
    let row = ScheduleRow { schedule: schedule.clone(), paused, last, due_at: None };
    let next = schedule.next_after(last).filter(|_| !paused);
    put_row(tx, scope, transfer, row, next)
}

const fn due_key(
    at: Timestamp,
    scope: CustomerScope,
    transfer: TransferId,
) -> (Timestamp, weighbridge_model::id::TenantId, (weighbridge_model::id::CustomerId, TransferId)) {
    (at, scope.tenant_id(), (scope.id(), transfer))
}

/// Writes the row and the index by which the scheduler finds it, later by the transfer's own share of jitter.
fn put_row(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    mut row: ScheduleRow,
    next: Option<Timestamp>,
) -> Result<(), TxError> {
    row.due_at = next.map(|next| next.plus_millis(row.schedule.jitter_ms(&transfer.to_string())));
    if let Some(due) = row.due_at {
        tx.put::<Due>(&HostScope::new(), &due_key(due, scope, transfer), &Marked {})?;
    }
    tx.put::<Schedules>(&scope, &transfer, &row)
}

/// Looks at a transfer that the index says is due: passes every occurrence up to now, each with the run it makes or the
/// reason why it makes none, and finds the next one. What it answers is to be begun.
pub async fn fire(
    store: &Store,
    scope: CustomerScope,
    (transfer, due_at): (TransferId, Timestamp),
    run: RunId,
    now: Timestamp,
) -> Result<Committed<Option<Intent>>, WriteError> {
    let fire = move |tx: &mut Tx<'_>| {
        tx.remove::<Due>(&HostScope::new(), &due_key(due_at, scope, transfer))?;
        fire_in(tx, scope, transfer, run, now)
    };
    store.write(fire).await
}

fn fire_in(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    run: RunId,
    now: Timestamp,
) -> Result<Option<Intent>, TxError> {
    let Some(mut row) = tx.get::<Schedules>(&scope, &transfer)? else { return Ok(None) };
    if let Some(due) = row.due_at {
        tx.remove::<Due>(&HostScope::new(), &due_key(due, scope, transfer))?;
    }
    let due = row.schedule.due(&transfer.to_string(), row.last, now);
    for passed in &due.passed_over {
        let occurrence = Occurrence { run: None, reason: passed.reason.code().parse().ok(), count: passed.count };
        tx.put::<Occurrences>(&scope, &(transfer, passed.last), &occurrence)?;
    }
    let mut begun = None;
    for occurrence in due.runs {
        let made = make_run(
            tx,
            scope,
            Intent { transfer, cause: Cause::Schedule, occurrence: Some(occurrence), run, by: None },
            now,
        )?;
        let (run, reason) = match made {
            Ok(intent) => (begun.insert(intent).run.into(), None),
            Err(reason) => (None, Some(reason)),
        };
        tx.put::<Occurrences>(&scope, &(transfer, occurrence), &Occurrence { run, reason, count: 1 })?;
    }
    row.last = due.last.unwrap_or(row.last);
    put_row(tx, scope, transfer, row, due.next)?;
    Ok(begun)
}

/// Makes the run of one occurrence, unless there is one already, another run goes on, or the gate says no.
fn make_run(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    intent: Intent,
    now: Timestamp,
) -> Result<Result<Intent, Code>, TxError> {
    let key = (intent.transfer, intent.occurrence.unwrap_or(now));
    if tx.get::<Occurrences>(&scope, &key)?.is_some_and(|one| one.run.is_some()) {
        return Ok(Err(Code::known("schedule.ran_already")));
    }
    let mut route = gather(tx, scope, intent.transfer, now)?;
    if route.progress.run.is_some() {
        return Ok(Err(Code::known("schedule.overlap")));
    }
    if let Err(refusal) = decide(&route.facts(true, None), now) {
        return Ok(Err(Code::known(refusal.code.as_str())));
    }
    let run: Run = fresh_run(intent, now);
    route.progress.run = Some(run.id);
    put_run(tx, scope, &run)?;
    put_progress(tx, scope, &run, &route.progress)?;
    Ok(Ok(intent))
}

//! Make the runs that are due: an occurrence is kept in the transaction that passes it, with the run it makes or the reason
//! why it makes none. One that waits for the run before is looked at again when that ends.

use weighbridge_model::access::ActorRef;
use weighbridge_model::gate::{RefusalCode, decide};
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::name::Code;
use weighbridge_model::run::{Cause, Run, Wish};
use weighbridge_model::schedule::{CatchUpMode, Overlap};
use weighbridge_model::time::Timestamp;

use super::begin::{Intent, fresh_run};
use super::ledger::{put_progress, put_run};
use super::route::gather;
use super::schedule::{due_key, put_row};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::{CustomerScope, HostScope};
use crate::store::Store;
use crate::tables::{Due, Occurrence, Occurrences, Progresses, ScheduleRow, Schedules, WishRow, Wishes};
use crate::tx::Tx;

/// What came of a transfer that was due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    /// The run that is to begin.
    pub begin: Option<Intent>,
    /// The run before it that is to end first.
    pub cancel: Option<RunId>,
    /// What the gate said where it made none, and of how many occurrences.
    pub refused: Option<(RefusalCode, u32)>,
}

/// Looks at a transfer that the index says is due: passes every occurrence up to now, and finds the next one.
pub async fn fire(
    store: &Store,
    scope: CustomerScope,
    (transfer, due_at): (TransferId, Timestamp),
    run: RunId,
    now: Timestamp,
) -> Result<Committed<Fired>, WriteError> {
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
) -> Result<Fired, TxError> {
    let Some(mut row) = tx.get::<Schedules>(&scope, &transfer)? else { return Ok(Fired::default()) };
    if let Some(due) = row.due_at {
        tx.remove::<Due>(&HostScope::new(), &due_key(due, scope, transfer))?;
    }
    let due = row.schedule.due(&transfer.to_string(), row.standing(), now);
    for passed in &due.passed_over {
        if has_run(tx, scope, (transfer, passed.last))? {
            continue;
        }
        let occurrence = Occurrence { run: None, reason: passed.reason.code().parse().ok(), count: passed.count };
        tx.put::<Occurrences>(&scope, &(transfer, passed.last), &occurrence)?;
    }
    let (mut fired, mut waits) = (Fired::default(), None);
    for occurrence in due.runs {
        if has_run(tx, scope, (transfer, occurrence))? {
            row.last = occurrence;
            continue;
        }
        let intent = Intent { transfer, cause: Cause::Schedule, occurrence: Some(occurrence), run, by: None };
        let (run, reason) = match make_run(tx, scope, intent, now)? {
            Made::Run => (fired.begin.insert(intent).run.into(), None),
            Made::Busy if waits_for_it(&row, transfer, occurrence, now) => {
                waits = Some(occurrence);
                break;
            }
            Made::Busy => (None, Some(Code::known("schedule.overlap"))),
            Made::None(code) => {
                let before = fired.refused.map_or(0, |(_, count)| count);
                fired.refused = Some((code, before + 1));
                (None, Some(Code::known(code.as_str())))
            }
        };
        tx.put::<Occurrences>(&scope, &(transfer, occurrence), &Occurrence { run, reason, count: 1 })?;
        row.last = occurrence;
    }
    let Some(waiting) = waits else {
        (row.last, row.waiting_from) = (due.last.unwrap_or(row.last), None);
        put_row(tx, scope, transfer, row, due.next)?;
        return Ok(fired);
    };
    if row.schedule.wording().overlap == Overlap::CancelOther && fired.begin.is_none() {
        fired.cancel = cancel_other(tx, scope, transfer, now)?;
    }
    // It comes again when the run before it has ended, with those that are due by then.
    row.last = waiting.plus_millis(-1);
    row.waiting_from = Some(row.waiting_from.map_or(waiting, |first| first.min(waiting)));
    put_row(tx, scope, transfer, row, None)?;
    Ok(fired)
}

/// Whether an occurrence waits for the run that goes on. Where every one is made up for, those that were missed wait in any case.
fn waits_for_it(row: &ScheduleRow, transfer: TransferId, occurrence: Timestamp, now: Timestamp) -> bool {
    let wording = row.schedule.wording();
    let is_late = row.waiting_from.is_some() || !row.schedule.is_on_time(&transfer.to_string(), occurrence, now);
    wording.overlap != Overlap::Skip || (wording.catch_up.mode == CatchUpMode::All && is_late)
}

/// Whether an occurrence made a run. A clock that is put back brings it again: it stays as it is kept, however often that is.
fn has_run(tx: &Tx<'_>, scope: CustomerScope, key: (TransferId, Timestamp)) -> Result<bool, TxError> {
    Ok(tx.get::<Occurrences>(&scope, &key)?.is_some_and(|one| one.run.is_some()))
}

/// What is made of an occurrence.
enum Made {
    Run,
    /// The run before still goes on.
    Busy,
    None(RefusalCode),
}

/// Makes the run of one occurrence, unless another run goes on or the gate says no.
fn make_run(tx: &mut Tx<'_>, scope: CustomerScope, intent: Intent, now: Timestamp) -> Result<Made, TxError> {
    let mut route = gather(tx, scope, intent.transfer, now)?;
    if route.progress.run.is_some() {
        return Ok(Made::Busy);
    }
    if let Err(refusal) = decide(&route.facts(true, None), now) {
        return Ok(Made::None(refusal.code));
    }
    let run: Run = fresh_run(intent, now);
    route.progress.run = Some(run.id);
    put_run(tx, scope, &run)?;
    put_progress(tx, scope, &run, &route.progress)?;
    Ok(Made::Run)
}

/// Wishes the run that goes on to end, unless a person wishes something of it.
fn cancel_other(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    now: Timestamp,
) -> Result<Option<RunId>, TxError> {
    let Some(run) = tx.get::<Progresses>(&scope, &transfer)?.and_then(|progress| progress.run) else { return Ok(None) };
    if tx.get::<Wishes>(&scope, &transfer)?.is_some_and(|wish| wish.run == run) {
        return Ok(None);
    }
    let wish = WishRow { run, wish: Wish::Cancel, by: ActorRef::HOST, at: now };
    tx.put::<Wishes>(&scope, &transfer, &wish)?;
    Ok(Some(run))
}

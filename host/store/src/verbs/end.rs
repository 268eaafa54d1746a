//! End an attempt, and with it the run or not.

use weighbridge_model::audit::AuditRow;
use weighbridge_model::failing::Failing;
use weighbridge_model::gate::Refusal;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::meter::{Amounts, Entry, EntryKind, key, spend};
use weighbridge_model::name::Code;
use weighbridge_model::run::{ATTEMPTS_KEPT_MAX, FailureClass, Run, RunFailure, RunState, Wish};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{Progress, Transfer};

use super::ahead::drop_ahead;
use super::append_audit::append_audit;
use super::ledger::{fence, put_entry, put_progress, put_run};
use super::raise::{raise_about_run, raise_suspended};
use super::release::release_open;
use super::route::{Route, gather, put_accounts};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{RunLogRow, RunLogs, Runs, Transfers, WishRow, Wishes};
use crate::tx::Tx;

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Ending {
    /// All there was is settled.
    Succeeded,
    /// The gate said no.
    Stopped(Refusal),
    /// It cannot go on.
    Failed(RunFailure),
    /// It has more rejected records than its transfer allows.
    TooManyRejected(RunFailure),
    /// As a person wished.
    Wished(WishRow),
    /// Another attempt will go on with the run, whatever ended this one.
    Interrupted(Option<RunFailure>),
}

impl Ending {
    const fn failure(&self) -> Option<&RunFailure> {
        match self {
            Self::Failed(failure) | Self::TooManyRejected(failure) => Some(failure),
            Self::Interrupted(failure) => failure.as_ref(),
            Self::Succeeded | Self::Stopped(_) | Self::Wished(_) => None,
        }
    }
}

/// An attempt that ended.
#[derive(Clone, Debug)]
pub struct AttemptEnd {
    /// The transfer.
    pub transfer: TransferId,
    /// The run.
    pub run: RunId,
    /// The attempt.
    pub attempt: u64,
    /// How.
    pub ending: Ending,
    /// Whether nothing of the open batch was sent, so that its hold goes back.
    pub unsent: bool,
    /// How many requests the connectors made.
    pub requests: u64,
    /// What the connectors said, sealed.
    pub log: Option<Sealed>,
    /// The line of the audit log for the case that the transfer is suspended by this.
    pub if_suspended: Option<AuditRow>,
}

/// Ends an attempt; what it answers is the run as it stands then.
pub async fn end(
    store: &Store,
    scope: CustomerScope,
    end: AttemptEnd,
    now: Timestamp,
) -> Result<Committed<Run>, WriteError> {
    store.write(move |tx| end_in(tx, scope, &end, now)).await
}

fn end_in(tx: &mut Tx<'_>, scope: CustomerScope, end: &AttemptEnd, now: Timestamp) -> Result<Run, TxError> {
    let mut route = gather(tx, scope, end.transfer, now)?;
    fence(&route.progress, end.attempt)?;
    let mut run = tx.need::<Runs>(&scope, &(end.transfer, end.run))?;
    if end.unsent {
        release_open(tx, &mut route, now)?;
    }
    drop_ahead(tx, &mut route, now)?;
    bill_requests(tx, &mut route, (end.run, end.attempt), end.requests, now)?;
    if let Some(lines) = &end.log {
        keep_log(tx, scope, end, RunLogRow { number: run.attempts, lines: lines.clone() })?;
    }
    run.note_attempt(end.requests, end.ending.failure().cloned(), now);
    let ending = wished(tx, scope, end, &run)?;
    conclude(&mut run, &mut route.progress, &ending, now);
    if run.ended_at.is_some() {
        tx.remove::<Wishes>(&scope, &run.transfer)?;
    }
    raise_about_run(tx, scope, &run, &route.progress.failing, now)?;
    put_run(tx, scope, &run)?;
    put_progress(tx, scope, &run, &route.progress)?;
    if run.state == RunState::Failed {
        suspend(tx, &route, end.if_suspended.as_ref(), now)?;
    }
    Ok(run)
}

/// Stops a transfer that failed too often and for too long, until a person lets it go on.
fn suspend(tx: &mut Tx<'_>, route: &Route, told: Option<&AuditRow>, now: Timestamp) -> Result<(), TxError> {
    let (scope, id) = (route.scope, route.transfer.id);
    let Some(transfer) = tx.get::<Transfers>(&scope, &id)?.filter(|one| !one.suspended) else { return Ok(()) };
    if !route.progress.failing.suspends(transfer.failures_max, now) {
        return Ok(());
    }
    tx.put::<Transfers>(&scope, &id, &Transfer { suspended: true, ..transfer })?;
    raise_suspended(tx, scope, id, Code::known("transfer.suspended"), now)?;
    told.map_or(Ok(()), |told| append_audit(tx, scope.tenant(), told))
}

/// What is wanted of a run, if anything is.
pub(super) fn wish_of(tx: &Tx<'_>, scope: CustomerScope, run: &Run) -> Result<Option<WishRow>, TxError> {
    Ok(tx.get::<Wishes>(&scope, &run.transfer)?.filter(|wish| wish.run == run.id))
}

/// An attempt that was interrupted for a wish ends as is wished now: it may have been taken back meanwhile.
fn wished(tx: &Tx<'_>, scope: CustomerScope, end: &AttemptEnd, run: &Run) -> Result<Ending, TxError> {
    Ok(match &end.ending {
        Ending::Interrupted(None) => wish_of(tx, scope, run)?.map_or(Ending::Interrupted(None), Ending::Wished),
        other => other.clone(),
    })
}

/// Of as many attempts as a run remembers.
fn keep_log(tx: &mut Tx<'_>, scope: CustomerScope, end: &AttemptEnd, row: RunLogRow) -> Result<(), TxError> {
    if let Some(oldest) = end.attempt.checked_sub(ATTEMPTS_KEPT_MAX as u64) {
        tx.remove::<RunLogs>(&scope, &(end.run, oldest))?;
    }
    tx.put::<RunLogs>(&scope, &(end.run, end.attempt), &row)
}

/// A run whose counts do not balance has not succeeded.
pub(super) fn conclude(run: &mut Run, progress: &mut Progress, ending: &Ending, now: Timestamp) {
    run.state = match ending {
        Ending::Interrupted(_) | Ending::Wished(WishRow { wish: Wish::Pause, .. }) => return,
        Ending::Wished(wish) => {
            run.cancelled_by = Some(wish.by);
            RunState::Cancelled
        }
        Ending::Succeeded if run.counts.balance() && run.counts.dead_lettered > 0 => RunState::PartiallySucceeded,
        Ending::Succeeded if run.counts.balance() => RunState::Succeeded,
        Ending::Succeeded => {
            run.failure = "run.unbalanced".parse::<Code>().ok().map(|code| RunFailure {
                class: FailureClass::System,
                code,
                message: None,
            });
            RunState::Failed
        }
        Ending::Stopped(refusal) => {
            run.refusal = Some(refusal.clone());
            RunState::Stopped
        }
        Ending::Failed(failure) | Ending::TooManyRejected(failure) => {
            run.failure = Some(failure.clone());
            let moved_some = matches!(ending, Ending::TooManyRejected(_)) && run.counts.delivered > 0;
            if moved_some && run.counts.balance() { RunState::PartiallySucceeded } else { RunState::Failed }
        }
    };
    run.ended_at = Some(now);
    if !matches!(run.state, RunState::Stopped | RunState::Cancelled) {
        progress.failed = run.failure.is_some();
        match run.state {
            RunState::Failed => progress.failing.fail(now),
            _ => progress.failing = Failing::default(),
        }
    }
    if matches!(ending, Ending::Succeeded) && run.state != RunState::Failed {
        (progress.generation, progress.abandoned) = (None, Vec::new());
    }
    progress.run = None;
    progress.complete = false;
    progress.ended_at = Some(now);
}

/// Bills the requests of an attempt that ended; none have no entry.
pub(super) fn bill_requests(
    tx: &mut Tx<'_>,
    route: &mut Route,
    (run, attempt): (RunId, u64),
    requests: u64,
    now: Timestamp,
) -> Result<(), TxError> {
    if requests == 0 {
        return Ok(());
    }
    let amounts = Amounts { requests, ..Amounts::ZERO };
    spend(&amounts, &mut route.accounts);
    put_accounts(tx, route.scope, &route.accounts)?;
    let entry = Entry {
        id: key::entry_of_attempt(run, attempt),
        kind: EntryKind::Attempt,
        customer: route.customer.id,
        transfer: route.transfer.id,
        run,
        batch: None,
        amounts,
        periods: route.accounts.periods(),
        service: route.accounts.service_period(),
        at: now,
    };
    put_entry(tx, route.scope, &entry)
}

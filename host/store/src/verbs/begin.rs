//! Begin an attempt: of a new run, of one that was interrupted, or of a batch that is in doubt. All three are one verb.

use weighbridge_model::access::ActorRef;
use weighbridge_model::batch::{Batch, BatchState};
use weighbridge_model::gate::{Permit, Refusal, decide};
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::meter::{Amounts, Entry, EntryKind, key, reserve, spend};
use weighbridge_model::run::{Cause, Counts, Run, RunState, Walk, Wish};
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{SyncMode, WriteMode};

use super::ahead::drop_ahead;
use super::along::make_along;
use super::end::{Ending, conclude, wish_of};
use super::ledger::{put_batch, put_entry, put_progress, put_run};
use super::raise::raise_quota;
use super::release::release_open;
use super::replay::next_letter;
use super::route::{Route, gather, put_accounts};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Batches, Runs, Wishes};
use crate::tx::Tx;

/// Who wants what to move, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What is to move.
    pub transfer: TransferId,
    /// Who or what wants it.
    pub cause: Cause,
    /// The scheduled instant it is for.
    pub occurrence: Option<Timestamp>,
    /// The id of the run, unless one is to be gone on with.
    pub run: RunId,
    /// The person who wants it, where it is one.
    pub by: Option<ActorRef>,
}

/// A batch whose hold is durable, with everything it hangs on.
#[derive(Clone, Debug)]
pub struct Held {
    /// The transfer and everything it hangs on, as the gate saw it.
    pub route: Route,
    /// The run it is of.
    pub run: Run,
    /// The batch.
    pub batch: Batch,
    /// Whether an earlier attempt had it, so that something of it may have been sent.
    pub again: bool,
    /// Whether it was held, and perhaps read, while the one before it was written.
    pub was_ahead: bool,
    /// The batch beyond it, where that is held too.
    pub ahead: Option<Batch>,
}

impl Held {
    /// A batch that no attempt had before.
    pub(super) const fn new(route: Route, run: Run, batch: Batch) -> Self {
        Self { route, run, batch, again: false, was_ahead: false, ahead: None }
    }
}

/// How an attempt begins.
#[derive(Debug)]
pub enum Begun<H = Committed<Box<Held>>> {
    /// Read a batch from its start cursor.
    Read(H),
    /// Send a dispatched batch from its blob.
    Resend(H),
    /// All is settled; only the ending of the run is left.
    Finish(Box<Route>, Box<Run>),
    /// The run has more rejected records than its transfer allows; only its ending is left.
    TooManyRejected(Box<Route>, Box<Run>),
    /// The gate said no.
    Refused(Box<Run>),
    /// A person wants it to wait, or wanted it to end, which it did.
    Wished(Box<Run>),
}

/// Begins the next attempt of a transfer.
pub async fn begin(store: &Store, scope: CustomerScope, intent: Intent, now: Timestamp) -> Result<Begun, WriteError> {
    let begun = store.write(move |tx| begin_in(tx, scope, intent, now)).await?;
    Ok(match begun.into_inner() {
        Begun::Read(held) => Begun::Read(Committed::new(held)),
        Begun::Resend(held) => Begun::Resend(Committed::new(held)),
        Begun::Finish(route, run) => Begun::Finish(route, run),
        Begun::TooManyRejected(route, run) => Begun::TooManyRejected(route, run),
        Begun::Refused(run) => Begun::Refused(run),
        Begun::Wished(run) => Begun::Wished(run),
    })
}

/// Writes down that a run is wanted, so that whoever is told that it begins can rely on it; answers the run that there is now,
/// which may be one that has not ended. The gate is asked when it begins.
pub async fn open_run(
    store: &Store,
    scope: CustomerScope,
    intent: Intent,
    now: Timestamp,
) -> Result<Committed<RunId>, WriteError> {
    let open = move |tx: &mut Tx<'_>| {
        let mut route = gather(tx, scope, intent.transfer, now)?;
        if let Some(run) = route.progress.run {
            return Ok(run);
        }
        let run = fresh_run(intent, now);
        route.progress.run = Some(run.id);
        put_run(tx, scope, &run)?;
        put_progress(tx, scope, &run, &route.progress)?;
        Ok(run.id)
    };
    store.write(open).await
}

/// The closure that gathers, decides and reserves, for whoever measures it.
pub fn reserve_first(tx: &mut Tx<'_>, scope: CustomerScope, intent: Intent, now: Timestamp) -> Result<bool, TxError> {
    Ok(matches!(begin_in(tx, scope, intent, now)?, Begun::Read(_)))
}

fn begin_in(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    intent: Intent,
    now: Timestamp,
) -> Result<Begun<Box<Held>>, TxError> {
    let mut route = gather(tx, scope, intent.transfer, now)?;
    drop_ahead(tx, &mut route, now)?;
    let (mut run, new_run) = current_run(tx, scope, &route, intent, now)?;
    if let Some(run) = as_wished(tx, &mut route, &run, now)? {
        return Ok(Begun::Wished(Box::new(run)));
    }
    route.progress.attempt += 1;
    route.progress.run = Some(run.id);
    run.attempts += 1;
    if let Some(open) = route.progress.open {
        let batch = tx.need::<Batches>(&scope, &open)?;
        if never_sent(&route, &batch) {
            release_open(tx, &mut route, now)?;
        } else {
            return take_over(tx, route, (run, new_run), batch, now);
        }
    } else if let Some(begun) = only_to_end(&route, &run, new_run) {
        put_run(tx, scope, &run)?;
        put_progress(tx, scope, &run, &route.progress)?;
        return Ok(begun);
    }
    if new_run {
        route.progress.complete = false;
        if route.transfer.sync == SyncMode::FullRefresh {
            begin_lineage(&mut route);
        }
    }
    begin_walk(&route, &mut run);
    match hold_next(tx, &mut route, &run, new_run, now)? {
        Ok(batch) => {
            if new_run {
                bill_run(tx, &mut route, &run, now)?;
                make_along(tx, &route, &run, now)?;
            }
            put_run(tx, scope, &run)?;
            put_progress(tx, scope, &run, &route.progress)?;
            Ok(Begun::Read(Box::new(Held::new(route, run, batch))))
        }
        Err(refusal) => refuse(tx, route, run, refusal, now),
    }
}

/// A run of which nothing but its ending is left, since a crash came between the last settlement and that.
fn only_to_end(route: &Route, run: &Run, new_run: bool) -> Option<Begun<Box<Held>>> {
    let both = || (Box::new(route.clone()), Box::new(run.clone()));
    if !new_run && route.transfer.rejections.are_exceeded(&run.counts) {
        let (route, run) = both();
        return Some(Begun::TooManyRejected(route, run));
    }
    let (route, run) = (!new_run && route.progress.complete).then(both)?;
    Some(Begun::Finish(route, run))
}

/// A run that is to wait does nothing; one that is to end does so here. A batch that may have been sent keeps its hold.
fn as_wished(tx: &mut Tx<'_>, route: &mut Route, run: &Run, now: Timestamp) -> Result<Option<Run>, TxError> {
    let Some(wish) = wish_of(tx, route.scope, run)? else { return Ok(None) };
    let mut run = run.clone();
    if wish.wish == Wish::Pause {
        return Ok(Some(run));
    }
    if let Some(open) = route.progress.open {
        let batch = tx.need::<Batches>(&route.scope, &open)?;
        if never_sent(route, &batch) {
            release_open(tx, route, now)?;
        }
    }
    route.progress.attempt += 1;
    conclude(&mut run, &mut route.progress, &Ending::Wished(wish), now);
    tx.remove::<Wishes>(&route.scope, &run.transfer)?;
    put_run(tx, route.scope, &run)?;
    put_progress(tx, route.scope, &run, &route.progress)?;
    Ok(Some(run))
}

/// The run to go on with, or a new one; one that the scheduler made is new until its first attempt.
fn current_run(
    tx: &Tx<'_>,
    scope: CustomerScope,
    route: &Route,
    intent: Intent,
    now: Timestamp,
) -> Result<(Run, bool), TxError> {
    let run = match route.progress.run {
        Some(id) => tx.need::<Runs>(&scope, &(intent.transfer, id))?,
        None => fresh_run(intent, now),
    };
    let new_run = run.attempts == 0;
    Ok((run, new_run))
}

pub(super) fn fresh_run(intent: Intent, now: Timestamp) -> Run {
    Run {
        id: intent.run,
        transfer: intent.transfer,
        cause: intent.cause,
        occurrence: intent.occurrence,
        state: RunState::Running,
        started_at: now,
        ended_at: None,
        attempts: 0,
        batches: 0,
        counts: Counts::default(),
        refusal: None,
        failure: None,
        by: intent.by,
        cancelled_by: None,
        walk: None,
        left: None,
        ended_attempts: Vec::new(),
    }
}

/// Keeps where a run begins to walk, from which the ids of its batches are found.
pub(super) fn begin_walk(route: &Route, run: &mut Run) {
    let stream = route.source.endpoint.place.as_ref().map(|place| place.stream.clone());
    if run.walk.is_none() {
        let (lineage, first) = (route.progress.lineage, route.progress.sequence);
        run.walk = stream.map(|stream| Walk { stream, lineage, first });
    }
}

/// A batch of a kind that is dispatched is sent only after it was.
fn never_sent(route: &Route, batch: &Batch) -> bool {
    batch.state == BatchState::Held && route.transfer.write == WriteMode::Append
}

/// So many generations that never became whole are remembered.
const ABANDONED_MAX: usize = 10;

/// A walk from the beginning. What the one before had not made whole will never be.
pub(super) fn begin_lineage(route: &mut Route) {
    let progress = &mut route.progress;
    progress.abandoned.extend(progress.generation.take());
    let surplus = progress.abandoned.len().saturating_sub(ABANDONED_MAX);
    progress.abandoned.drain(..surplus);
    progress.lineage += 1;
    progress.sequence = 0;
    progress.cursor = None;
    progress.generation = (route.transfer.write == WriteMode::Overwrite).then_some(progress.lineage);
}

/// Goes on with a batch that an earlier attempt had; its hold stays whatever the gate says.
fn take_over(
    tx: &mut Tx<'_>,
    mut route: Route,
    (mut run, new_run): (Run, bool),
    mut batch: Batch,
    now: Timestamp,
) -> Result<Begun<Box<Held>>, TxError> {
    begin_walk(&route, &mut run);
    if let Err(refusal) = decide(&route.facts(new_run, Some(&batch.reservation)), now) {
        return refuse(tx, route, run, refusal, now);
    }
    if new_run {
        bill_run(tx, &mut route, &run, now)?;
        make_along(tx, &route, &run, now)?;
    }
    batch.run = run.id;
    batch.reservation = batch.reservation.taken_over(route.progress.attempt);
    put_batch(tx, route.scope, &batch)?;
    put_run(tx, route.scope, &run)?;
    put_progress(tx, route.scope, &run, &route.progress)?;
    let resend = batch.state == BatchState::Dispatched;
    let held = Box::new(Held { again: true, ..Held::new(route, run, batch) });
    Ok(if resend { Begun::Resend(held) } else { Begun::Read(held) })
}

/// Decides, and holds what the next batch may cost.
pub(super) fn hold_next(
    tx: &mut Tx<'_>,
    route: &mut Route,
    run: &Run,
    new_run: bool,
    now: Timestamp,
) -> Result<Result<Batch, Refusal>, TxError> {
    let permit = match decide(&route.facts(new_run, None), now) {
        Ok(permit) => permit,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let letter = next_letter(tx, route)?;
    let fresh = fresh_batch(route, run, permit, route.progress.sequence, now)?;
    let batch = Batch { start: route.progress.cursor.clone(), letter, ..fresh };
    route.progress.open = Some(batch.id);
    put_accounts(tx, route.scope, &route.accounts)?;
    put_batch(tx, route.scope, &batch)?;
    Ok(Ok(batch))
}

/// A batch of the walk with its hold, before either is written.
pub(super) fn fresh_batch(
    route: &mut Route,
    run: &Run,
    permit: Permit,
    sequence: u64,
    now: Timestamp,
) -> Result<Batch, TxError> {
    let progress = &route.progress;
    let stream = route.source.endpoint.place.as_ref().map(|place| &place.stream);
    let stream = stream.ok_or(TxError::NotFound("stream of the source endpoint"))?;
    let id = key::batch(run.transfer, stream, progress.lineage, sequence);
    Ok(Batch {
        id,
        transfer: run.transfer,
        run: run.id,
        lineage: progress.lineage,
        sequence,
        state: BatchState::Held,
        reservation: reserve(permit, id, progress.attempt, &mut route.accounts),
        start: None,
        limit: route.transfer.limit,
        connectors: route.connectors(),
        mapping: route.transfer.mapping,
        letter: None,
        dispatch: None,
        counts: None,
        held_at: now,
        ended_at: None,
    })
}

fn bill_run(tx: &mut Tx<'_>, route: &mut Route, run: &Run, now: Timestamp) -> Result<(), TxError> {
    let amounts = Amounts { runs: 1, ..Amounts::ZERO };
    spend(&amounts, &mut route.accounts);
    raise_quota(tx, route.scope, &route.accounts, now)?;
    put_accounts(tx, route.scope, &route.accounts)?;
    let entry = Entry {
        id: key::entry_of_run(run.id),
        kind: EntryKind::Run,
        customer: route.customer.id,
        transfer: run.transfer,
        run: run.id,
        batch: None,
        amounts,
        periods: route.accounts.periods(),
        service: route.accounts.service_period(),
        at: now,
    };
    put_entry(tx, route.scope, &entry)
}

/// Ends the run with the gate's no. A batch that an earlier attempt had keeps its hold.
fn refuse(
    tx: &mut Tx<'_>,
    mut route: Route,
    mut run: Run,
    refusal: Refusal,
    now: Timestamp,
) -> Result<Begun<Box<Held>>, TxError> {
    run.state = if run.attempts == 1 { RunState::Refused } else { RunState::Stopped };
    run.refusal = Some(refusal);
    run.ended_at = Some(now);
    route.progress.run = None;
    route.progress.ended_at = Some(now);
    tx.remove::<Wishes>(&route.scope, &run.transfer)?;
    put_run(tx, route.scope, &run)?;
    put_progress(tx, route.scope, &run, &route.progress)?;
    Ok(Begun::Refused(Box::new(run)))
}

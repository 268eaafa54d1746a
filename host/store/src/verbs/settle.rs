//! Bill what was delivered, move the cursor, and hold the next batch: one transaction.

use weighbridge_model::batch::{Batch, BatchState};
use weighbridge_model::gate::{Refusal, decide};
use weighbridge_model::id::{DeadLetterId, EndpointId, TransferId};
use weighbridge_model::meter::{self, Amounts, Entry, EntryKind, key};
use weighbridge_model::name::NameHash;
use weighbridge_model::run::{Counts, Run};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::Progress;

use super::ahead::{batch_ahead, drop_ahead, hold_beyond};
use super::begin::{Held, hold_next};
use super::end::wish_of;
use super::grow::{Grown, grow};
use super::ledger::{fence, put_batch, put_entry, put_progress, put_run};
use super::raise::raise_quota;
use super::replay::forget_replayed;
use super::route::{Route, accounts_of, gather, put_accounts, transfer_of};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{DeadLetter, DeadLetters, Link, Links, Runs};
use crate::tx::Tx;

/// What the destination acknowledged.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// What became of the batch's records.
    pub counts: Counts,
    /// Where the source goes on.
    pub checkpoint: Option<Sealed>,
    /// Ids that the destination gave.
    pub links: Vec<NewLink>,
    /// Records that were rejected, in the order of their ids, which are derived from the batch and their place here.
    pub dead_letters: Vec<(DeadLetterId, DeadLetter)>,
    /// How many records are left at the source, where the connector says so.
    pub left: Option<u64>,
    /// What the records taught of the source's stream.
    pub grown: Option<Grown>,
    /// What comes next.
    pub then: Then,
}

/// An id that a destination gave to a source record.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The destination.
    pub endpoint: EndpointId,
    /// The source record's primary key, as a keyed hash.
    pub record: NameHash,
    /// The id there.
    pub id: Sealed,
}

/// What comes after a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The source has more: decide again, and hold the next batch.
    Next,
    /// The source has more, and the host is about to stop: hold nothing.
    Pause,
    /// The source has no more.
    Complete,
}

/// What comes next, after a settlement that stands in any case.
#[derive(Debug)]
pub enum Next {
    /// The next batch, held.
    Held(Committed<Box<Held>>),
    /// The gate said no to the next batch.
    Refused(Refusal),
    /// A person wants no next batch.
    Wished,
    /// The run has more rejected records than its transfer allows; what became of all of its records.
    TooManyRejected(Counts),
    /// Nothing, for now or for good.
    Nothing,
}

/// The most record links that are written with a settlement; more of them are written before it, in steps.
const LINKS_MAX: usize = 850;
/// And the most rejected records. Those before them are written in steps from the first on, so that what a crash leaves of
/// them are the first ones: they are written again, or found by their place and forgotten.
const DEAD_LETTERS_MAX: usize = 50;

/// Consumes a held batch with what was delivered of it.
pub async fn settle(
    store: &Store,
    held: Committed<Box<Held>>,
    mut delivered: Delivered,
    now: Timestamp,
) -> Result<Next, WriteError> {
    let held = held.into_inner();
    let scope = held.route.scope;
    while delivered.links.len() > LINKS_MAX {
        let step = delivered.links.split_off(delivered.links.len() - LINKS_MAX);
        store.write(move |tx| step.iter().try_for_each(|link| put_link(tx, scope, link))).await?;
    }
    while let Some(beyond) = delivered.dead_letters.len().checked_sub(DEAD_LETTERS_MAX).filter(|beyond| *beyond > 0) {
        let rest = delivered.dead_letters.split_off(beyond.min(LINKS_MAX));
        let (step, transfer) = (std::mem::replace(&mut delivered.dead_letters, rest), held.batch.transfer);
        store.write(move |tx| step.iter().try_for_each(|one| put_dead_letter(tx, (scope, transfer), one))).await?;
    }
    let next = store.write(move |tx| settle_in(tx, &held, &delivered, now)).await?;
    Ok(match next.into_inner() {
        After::Held(held) => Next::Held(Committed::new(held)),
        After::Nothing => Next::Nothing,
        After::Wished => Next::Wished,
        After::TooManyRejected(counts) => Next::TooManyRejected(counts),
        After::Refused(refusal) => Next::Refused(refusal),
    })
}

/// The same within the transaction.
enum After {
    Held(Box<Held>),
    Refused(Refusal),
    Wished,
    TooManyRejected(Counts),
    Nothing,
}

fn put_link(tx: &mut Tx<'_>, scope: CustomerScope, link: &NewLink) -> Result<(), TxError> {
    tx.put::<Links>(&scope, &(link.endpoint, link.record), &Link { id: link.id.clone() })
}

fn put_dead_letter(
    tx: &mut Tx<'_>,
    (scope, transfer): (CustomerScope, TransferId),
    (id, letter): &(DeadLetterId, DeadLetter),
) -> Result<(), TxError> {
    let transfer = transfer_of(tx, scope, transfer)?;
    tx.put::<DeadLetters>(&scope, &(transfer, *id), letter)
}

/// Forgets rejected records of a batch from a place on: an attempt that settled nothing had kept them, and the records were
/// taken since, or come again.
pub(super) fn forget_dead_letters(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    batch: &Batch,
    from: u64,
) -> Result<(), TxError> {
    let transfer = transfer_of(tx, scope, batch.transfer)?;
    for index in u32::try_from(from).unwrap_or(u32::MAX).. {
        let key = (transfer, key::dead_letter(batch.id, batch.held_at, index));
        if tx.get::<DeadLetters>(&scope, &key)?.is_none() {
            break;
        }
        tx.remove::<DeadLetters>(&scope, &key)?;
    }
    Ok(())
}

fn settle_in(tx: &mut Tx<'_>, held: &Held, delivered: &Delivered, now: Timestamp) -> Result<After, TxError> {
    let scope = held.route.scope;
    let mut route = gather(tx, scope, held.batch.transfer, now)?;
    fence(&route.progress, held.batch.reservation.attempt())?;
    let mut run = tx.need::<Runs>(&scope, &(held.run.transfer, held.run.id))?;
    let mut batch = held.batch.clone();
    bill(tx, &route, &batch, &delivered.counts, now)?;
    delivered.links.iter().try_for_each(|link| put_link(tx, scope, link))?;
    delivered.dead_letters.iter().try_for_each(|one| put_dead_letter(tx, (scope, batch.transfer), one))?;
    forget_dead_letters(tx, scope, &batch, delivered.counts.dead_lettered)?;
    forget_replayed(tx, scope, &batch)?;
    grow(tx, scope, delivered.grown.as_ref())?;
    batch.state = BatchState::Settled;
    batch.counts = Some(delivered.counts);
    batch.ended_at = Some(now);
    put_batch(tx, scope, &batch)?;
    run.counts.add(&delivered.counts);
    run.batches += 1;
    run.left = left(&run, delivered);
    advance(&mut route, delivered);
    let next = match delivered.then {
        _ if route.transfer.rejections.are_exceeded(&run.counts) => After::TooManyRejected(run.counts),
        Then::Next if wish_of(tx, scope, &run)?.is_some() => After::Wished,
        Then::Next => hold_after(tx, &route, &run, now)?,
        Then::Pause | Then::Complete => After::Nothing,
    };
    put_run(tx, scope, &run)?;
    if let After::Held(next) = &next {
        put_progress(tx, scope, &run, &next.route.progress)?;
    } else {
        drop_ahead(tx, &mut route, now)?;
        put_progress(tx, scope, &run, &route.progress)?;
    }
    Ok(next)
}

/// The entry and what it changes in both balances. A batch that delivered nothing has no entry, and its row says so.
pub(super) fn bill(
    tx: &mut Tx<'_>,
    route: &Route,
    batch: &Batch,
    counts: &Counts,
    now: Timestamp,
) -> Result<(), TxError> {
    let pulls = batch.reservation.hold().pulls;
    let amounts = Amounts { records: counts.delivered, bytes: counts.bytes, pulls, ..Amounts::ZERO };
    let mut accounts = accounts_of(tx, route, &batch.reservation)?;
    meter::settle(&batch.reservation, amounts, &mut accounts)?;
    raise_quota(tx, route.scope, &accounts, now)?;
    put_accounts(tx, route.scope, &accounts)?;
    if amounts == Amounts::ZERO {
        return Ok(());
    }
    let entry = Entry {
        id: batch.letter.map_or_else(|| key::entry_of_batch(batch.id), key::entry_of_rejected),
        kind: EntryKind::Batch,
        customer: route.customer.id,
        transfer: batch.transfer,
        run: batch.run,
        batch: Some(batch.id),
        amounts,
        periods: batch.reservation.periods(),
        service: batch.reservation.service(),
        at: now,
    };
    put_entry(tx, route.scope, &entry)
}

/// What is left after a batch. Where the connector said it once and says nothing now, what was read since comes off.
fn left(run: &Run, delivered: &Delivered) -> Option<u64> {
    if delivered.then == Then::Complete {
        return None;
    }
    delivered.left.or_else(|| Some(run.left?.saturating_sub(delivered.counts.read)))
}

fn advance(route: &mut Route, delivered: &Delivered) {
    advance_to(&mut route.progress, delivered.checkpoint.as_ref());
    route.progress.complete = delivered.then == Then::Complete;
}

/// The open batch is settled, and the source goes on from here.
pub(super) fn advance_to(progress: &mut Progress, checkpoint: Option<&Sealed>) {
    progress.open = None;
    progress.sequence += 1;
    if let Some(checkpoint) = checkpoint {
        progress.cursor = Some(checkpoint.clone());
    }
}

/// The decision and the hold of the next batch, over balances that this settlement has changed.
fn hold_after(tx: &mut Tx<'_>, route: &Route, run: &Run, now: Timestamp) -> Result<After, TxError> {
    let mut route = route.clone();
    route.gather_again(tx, now)?;
    if let Some(batch) = batch_ahead(tx, &route)? {
        match decide(&route.facts(false, Some(&batch.reservation)), now) {
            Ok(_) if batch.connectors == route.connectors() && batch.mapping == route.transfer.mapping => {
                return open_ahead(tx, route, run, batch, now);
            }
            Ok(_) => drop_ahead(tx, &mut route, now)?,
            Err(refusal) => return Ok(After::Refused(refusal)),
        }
    }
    Ok(match hold_next(tx, &mut route, run, false, now)? {
        Ok(batch) => After::Held(Box::new(Held::new(route, run.clone(), batch))),
        Err(refusal) => After::Refused(refusal),
    })
}

/// The batch that was held beyond this one is the open one now, and another one is held beyond it.
fn open_ahead(tx: &mut Tx<'_>, mut route: Route, run: &Run, batch: Batch, now: Timestamp) -> Result<After, TxError> {
    let batch = Batch { start: route.progress.cursor.clone(), ..batch };
    put_batch(tx, route.scope, &batch)?;
    (route.progress.open, route.progress.ahead) = (Some(batch.id), None);
    let ahead = hold_beyond(tx, &mut route, run, now)?;
    Ok(After::Held(Box::new(Held { was_ahead: true, ahead, ..Held::new(route, run.clone(), batch) })))
}

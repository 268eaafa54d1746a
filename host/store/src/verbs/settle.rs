//! Bill what was delivered, move the cursor, and hold the next batch: one transaction.

use weighbridge_model::batch::{Batch, BatchState};
use weighbridge_model::gate::Refusal;
use weighbridge_model::id::{DeadLetterId, EndpointId, TransferId};
use weighbridge_model::meter::{self, Amounts, Entry, EntryKind, key};
use weighbridge_model::name::NameHash;
use weighbridge_model::run::{Counts, Run};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::Progress;

use super::begin::{Held, hold_next};
use super::end::wish_of;
use super::ledger::{fence, put_batch, put_entry, put_progress, put_run};
use super::route::{Route, accounts_of, gather, put_accounts};
use crate::committed::Committed;
use crate::error::{TxError, WriteError};
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
    /// Records that were rejected before anything was sent.
    pub dead_letters: Vec<(DeadLetterId, DeadLetter)>,
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
    /// Nothing, for now or for good.
    Nothing,
}

/// The most record links that are written with a settlement; more of them are written before it, in steps.
const LINKS_MAX: usize = 850;
/// And the most rejected records. Their ids are derived from the batch, so that writing them again changes nothing.
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
    while delivered.dead_letters.len() > DEAD_LETTERS_MAX {
        let rest = delivered.dead_letters.len().saturating_sub(LINKS_MAX).max(DEAD_LETTERS_MAX);
        let (step, transfer) = (delivered.dead_letters.split_off(rest), held.batch.transfer);
        store.write(move |tx| step.iter().try_for_each(|one| put_dead_letter(tx, (scope, transfer), one))).await?;
    }
    let next = store.write(move |tx| settle_in(tx, &held, &delivered, now)).await?;
    Ok(match next.into_inner() {
        After::Held(held) => Next::Held(Committed::new(held)),
        After::Nothing => Next::Nothing,
        After::Wished => Next::Wished,
        After::Refused(refusal) => Next::Refused(refusal),
    })
}

/// The same within the transaction.
enum After {
    Held(Box<Held>),
    Refused(Refusal),
    Wished,
    Nothing,
}

fn put_link(tx: &mut Tx<'_>, scope: crate::scope::CustomerScope, link: &NewLink) -> Result<(), TxError> {
    tx.put::<Links>(&scope, &(link.endpoint, link.record), &Link { id: link.id.clone() })
}

fn put_dead_letter(
    tx: &mut Tx<'_>,
    (scope, transfer): (crate::scope::CustomerScope, TransferId),
    (id, letter): &(DeadLetterId, DeadLetter),
) -> Result<(), TxError> {
    tx.put::<DeadLetters>(&scope, &(transfer, *id), letter)
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
    batch.state = BatchState::Settled;
    batch.counts = Some(delivered.counts);
    batch.ended_at = Some(now);
    put_batch(tx, scope, &batch)?;
    run.counts.add(&delivered.counts);
    run.batches += 1;
    advance(&mut route, delivered);
    let next = match delivered.then {
        Then::Next if wish_of(tx, scope, &run)?.is_some() => After::Wished,
        Then::Next => hold_after(tx, &route, &run, now)?,
        Then::Pause | Then::Complete => After::Nothing,
    };
    put_run(tx, scope, &run)?;
    match &next {
        After::Held(next) => put_progress(tx, scope, &run, &next.route.progress)?,
        _ => put_progress(tx, scope, &run, &route.progress)?,
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
    put_accounts(tx, route.scope, &accounts)?;
    if amounts == Amounts::ZERO {
        return Ok(());
    }
    let entry = Entry {
        id: key::entry_of_batch(batch.id),
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
    let mut route = Route { progress: route.progress.clone(), ..gather(tx, route.scope, route.transfer.id, now)? };
    Ok(match hold_next(tx, &mut route, run, false, now)? {
        Ok(batch) => After::Held(Box::new(Held { route, run: run.clone(), batch, again: false })),
        Err(refusal) => After::Refused(refusal),
    })
}

//! Bill a page, keep it and end its run: one transaction, before the first byte of it is answered.

use weighbridge_model::batch::BatchState;
use weighbridge_model::digest::Digest;
use weighbridge_model::gate::{Refusal, decide};
use weighbridge_model::id::BlobId;
use weighbridge_model::run::Counts;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::service::{PullPage, PullPlace};
use weighbridge_model::time::Timestamp;

use crate::committed::Committed;
use crate::error::{TxError, WriteError};
use crate::store::Store;
use crate::tables::{PullPages, Pulls, Runs};
use crate::tx::Tx;
use crate::verbs::begin::Held;
use crate::verbs::end::{Ending, bill_requests, conclude};
use crate::verbs::grow::{Grown, grow};
use crate::verbs::ledger::{fence, put_batch, put_progress, put_run};
use crate::verbs::route::{Route, RoutePull, gather};
use crate::verbs::settle::{advance_to, bill};

/// A page that was read, weighed and sealed; its blob is durable already.
#[derive(Clone, Debug)]
pub struct PullSettled {
    /// What became of its records.
    pub counts: Counts,
    /// Where the source goes on.
    pub checkpoint: Option<Sealed>,
    /// The sealed lines.
    pub blob: BlobId,
    /// SHA-256 of what is sealed.
    pub digest: Digest,
    /// Whether the source has more to give.
    pub more: bool,
    /// Whether the reading can go on after this page.
    pub goes_on: bool,
    /// How many requests the connector made.
    pub requests: u64,
    /// What the records taught of the stream.
    pub grown: Option<Grown>,
}

/// Decides again, and consumes the held batch. After a no nothing is billed, and nothing may be answered.
pub async fn settle_pull(
    store: &Store,
    held: Committed<Box<Held>>,
    what: PullSettled,
    now: Timestamp,
) -> Result<Result<Committed<(PullPage, PullPlace)>, Refusal>, WriteError> {
    let held = held.into_inner();
    let settled = store.write(move |tx| settle_in(tx, &held, &what, now)).await?;
    Ok(settled.into_inner().map(Committed::new))
}

fn settle_in(
    tx: &mut Tx<'_>,
    held: &Held,
    what: &PullSettled,
    now: Timestamp,
) -> Result<Result<(PullPage, PullPlace), Refusal>, TxError> {
    let scope = held.route.scope;
    let route = gather(tx, scope, held.batch.transfer, now)?;
    fence(&route.progress, held.batch.reservation.attempt())?;
    if let Err(refusal) = decide(&route.facts(true, Some(&held.batch.reservation)), now) {
        return Ok(Err(refusal));
    }
    if !what.counts.balance() {
        return Err(TxError::Invariant(format!("the counts of {} do not balance", held.batch.id)));
    }
    let mut batch = held.batch.clone();
    bill(tx, &route, &batch, &what.counts, now)?;
    batch.state = BatchState::Settled;
    batch.counts = Some(what.counts);
    batch.ended_at = Some(now);
    put_batch(tx, scope, &batch)?;
    let place = PullPlace { lineage: batch.lineage, sequence: batch.sequence };
    let page = PullPage {
        batch: batch.id,
        run: batch.run,
        blob: what.blob,
        digest: what.digest,
        more: what.more,
        goes_on: what.goes_on,
        counts: what.counts,
        settled_at: now,
    };
    grow(tx, scope, what.grown.as_ref())?;
    tx.put::<PullPages>(&scope, &(batch.transfer, place), &page)?;
    if let Some(RoutePull { pull, .. }) = held.route.destination.pull() {
        tx.put::<Pulls>(&scope, &pull.id, pull)?;
    }
    end_run(tx, route, held, what, now)?;
    Ok(Ok((page, place)))
}

/// The run of a page ends with it.
fn end_run(tx: &mut Tx<'_>, route: Route, held: &Held, what: &PullSettled, now: Timestamp) -> Result<(), TxError> {
    let scope = route.scope;
    // The balances that the page's entry changed are read again.
    let mut route = Route { progress: route.progress.clone(), ..gather(tx, scope, route.transfer.id, now)? };
    let attempt = held.batch.reservation.attempt();
    bill_requests(tx, &mut route, (held.run.id, attempt), what.requests, now)?;
    let mut run = tx.need::<Runs>(&scope, &(held.run.transfer, held.run.id))?;
    run.counts.add(&what.counts);
    run.batches += 1;
    run.note_attempt(what.requests, None, now);
    // The first page of a new reading takes the place of the reading before.
    if held.batch.lineage != route.progress.lineage {
        route.progress.cursor = None;
    }
    (route.progress.lineage, route.progress.sequence) = (held.batch.lineage, held.batch.sequence);
    advance_to(&mut route.progress, what.checkpoint.as_ref());
    conclude(&mut run, &mut route.progress, &Ending::Succeeded, now);
    put_run(tx, scope, &run)?;
    put_progress(tx, scope, &run, &route.progress)
}

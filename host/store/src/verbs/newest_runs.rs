//! Runs of a customer or of a whole tenant, the newest first, without reading every transfer.

use weighbridge_model::id::{CustomerId, RunId, TransferId};
use weighbridge_model::run::Run;

use super::forget::count;
use crate::error::{TxError, WriteError};
use crate::key::NewestFirst;
use crate::scope::{CustomerScope, TenantScope};
use crate::store::Store;
use crate::tables::{RunPlace, Runs, RunsOfCustomer, RunsOfTenant};
use crate::tx::Tx;

/// So many rows are looked at, and changed at most, in one transaction.
const STEP: usize = 300;
/// The most places that are looked through for the runs of one transfer.
const PLACES_MAX: usize = 2_000;

/// Which runs a step reads.
#[derive(Clone, Copy, Debug)]
pub struct RunsBefore {
    /// Of this tenant.
    pub tenant: TenantScope,
    /// Of this customer only.
    pub customer: Option<CustomerId>,
    /// Older than this one.
    pub before: Option<RunId>,
}

/// A step of them.
#[derive(Debug)]
pub struct NewestRuns {
    /// The runs with whose they are, the newest first.
    pub runs: Vec<(CustomerScope, Run)>,
    /// Before which the next step goes on; nothing after the last one.
    pub after: Option<RunId>,
}

/// At most so many runs; one whose customer is being deleted may be gone already.
pub fn newest_runs(tx: &Tx<'_>, of: RunsBefore, limit: usize) -> Result<NewestRuns, TxError> {
    let before = of.before.map(NewestFirst);
    let found = match of.customer {
        Some(customer) => tx.scan::<RunsOfCustomer>(&of.tenant.customer(customer), before.as_ref(), limit)?,
        None => tx.scan::<RunsOfTenant>(&of.tenant, before.as_ref(), limit)?,
    };
    let after = found.last().map(|(NewestFirst(id), _)| *id).filter(|_| found.len() == limit);
    let run = |(NewestFirst(id), place): (NewestFirst, RunPlace)| {
        let scope = of.tenant.customer(place.customer);
        let run = tx.get::<Runs>(&scope, &(place.transfer, id)).transpose()?;
        Some(run.map(|run| (scope, run)))
    };
    Ok(NewestRuns { runs: found.into_iter().filter_map(run).collect::<Result<_, _>>()?, after })
}

/// The newest runs of one transfer, at most so many. Nothing where they would have to be looked for among too many others.
pub fn newest_runs_of(
    tx: &Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    limit: usize,
) -> Result<Option<Vec<Run>>, TxError> {
    let places = tx.scan::<RunsOfCustomer>(&scope, None, PLACES_MAX)?;
    let is_all = places.len() < PLACES_MAX;
    let own = places.into_iter().filter(|(_, place)| place.transfer == transfer).take(limit);
    let runs = own.filter_map(|(NewestFirst(id), _)| tx.get::<Runs>(&scope, &(transfer, id)).transpose());
    let runs: Vec<Run> = runs.collect::<Result<_, _>>()?;
    Ok((is_all || runs.len() == limit).then_some(runs))
}

/// One run of a customer's.
pub fn run_of_customer(tx: &Tx<'_>, scope: CustomerScope, id: RunId) -> Result<Option<Run>, TxError> {
    let Some(place) = tx.get::<RunsOfCustomer>(&scope, &NewestFirst(id))? else { return Ok(None) };
    tx.get::<Runs>(&scope, &(place.transfer, id))
}

/// A run is found among the newest of its customer and of its tenant.
pub(crate) fn list_run(tx: &mut Tx<'_>, scope: CustomerScope, transfer: TransferId, run: RunId) -> Result<(), TxError> {
    let (key, place) = (NewestFirst(run), RunPlace { customer: scope.id(), transfer });
    tx.put::<RunsOfTenant>(&scope.tenant(), &key, &place)?;
    tx.put::<RunsOfCustomer>(&scope, &key, &place)
}

/// Takes a deleted customer's runs off its tenant's list; what they are found by is its own list, which goes later.
pub async fn forget_runs(store: &Store, scope: CustomerScope) -> Result<(), WriteError> {
    let mut after = None;
    loop {
        let step = store.read(|tx| tx.scan::<RunsOfCustomer>(&scope, after.as_ref(), STEP)).map_err(|error| error.0)?;
        after = step.last().map(|(key, _)| *key);
        let is_last = step.len() < STEP;
        let forget = move |tx: &mut Tx<'_>| {
            let mut forgotten = 0;
            for (key, _) in &step {
                forgotten += usize::from(tx.get::<RunsOfTenant>(&scope.tenant(), key)?.is_some());
                tx.remove::<RunsOfTenant>(&scope.tenant(), key)?;
            }
            count(tx, scope, <RunsOfTenant as crate::Table>::NUMBER, forgotten)
        };
        store.write(forget).await?;
        if is_last {
            return Ok(());
        }
    }
}

/// What a step forgot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldRuns {
    /// How many runs.
    pub forgotten: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// Forgets runs of a tenant that ended and are older than one of this id: at most so many, with what connectors said in
/// them. What they moved stays in the ledger.
pub async fn forget_old_runs(
    store: &Store,
    tenant: TenantScope,
    before: RunId,
    limit: usize,
) -> Result<OldRuns, WriteError> {
    let forget = move |tx: &mut Tx<'_>| {
        let places = tx.scan::<RunsOfTenant>(&tenant, Some(&NewestFirst(before)), limit)?;
        let mut forgotten = 0;
        for (key, place) in &places {
            let scope = tenant.customer(place.customer);
            let goes_on = tx.get::<Runs>(&scope, &(place.transfer, key.0))?.is_some_and(|run| run.ended_at.is_none());
            if !goes_on {
                tx.remove::<Runs>(&scope, &(place.transfer, key.0))?;
                tx.remove::<RunsOfCustomer>(&scope, key)?;
                tx.remove::<RunsOfTenant>(&tenant, key)?;
                forgotten += 1;
            }
        }
        Ok(OldRuns { forgotten, more: forgotten > 0 && places.len() == limit })
    };
    Ok(store.write(forget).await?.into_inner())
}

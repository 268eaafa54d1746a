//! Take out of the store what a deleted customer left, in steps; each step is counted in the transaction that does it.

use weighbridge_model::id::{BatchId, BlobId};

use crate::error::{TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::table::Table;
use crate::tables::{self, Audit, Batches, Deletions, Logins, OnDeletion};
use crate::tx::{Found, Tx};

/// So many rows are looked at, and changed at most, in one transaction.
const STEP: usize = 500;

/// Removes every row of a customer from the tables that declare that they are swept.
pub async fn sweep(store: &Store, scope: CustomerScope) -> Result<(), WriteError> {
    for table in tables::ALL.iter().filter(|table| table.on_deletion == OnDeletion::Swept) {
        let number = table.number;
        let clear = move |tx: &mut Tx<'_>| {
            let cleared = tx.clear(number, scope, STEP)?;
            count(tx, scope, number, cleared)?;
            Ok(cleared)
        };
        while store.write(clear).await?.into_inner() == STEP {}
    }
    Ok(())
}

/// Removes the rows of one table that are the customer's.
pub async fn forget_where<T>(
    store: &Store,
    customer: CustomerScope,
    scope: T::Scope,
    is_its: impl Fn(&T::Key, &T::Row) -> bool + Send,
) -> Result<(), WriteError>
where
    T: Table + 'static,
    T::Scope: Send + 'static,
    T::Key: Clone + Send + 'static,
{
    let mut after = None;
    loop {
        let step = step_of::<T>(store, scope, after.as_ref())?;
        let its = step.iter().filter(|(key, row)| is_its(key, row)).map(|(key, _)| key.clone()).collect::<Vec<_>>();
        if !its.is_empty() {
            let remove = move |tx: &mut Tx<'_>| {
                its.iter().try_for_each(|key| tx.remove::<T>(&scope, key))?;
                count(tx, customer, T::NUMBER, its.len())
            };
            store.write(remove).await?;
        }
        let is_last = step.len() < STEP;
        after = step.into_iter().next_back().map(|(key, _)| key);
        if is_last {
            return Ok(());
        }
    }
}

/// Takes the customer's accounts off all addresses; an address that opens nothing else is forgotten.
pub async fn close_logins(store: &Store, scope: CustomerScope) -> Result<(), WriteError> {
    let (tenant, mut after) = (scope.tenant(), None);
    loop {
        let step = step_of::<Logins>(store, tenant, after.as_ref())?;
        after = step.last().map(|(key, _)| *key);
        let opens = |row: &<Logins as Table>::Row| row.opens.iter().any(|one| one.customer == Some(scope.id()));
        let its: Vec<_> = step.iter().filter(|(_, row)| opens(row)).map(|(key, _)| *key).collect();
        if !its.is_empty() {
            let close = move |tx: &mut Tx<'_>| its.iter().try_for_each(|key| close_login(tx, scope, key));
            store.write(close).await?;
        }
        if step.len() < STEP {
            return Ok(());
        }
    }
}

fn close_login(tx: &mut Tx<'_>, scope: CustomerScope, key: &<Logins as Table>::Key) -> Result<(), TxError> {
    let tenant = scope.tenant();
    let Some(mut login) = tx.get::<Logins>(&tenant, key)? else { return Ok(()) };
    login.opens.retain(|one| one.customer != Some(scope.id()));
    count(tx, scope, Logins::NUMBER, 1)?;
    if login.opens.is_empty() { tx.remove::<Logins>(&tenant, key) } else { tx.put::<Logins>(&tenant, key, &login) }
}

/// A step of a customer's batches that still have something sealed, or blobs.
#[derive(Debug)]
pub struct FullBatches {
    /// Their ids.
    pub ids: Vec<BatchId>,
    /// Their blobs: these are dropped first, so that none is forgotten.
    pub blobs: Vec<BlobId>,
    /// Where the next step goes on; nothing after the last one.
    pub after: Option<BatchId>,
}

/// Looks at so many of a customer's batches.
pub fn full_batches(tx: &Tx<'_>, scope: CustomerScope, after: Option<BatchId>) -> Result<FullBatches, TxError> {
    let step = tx.scan::<Batches>(&scope, after.as_ref(), STEP)?;
    let after = step.last().map(|(id, _)| *id).filter(|_| step.len() == STEP);
    let full = || step.iter().filter(|(_, row)| row.start.is_some() || row.dispatch.is_some());
    let blobs = full().filter_map(|(_, row)| Some(row.dispatch.as_ref()?.blob)).collect();
    Ok(FullBatches { ids: full().map(|(id, _)| *id).collect(), blobs, after })
}

/// Takes what is sealed out of batches, and what tells of their lines.
pub async fn empty_batches(store: &Store, scope: CustomerScope, ids: Vec<BatchId>) -> Result<(), WriteError> {
    let empty = move |tx: &mut Tx<'_>| {
        ids.iter().try_for_each(|id| empty_batch(tx, scope, *id))?;
        count(tx, scope, Batches::NUMBER, ids.len())
    };
    store.write(empty).await.map(|_| ())
}

fn empty_batch(tx: &mut Tx<'_>, scope: CustomerScope, id: BatchId) -> Result<(), TxError> {
    let mut row = tx.need::<Batches>(&scope, &id)?;
    (row.start, row.dispatch) = (None, None);
    tx.put::<Batches>(&scope, &id, &row)
}

/// Takes the texts about a customer out of its tenant's audit log. Their digests stay, so that the chain still verifies.
pub async fn empty_audit(store: &Store, scope: CustomerScope) -> Result<(), WriteError> {
    let (tenant, mut after) = (scope.tenant(), None);
    loop {
        let step = step_of::<Audit>(store, tenant, after.as_ref())?;
        let is_about = |row: &<Audit as Table>::Row| row.customer == Some(scope.id()) && row.detail.is_some();
        let about: Vec<u64> = step.iter().filter(|(_, row)| is_about(row)).map(|(number, _)| *number).collect();
        if !about.is_empty() {
            let empty = move |tx: &mut Tx<'_>| about.iter().try_for_each(|number| empty_line(tx, scope, *number));
            store.write(empty).await?;
        }
        after = step.last().map(|(number, _)| *number);
        if step.len() < STEP {
            return Ok(());
        }
    }
}

fn empty_line(tx: &mut Tx<'_>, scope: CustomerScope, number: u64) -> Result<(), TxError> {
    let mut row = tx.need::<Audit>(&scope.tenant(), &number)?;
    row.detail = None;
    count(tx, scope, Audit::NUMBER, 1)?;
    tx.put::<Audit>(&scope.tenant(), &number, &row)
}

fn step_of<T: Table>(
    store: &Store,
    scope: T::Scope,
    after: Option<&T::Key>,
) -> Result<Found<T::Key, T::Row>, WriteError> {
    store.read(|tx| tx.scan::<T>(&scope, after, STEP)).map_err(|error| error.0.into())
}

/// What the receipt will say.
pub(super) fn count(tx: &mut Tx<'_>, scope: CustomerScope, table: u8, rows: usize) -> Result<(), TxError> {
    let Some(mut deletion) = tx.get::<Deletions>(&scope.tenant(), &scope.id())? else { return Ok(()) };
    deletion.count(table, rows as u64);
    tx.put::<Deletions>(&scope.tenant(), &scope.id(), &deletion)
}

//! What the store has of a site's transfers, read as it lies on the disk.

use std::collections::BTreeMap;
use std::path::Path;

use weighbridge_model::batch::Batch;
use weighbridge_model::id::TransferId;
use weighbridge_model::meter::Entry;
use weighbridge_model::run::Run;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{
    Batches, DeadLetters, Endpoints, Entries, Occurrence, Occurrences, Progresses, Runs, Transfers, Unfinished,
};
use weighbridge_store::{Access, CustomerScope, Found, HostScope, Store, Table, Tx, TxError};

use super::told;

/// So many rows are looked at in one step.
const STEP: usize = 5_000;

/// What the store has of one transfer.
#[derive(Debug, Default)]
pub struct Moved {
    /// Its runs, the oldest first.
    pub runs: Vec<Run>,
    /// Its batches.
    pub batches: Vec<Batch>,
    /// What was billed for it.
    pub entries: Vec<Entry>,
    /// What became of its occurrences.
    pub occurrences: BTreeMap<Timestamp, Occurrence>,
    /// How many of its records were rejected and are kept.
    pub rejected: u64,
}

/// Everything that the comparison asks for.
#[derive(Debug, Default)]
pub struct Rows {
    /// By the transfer's number.
    pub moved: BTreeMap<usize, Moved>,
    /// Transfers that something is left to do for.
    pub unfinished: usize,
    /// Those of them whose run has not ended. A run that failed may leave a batch in doubt for the next one.
    pub running: usize,
}

impl Rows {
    /// Reads a store that nobody writes.
    pub fn read(store: &Path) -> Result<Self, String> {
        let store = Store::open(store, Access::Read).map_err(told)?;
        store.read(Self::of).map_err(told)
    }

    fn of(tx: &Tx<'_>) -> Result<Self, TxError> {
        let host = HostScope::new();
        let unfinished = all_keys::<Unfinished>(tx, host)?;
        let mut rows = Self { unfinished: unfinished.len(), ..Self::default() };
        for (_, (tenant, customer, transfer)) in unfinished {
            let progress = tx.get::<Progresses>(&host.tenant(tenant).customer(customer), &transfer)?;
            rows.running += usize::from(progress.is_some_and(|progress| progress.run.is_some()));
        }
        let transfers = all_keys::<Transfers>(tx, host)?;
        let mut numbers = BTreeMap::new();
        for (scope, id) in &transfers {
            let Some(transfer) = tx.get::<Transfers>(scope, id)? else { continue };
            let endpoint = tx.get::<Endpoints>(scope, &transfer.source)?;
            let stream = endpoint.and_then(|endpoint| endpoint.place).map(|place| place.stream);
            let number = stream.and_then(|stream| stream.as_str().get(1..)?.parse::<usize>().ok());
            numbers.extend(number.map(|number| (*id, number)));
        }
        let scopes: std::collections::BTreeSet<_> = transfers.into_iter().map(|(scope, _)| scope).collect();
        scopes.into_iter().try_for_each(|scope| rows.gather(tx, scope, &numbers))?;
        Ok(rows)
    }

    fn gather(
        &mut self,
        tx: &Tx<'_>,
        scope: CustomerScope,
        numbers: &BTreeMap<TransferId, usize>,
    ) -> Result<(), TxError> {
        let mut of = |transfer: &TransferId, keep: &mut dyn FnMut(&mut Moved)| {
            if let Some(number) = numbers.get(transfer) {
                keep(self.moved.entry(*number).or_default());
            }
        };
        for (_, run) in all::<Runs>(tx, scope)? {
            of(&run.transfer, &mut |moved| moved.runs.push(run.clone()));
        }
        for (_, batch) in all::<Batches>(tx, scope)? {
            of(&batch.transfer, &mut |moved| moved.batches.push(batch.clone()));
        }
        for (_, entry) in all::<Entries>(tx, scope)? {
            of(&entry.transfer, &mut |moved| moved.entries.push(entry.clone()));
        }
        for ((transfer, at), occurrence) in all::<Occurrences>(tx, scope)? {
            of(&transfer, &mut |moved| drop(moved.occurrences.insert(at, occurrence.clone())));
        }
        for ((transfer, _), _) in all::<DeadLetters>(tx, scope)? {
            of(&transfer, &mut |moved| moved.rejected += 1);
        }
        Ok(())
    }
}

/// All rows of a customer in a table.
fn all<T: Table<Scope = CustomerScope>>(tx: &Tx<'_>, scope: CustomerScope) -> Result<Found<T::Key, T::Row>, TxError> {
    let mut found = Vec::new();
    loop {
        let step = tx.scan::<T>(&scope, found.last().map(|(key, _)| key), STEP)?;
        let is_last = step.len() < STEP;
        found.extend(step);
        if is_last {
            return Ok(found);
        }
    }
}

/// All keys of a table.
fn all_keys<T: Table>(tx: &Tx<'_>, host: HostScope) -> Result<Found<T::Scope, T::Key>, TxError> {
    let mut found: Found<T::Scope, T::Key> = Vec::new();
    loop {
        let step = tx.keys::<T>(host, found.last(), STEP)?;
        let is_last = step.len() < STEP;
        found.extend(step);
        if is_last {
            return Ok(found);
        }
    }
}

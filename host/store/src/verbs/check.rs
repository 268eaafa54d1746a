//! Does the ledger balance? For every quota, by scan: held = Σ open reservations, spent = Σ entries.

use std::collections::BTreeMap;

use weighbridge_model::batch::Batch;
use weighbridge_model::id::{CustomerId, ExternalServiceId};
use weighbridge_model::meter::{Amounts, Balance, Entry, ServicePeriod};
use weighbridge_model::time::Timestamp;

use super::route::WHOLE_TENANT;
use crate::error::TxError;
use crate::scope::{CustomerScope, TenantScope};
use crate::table::Table;
use crate::tables::{Balances, Batches, Customers, Entries, ServiceBalances};
use crate::tx::Tx;

/// A balance that is not the sum of what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imbalance {
    /// Whose; zeros stand for the tenant as a whole.
    pub owner: CustomerId,
    /// The external service whose own balance it is, where it is one's.
    pub service: Option<ExternalServiceId>,
    /// The period's first instant.
    pub period: Timestamp,
    /// What is kept.
    pub kept: Balance,
    /// What the entries and reservations add up to.
    pub summed: Balance,
}

/// Rows looked at in one step.
const STEP: usize = 1_000;

type Owner = (CustomerId, Option<ExternalServiceId>, Timestamp);
type Sums = BTreeMap<Owner, Balance>;

/// Adds up all entries and open reservations of a tenant, and compares.
pub fn check_ledger(tx: &Tx<'_>, tenant: TenantScope) -> Result<Vec<Imbalance>, TxError> {
    let (mut sums, mut kept) = (Sums::new(), Sums::new());
    for (customer, _) in tx.scan::<Customers>(&tenant, None, usize::MAX)? {
        let scope = tenant.customer(customer);
        each::<Batches>(tx, scope, |batch| add_hold(&mut sums, customer, &batch))?;
        each::<Entries>(tx, scope, |entry| add_entry(&mut sums, customer, &entry))?;
        keep_services(tx, scope, &mut kept)?;
    }
    let balances = tx.scan::<Balances>(&tenant, None, usize::MAX)?;
    kept.extend(balances.into_iter().map(|((owner, period), balance)| ((owner, None, period), balance)));
    let owners = sums.keys().chain(kept.keys()).copied().collect::<std::collections::BTreeSet<_>>();
    let of = |sums: &Sums, key| sums.get(key).copied().unwrap_or_default();
    let compared = owners.iter().map(|key| (key, of(&kept, key), of(&sums, key)));
    let differing = compared.filter(|(_, kept, summed)| kept != summed);
    let imbalance = |(&(owner, service, period), kept, summed)| Imbalance { owner, service, period, kept, summed };
    Ok(differing.map(imbalance).collect())
}

/// Looks at every row of a customer in a table, and has a few of them in memory at once.
fn each<T: Table<Scope = CustomerScope>>(
    tx: &Tx<'_>,
    scope: CustomerScope,
    mut look: impl FnMut(T::Row),
) -> Result<(), TxError> {
    let mut after = None;
    loop {
        let step = tx.scan::<T>(&scope, after.as_ref(), STEP)?;
        let is_last = step.len() < STEP;
        for (key, row) in step {
            look(row);
            after = Some(key);
        }
        if is_last {
            return Ok(());
        }
    }
}

fn keep_services(tx: &Tx<'_>, scope: CustomerScope, kept: &mut Sums) -> Result<(), TxError> {
    let balances = tx.scan::<ServiceBalances>(&scope, None, usize::MAX)?;
    kept.extend(balances.into_iter().map(|((id, period), balance)| ((scope.id(), Some(id), period), balance)));
    Ok(())
}

/// Everybody whose quota something counts against.
fn owners(
    customer: CustomerId,
    periods: [Timestamp; 2],
    service: Option<ServicePeriod>,
) -> impl Iterator<Item = Owner> {
    let [whole, own] = [(WHOLE_TENANT, None, periods[0]), (customer, None, periods[1])];
    let service = service.map(|one| (customer, Some(one.service), one.period));
    [whole, own].into_iter().chain(service)
}

fn add_hold(sums: &mut Sums, customer: CustomerId, batch: &Batch) {
    if !batch.state.is_open() {
        return;
    }
    for key in owners(customer, batch.reservation.periods(), batch.reservation.service()) {
        add(&mut sums.entry(key).or_default().held, batch.reservation.hold());
    }
}

fn add_entry(sums: &mut Sums, customer: CustomerId, entry: &Entry) {
    for key in owners(customer, entry.periods, entry.service) {
        add(&mut sums.entry(key).or_default().spent, &entry.amounts);
    }
}

fn add(sum: &mut Amounts, more: &Amounts) {
    *sum = sum.plus(more);
}

//! Does the ledger balance? For every quota, by scan: held = Σ open reservations, spent = Σ entries.

use std::collections::BTreeMap;

use weighbridge_model::batch::Batch;
use weighbridge_model::id::CustomerId;
use weighbridge_model::meter::{Amounts, Balance, Entry};
use weighbridge_model::time::Timestamp;

use super::route::WHOLE_TENANT;
use crate::error::TxError;
use crate::scope::TenantScope;
use crate::tables::{Balances, Batches, Customers, Entries};
use crate::tx::Tx;

/// A balance that is not the sum of what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imbalance {
    /// Whose; zeros stand for the tenant as a whole.
    pub owner: CustomerId,
    /// The period's first instant.
    pub period: Timestamp,
    /// What is kept.
    pub kept: Balance,
    /// What the entries and reservations add up to.
    pub summed: Balance,
}

type Sums = BTreeMap<(CustomerId, Timestamp), Balance>;

/// Adds up all entries and open reservations of a tenant, and compares.
pub fn check_ledger(tx: &Tx<'_>, tenant: TenantScope) -> Result<Vec<Imbalance>, TxError> {
    let mut sums = Sums::new();
    for (customer, _) in tx.scan::<Customers>(&tenant, None, usize::MAX)? {
        let scope = tenant.customer(customer);
        for (_, batch) in tx.scan::<Batches>(&scope, None, usize::MAX)? {
            add_hold(&mut sums, customer, &batch);
        }
        for (_, entry) in tx.scan::<Entries>(&scope, None, usize::MAX)? {
            add_entry(&mut sums, customer, &entry);
        }
    }
    let kept: Sums = tx.scan::<Balances>(&tenant, None, usize::MAX)?.into_iter().collect();
    let owners = sums.keys().chain(kept.keys()).copied().collect::<std::collections::BTreeSet<_>>();
    let of = |sums: &Sums, key| sums.get(key).copied().unwrap_or_default();
    let compared = owners.iter().map(|key| (key, of(&kept, key), of(&sums, key)));
    let differing = compared.filter(|(_, kept, summed)| kept != summed);
    Ok(differing.map(|(&(owner, period), kept, summed)| Imbalance { owner, period, kept, summed }).collect())
}

fn add_hold(sums: &mut Sums, customer: CustomerId, batch: &Batch) {
    if !batch.state.is_open() {
        return;
    }
    let [tenant_period, customer_period] = batch.reservation.periods();
    for key in [(WHOLE_TENANT, tenant_period), (customer, customer_period)] {
        add(&mut sums.entry(key).or_default().held, batch.reservation.hold());
    }
}

fn add_entry(sums: &mut Sums, customer: CustomerId, entry: &Entry) {
    for key in [(WHOLE_TENANT, entry.periods[0]), (customer, entry.periods[1])] {
        add(&mut sums.entry(key).or_default().spent, &entry.amounts);
    }
}

fn add(sum: &mut Amounts, more: &Amounts) {
    *sum = sum.plus(more);
}

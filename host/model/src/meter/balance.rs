//! What is spent and what is on hold, beside what is granted.

use serde::{Deserialize, Serialize};

use super::amounts::{Amounts, Meter};
use super::quota::Quota;
use crate::time::Timestamp;

/// What one owner used in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The sum of its entries.
    pub spent: Amounts,
    /// The sum of its open reservations.
    pub held: Amounts,
}

/// A quota with the balance of the period that `now` lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// What is granted.
    pub quota: Quota,
    /// The period's first instant.
    pub period: Timestamp,
    /// What is used of it.
    pub balance: Balance,
}

impl Account {
    /// What may still be held of a meter; `None` where nothing limits it.
    pub fn left(&self, meter: Meter) -> Option<u64> {
        let used = self.balance.spent.of(meter).saturating_add(self.balance.held.of(meter));
        self.quota.granted(meter).map(|granted| granted.saturating_sub(used))
    }

    /// Whether all that is granted is spent, so that waiting for others' holds would not help.
    pub fn exhausted(&self, meter: Meter) -> bool {
        self.quota.granted(meter).is_some_and(|granted| self.balance.spent.of(meter) >= granted)
    }
}

/// The two owners that every hold counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// The tenant's, over all of its customers.
    pub tenant: Account,
    /// The customer's.
    pub customer: Account,
}

impl Accounts {
    /// Both, the outer one first.
    pub const fn both(&self) -> [&Account; 2] {
        [&self.tenant, &self.customer]
    }

    pub(super) const fn balances(&mut self) -> [&mut Balance; 2] {
        [&mut self.tenant.balance, &mut self.customer.balance]
    }
}

impl Accounts {
    /// The accounts as a batch sees them that has its hold already: without it.
    #[must_use]
    pub fn without(mut self, reservation: &super::Reservation) -> Self {
        let [tenant, customer] = reservation.periods();
        for (account, period) in [(&mut self.tenant, tenant), (&mut self.customer, customer)] {
            if account.period == period {
                let held = account.balance.held.minus(reservation.hold());
                account.balance.held = held.unwrap_or(super::Amounts::ZERO);
            }
        }
        self
    }
}

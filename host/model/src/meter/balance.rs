//! What is spent and what is on hold, beside what is granted.

use serde::{Deserialize, Serialize};

use super::amounts::{Amounts, Meter};
use super::quota::Quota;
use crate::id::ExternalServiceId;
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

    /// Takes a hold of this period away.
    fn give_back(&mut self, period: Timestamp, hold: &Amounts) {
        if self.period == period {
            self.balance.held = self.balance.held.minus(hold).unwrap_or(Amounts::ZERO);
        }
    }

    /// Whether all that is granted is spent, so that waiting for others' holds would not help.
    pub fn exhausted(&self, meter: Meter) -> bool {
        self.quota.granted(meter).is_some_and(|granted| self.balance.spent.of(meter) >= granted)
    }
}

/// An external service, and the first instant of the period of its own quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePeriod {
    /// Which.
    pub service: ExternalServiceId,
    /// Its period's first instant.
    pub period: Timestamp,
}

/// The account of an external service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Which service.
    pub id: ExternalServiceId,
    /// What it may use, and used.
    pub account: Account,
}

impl ServiceAccount {
    /// The service and the period, as entries name them.
    pub const fn period(&self) -> ServicePeriod {
        ServicePeriod { service: self.id, period: self.account.period }
    }
}

/// The owners that every hold counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// The tenant's, over all of its customers.
    pub tenant: Account,
    /// The customer's.
    pub customer: Account,
    /// For a pull, the external service's.
    pub service: Option<ServiceAccount>,
}

impl Accounts {
    /// All of them, the outer ones first.
    pub fn all(&self) -> impl Iterator<Item = &Account> {
        [&self.tenant, &self.customer].into_iter().chain(self.service.as_ref().map(|service| &service.account))
    }

    pub(super) fn balances(&mut self) -> impl Iterator<Item = &mut Balance> {
        let service = self.service.as_mut().map(|service| &mut service.account);
        [&mut self.tenant, &mut self.customer].into_iter().chain(service).map(|account| &mut account.balance)
    }

    /// The first instants of the tenant's and the customer's period.
    pub const fn periods(&self) -> [Timestamp; 2] {
        [self.tenant.period, self.customer.period]
    }

    /// The external service's period, for a pull.
    pub fn service_period(&self) -> Option<ServicePeriod> {
        self.service.as_ref().map(ServiceAccount::period)
    }
}

impl Accounts {
    /// The accounts as a batch sees them that has its hold already: without it.
    #[must_use]
    pub fn without(mut self, reservation: &super::Reservation) -> Self {
        let [tenant, customer] = reservation.periods();
        self.tenant.give_back(tenant, reservation.hold());
        self.customer.give_back(customer, reservation.hold());
        if let (Some(service), Some(own)) = (&mut self.service, reservation.service())
            && service.id == own.service
        {
            service.account.give_back(own.period, reservation.hold());
        }
        self
    }
}

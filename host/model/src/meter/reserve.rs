//! Hold what a batch may cost.

use serde::{Deserialize, Serialize};

use super::amounts::Amounts;
use super::balance::{Accounts, ServicePeriod};
use crate::gate::Permit;
use crate::id::BatchId;
use crate::time::Timestamp;

/// A hold on both quotas, in the name of one batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    batch: BatchId,
    attempt: u64,
    hold: Amounts,
    by_quota: bool,
    tenant_period: Timestamp,
    customer_period: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<ServicePeriod>,
}

impl Reservation {
    /// The batch it is for.
    pub const fn batch(&self) -> BatchId {
        self.batch
    }

    /// The attempt that may use it.
    pub const fn attempt(&self) -> u64 {
        self.attempt
    }

    /// What is on hold.
    pub const fn hold(&self) -> &Amounts {
        &self.hold
    }

    /// Whether a quota left less than the batch limit.
    pub const fn by_quota(&self) -> bool {
        self.by_quota
    }

    /// The first instants of the tenant's and the customer's period that it counts in.
    pub const fn periods(&self) -> [Timestamp; 2] {
        [self.tenant_period, self.customer_period]
    }

    /// The external service whose own quota it counts against too.
    pub const fn service(&self) -> Option<ServicePeriod> {
        self.service
    }

    /// The same hold, used by a newer attempt.
    #[must_use]
    pub const fn taken_over(mut self, attempt: u64) -> Self {
        self.attempt = attempt;
        self
    }

    pub(super) const fn add(&mut self, more: &Amounts) {
        self.hold = self.hold.plus(more);
    }
}

/// Holds what the permit allows on both accounts.
pub fn reserve(permit: Permit, batch: BatchId, attempt: u64, accounts: &mut Accounts) -> Reservation {
    let (hold, by_quota) = permit.into_parts();
    for balance in accounts.balances() {
        balance.held = balance.held.plus(&hold);
    }
    Reservation {
        batch,
        attempt,
        hold,
        by_quota,
        tenant_period: accounts.tenant.period,
        customer_period: accounts.customer.period,
        service: accounts.service_period(),
    }
}

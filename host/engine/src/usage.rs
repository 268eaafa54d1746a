//! What was used, beside what was granted.

use weighbridge_model::id::CustomerId;
use weighbridge_model::meter::{Balance, Quota};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Balances, Customers, Tenants};
use weighbridge_store::verbs::{Imbalance, check_ledger};
use weighbridge_store::{ChainFault, TenantScope, check_chain};
use weighbridge_vault::Owner;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// What one owner used in one period.
#[derive(Clone, Debug)]
pub struct UsageLine {
    /// The customer's name; none is the tenant as a whole.
    pub customer: Option<String>,
    /// The period's first instant.
    pub period: Timestamp,
    /// What is spent and on hold.
    pub balance: Balance,
    /// What is granted.
    pub quota: Quota,
}

/// The most lines of one list.
const LINES_MAX: usize = 10_000;

impl Engine {
    /// What a tenant and its customers used, by period.
    pub fn usage(&self, tenant: Option<&str>) -> Result<Vec<UsageLine>, EngineError> {
        let scope = self.find_tenant(tenant)?;
        let balances = self.host.store.read(|tx| tx.scan::<Balances>(&scope, None, LINES_MAX))?;
        balances.into_iter().map(|((owner, period), balance)| self.line(scope, owner, period, balance)).collect()
    }

    fn line(
        &self,
        scope: TenantScope,
        owner: CustomerId,
        period: Timestamp,
        balance: Balance,
    ) -> Result<UsageLine, EngineError> {
        let tenant = self.host.store.read(|tx| tx.need::<Tenants>(&scope, &()))?;
        if owner.as_bytes() == &[0; 16] {
            return Ok(UsageLine { customer: None, period, balance, quota: tenant.quota });
        }
        let customer = self.host.store.read(|tx| tx.need::<Customers>(&scope, &owner))?;
        let name = self.customer_name(scope.customer(owner), &customer)?;
        Ok(UsageLine { customer: Some(name), period, balance, quota: customer.quota })
    }

    /// Where the ledger of a tenant does not balance; nowhere, unless this program has a fault.
    pub fn check_ledger(&self, tenant: Option<&str>) -> Result<Vec<Imbalance>, EngineError> {
        let scope = self.find_tenant(tenant)?;
        Ok(self.host.store.read(|tx| check_ledger(tx, scope))?)
    }

    /// What is wrong with the chain over the ledger's entries; nothing, unless somebody changed them.
    pub fn check_chain(&self) -> Result<Option<ChainFault>, EngineError> {
        Ok(self.host.store.read(check_chain)?)
    }

    /// The tenant's name.
    pub fn tenant_name(&self, scope: TenantScope) -> Result<String, EngineError> {
        let tenant = self.host.store.read(|tx| tx.need::<Tenants>(&scope, &()))?;
        let id = scope.id();
        Texts::new(&self.host.ring, Owner::Tenant(id), id.as_bytes()).open_text("name", &tenant.name)
    }
}

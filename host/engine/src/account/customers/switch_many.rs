//! Switch many customers off or on in one go. Off asks to be confirmed, and says what stops.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, authorize, kinds};
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::id::CustomerId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::TenantScope;

use super::switch::{ActivateCustomer, DeactivateCustomer};
use crate::engine::Engine;

/// Which customers, and which way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchCustomers {
    /// The customers; at most 200 at once.
    pub customers: Vec<CustomerId>,
    /// Whether they are to be active.
    pub active: bool,
    /// The date (midnight in the tenant's zone) or instant from which they are active again.
    #[serde(default)]
    pub until: Option<String>,
    /// Why, for whoever looks later.
    #[serde(default)]
    pub reason: Option<String>,
    /// That what stops was read.
    #[serde(default)]
    pub confirm: bool,
}

/// What was switched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomersSwitched {
    /// The customers; those that stood so already are not among them.
    pub switched: Vec<CustomerId>,
}

const CUSTOMERS_MAX: usize = 200;

impl Engine {
    /// Switches many customers, each in a transaction of its own: one that went meanwhile does not keep the others.
    pub async fn switch_customers(
        &self,
        may: &Permission<kinds::CustomersSwitch>,
        switch: &SwitchCustomers,
    ) -> Result<CustomersSwitched, Problem> {
        if switch.customers.is_empty() || switch.customers.len() > CUSTOMERS_MAX {
            return Err(Problem::invalid("customers", format!("name 1 to {CUSTOMERS_MAX} of them")));
        }
        let mut turned = Vec::new();
        for id in &switch.customers {
            let one = authorize::<kinds::CustomerSwitch>(may.actor(), (may.place(), *id))?;
            let (row, _) = self.customer_and_zone(TenantScope::of(may).customer(*id))?;
            let is_turned = match row.status_at(self.now()) {
                CustomerStatus::Active => !switch.active,
                // Whoever is inactive until another day is switched anew.
                CustomerStatus::Inactive => switch.active || switch.until.is_some(),
                CustomerStatus::Deleting | CustomerStatus::Deleted => false,
            };
            if is_turned {
                turned.push((one, row));
            }
        }
        if !switch.active && !switch.confirm && !turned.is_empty() {
            let scope = TenantScope::of(may);
            let names = turned.iter().map(|(_, row)| self.customer_name(scope.customer(row.id), row));
            let names = names.collect::<Result<Vec<_>, _>>()?;
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", names));
        }
        let how = DeactivateCustomer { until: switch.until.clone(), reason: switch.reason.clone() };
        for (one, _) in &turned {
            match switch.active {
                true => self.activate_customer(one, &ActivateCustomer {}, None).await?,
                false => self.deactivate_customer(one, &how, None).await?,
            };
        }
        Ok(CustomersSwitched { switched: turned.iter().map(|(_, row)| row.id).collect() })
    }
}

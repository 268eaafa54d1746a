//! A customer, as people see it.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::customer::{Contact, Customer, CustomerStatus};
use weighbridge_model::id::{CustomerId, TenantId, WorkflowId};
use weighbridge_model::meter::Quota;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::self_managed::Policy;
use weighbridge_model::time::Zone;
use weighbridge_store::tables::{Customers, Tenants};
use weighbridge_store::{CustomerScope, HostScope, TenantScope};

use crate::account::inputs::open_some;
use crate::account::view::{At, WindowView, etag};
use crate::audit::actor_word;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// A customer, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomerView {
    /// Its id.
    pub id: CustomerId,
    /// What it is called.
    pub name: String,
    /// Its number in the partner's own system.
    pub external_id: Option<String>,
    /// Words to find it by.
    pub labels: Vec<String>,
    /// Whom to ask.
    pub contact: Contact,
    /// Whether anything of it may move.
    pub status: CustomerStatus,
    /// When an inactive customer is active again by itself.
    pub active_from: Option<At>,
    /// Why it was deactivated.
    pub inactive_reason: Option<String>,
    /// Who deactivated it.
    pub inactive_by: Option<String>,
    /// From when to when.
    pub window: WindowView,
    /// What it may use.
    pub quota: Quota,
    /// The template that was applied to it.
    pub workflow: Option<WorkflowId>,
    /// The connectors that its own connected systems use.
    pub connectors: Vec<String>,
    /// Whether a connected system or a transfer of it stands still until somebody does something.
    pub needs_attention: bool,
    /// When it was made.
    pub created_at: At,
    /// When it was deleted.
    pub deleted_at: Option<At>,
    /// What it is known by until it is changed.
    pub etag: String,
}

impl Engine {
    /// One customer.
    pub fn customer(&self, may: &Permission<kinds::CustomerRead>) -> Result<CustomerView, Problem> {
        let scope = CustomerScope::of(may);
        let (row, zone) = self.customer_and_zone(scope)?;
        Ok(self.customer_view(scope, &row, &zone)?)
    }

    /// Whether a tenant has this customer.
    pub fn has_customer(&self, tenant: TenantId, customer: CustomerId) -> Result<bool, EngineError> {
        let scope = HostScope::new().tenant(tenant);
        Ok(self.host.store.read(|tx| tx.get::<Customers>(&scope, &customer))?.is_some())
    }

    /// A customer's row and its tenant's zone.
    pub(crate) fn customer_and_zone(&self, scope: CustomerScope) -> Result<(Customer, Zone), Problem> {
        let tenant = scope.tenant();
        let found = self
            .host
            .store
            .read(|tx| Ok((tx.get::<Customers>(&tenant, &scope.id())?, tx.get::<Tenants>(&tenant, &())?)));
        match found.map_err(EngineError::from)? {
            (Some(customer), Some(tenant)) => Ok((customer, tenant.zone)),
            _ => Err(ProblemCode::NotThere.into()),
        }
    }

    /// What a customer is called; of one that is deleted nothing but its id is left.
    pub(crate) fn customer_name(&self, scope: CustomerScope, row: &Customer) -> Result<String, EngineError> {
        if row.status == CustomerStatus::Deleted {
            return Ok(format!("deleted {}", row.id));
        }
        self.host.name_in(scope, row.id.as_bytes(), &row.name)
    }

    /// A tenant's zone.
    pub(crate) fn zone_of(&self, scope: TenantScope) -> Result<Zone, EngineError> {
        let tenant = self.host.store.read(|tx| tx.get::<Tenants>(&scope, &()))?;
        Ok(tenant.map_or(Zone::UTC, |tenant| tenant.zone))
    }

    /// Whether a tenant's customers give third parties access by themselves.
    pub(crate) fn own_services_of(&self, scope: TenantScope) -> Result<Policy, EngineError> {
        let tenant = self.host.store.read(|tx| tx.get::<Tenants>(&scope, &()))?;
        Ok(tenant.map_or(Policy::Deny, |tenant| tenant.own_services))
    }

    pub(crate) fn customer_view(
        &self,
        scope: CustomerScope,
        row: &Customer,
        zone: &Zone,
    ) -> Result<CustomerView, EngineError> {
        let texts = Texts::new(&self.host.ring, customer_owner(scope), row.id.as_bytes());
        let text = |field: &str, sealed: &Option<_>| sealed.as_ref().map(|one| texts.open_text(field, one)).transpose();
        let status = row.status_at(self.host.now());
        let inactivity = row.inactivity.as_ref().filter(|_| status == CustomerStatus::Inactive);
        let known = self.host.roster.known(self, scope)?;
        Ok(CustomerView {
            id: row.id,
            name: self.customer_name(scope, row)?,
            external_id: text("external_id", &row.external_id)?,
            labels: open_some(&texts, "labels", row.labels.as_ref())?,
            contact: open_some(&texts, "contact", row.contact.as_ref())?,
            status,
            active_from: inactivity.and_then(|one| one.until).map(At),
            inactive_reason: text("reason", &inactivity.and_then(|one| one.reason.clone()))?,
            inactive_by: inactivity.map(|one| actor_word(one.by.who)),
            window: WindowView::new(row.window, zone),
            quota: row.quota,
            workflow: row.workflow,
            connectors: known.connectors,
            needs_attention: known.needs_attention,
            created_at: At(row.created_at),
            deleted_at: row.deleted_at.map(At),
            etag: etag(row),
        })
    }
}

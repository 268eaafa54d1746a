//! The customers of a document.

use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::id::{CustomerId, KeyId};
use weighbridge_model::time::Zone;
use weighbridge_store::tables::{Customers, Kind, Named, TenantIndex, Tenants};
use weighbridge_store::{CustomerScope, TenantScope};

use super::error::ApplyError;
use super::named::{check_name, kind_of, random, seal_changed, window};
use super::plan::{ChangeKind, Plan};
use crate::chance;
use crate::document::CustomerDocument;
use crate::texts::{Texts, customer_owner};

pub(super) fn plan(
    plan: &mut Plan<'_>,
    tenant: TenantScope,
    document: &CustomerDocument,
    at: &str,
) -> Result<CustomerScope, ApplyError> {
    check_name(&document.name, at)?;
    let now = plan.host.now();
    let id = match plan.tenant_thing(tenant, Kind::Customer, &document.name)? {
        Some(id) => CustomerId::from_bytes(id),
        None => CustomerId::new(now, random()?),
    };
    let scope = tenant.customer(id);
    plan.host.ring.draft(customer_owner(scope), KeyId::from_bytes(chance::bytes()?), chance::bytes()?);
    let before = plan.get::<Customers>(tenant, id)?;
    if before.as_ref().is_some_and(|one| one.status.is_leaving()) {
        return Err(ApplyError::at(at, "this customer is being deleted; nothing of it can be changed any more"));
    }
    if document.status.is_some_and(CustomerStatus::is_leaving) {
        return Err(ApplyError::at(at, "a document does not delete; use: weighbridge customer delete"));
    }
    let texts = Texts::new(&plan.host.ring, customer_owner(scope), id.as_bytes());
    let zone = plan.get::<Tenants>(tenant, ())?.map_or(Zone::UTC, |tenant| tenant.zone);
    let customer = Customer {
        id,
        tenant: tenant.id(),
        status: document.status.or(before.as_ref().map(|one| one.status)).unwrap_or(CustomerStatus::Inactive),
        window: match &document.window {
            Some(document) => window(document, &zone, at)?,
            None => before.as_ref().map(|one| one.window).unwrap_or_default(),
        },
        name: seal_changed(&texts, "name", before.as_ref().map(|one| &one.name), document.name.as_bytes())?,
        quota: document.quota.or(before.as_ref().map(|one| one.quota)).unwrap_or_default(),
        external_id: before.as_ref().and_then(|one| one.external_id.clone()),
        labels: before.as_ref().and_then(|one| one.labels.clone()),
        contact: before.as_ref().and_then(|one| one.contact.clone()),
        self_managed: before.as_ref().map(|one| one.self_managed.clone()).unwrap_or_default(),
        workflow_version: before.as_ref().map_or(0, |one| one.workflow_version),
        workflow: before.as_ref().and_then(|one| one.workflow),
        inactivity: before.as_ref().filter(|_| document.status.is_none()).and_then(|one| one.inactivity.clone()),
        created_at: before.as_ref().map_or(now, |one| one.created_at),
        deleted_at: None,
    };
    let kind = kind_of(before.as_ref(), &customer);
    plan.about = Some(scope);
    plan.note("customer", &document.name, kind);
    if kind != ChangeKind::Unchanged {
        let hash = plan.tenant_hash(tenant.id(), Kind::Customer, &document.name)?;
        plan.put::<TenantIndex>(tenant, (Kind::Customer.number(), hash), Named { id: *id.as_bytes() })?;
        plan.put::<Customers>(tenant, id, customer)?;
    }
    Ok(scope)
}

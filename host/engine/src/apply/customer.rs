//! The customers of a document.

use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::id::{CustomerId, KeyId};
use weighbridge_model::problem::Problem;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Zone;
use weighbridge_store::tables::{Customers, Kind, Named, TenantIndex, Tenants};
use weighbridge_store::{CustomerScope, TenantScope};

use super::error::ApplyError;
use super::named::{check_name, random, seal_changed, window};
use super::plan::{ChangeKind, Plan};
use super::workflow;
use crate::account::inputs::{self, seal_some};
use crate::chance;
use crate::document::{CustomerDocument, WorkflowDocument};
use crate::texts::{Texts, customer_owner};

/// Plans the row of a customer; where it is new, the workflow that it begins with comes with its scope.
pub(super) fn plan(
    plan: &mut Plan<'_>,
    tenant: TenantScope,
    document: &CustomerDocument,
    at: &str,
) -> Result<(CustomerScope, Option<WorkflowDocument>), ApplyError> {
    check_name(&document.name, at)?;
    plan.within.1 = Some(document.name.clone());
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
    let begun = match (&document.workflow, &before) {
        (Some(name), None) => Some(workflow::find(plan, tenant, name, at)?),
        _ => None,
    };
    let begins = begun.as_ref().map(|(id, version, _)| (*id, *version));
    let zone = plan.get::<Tenants>(tenant, ())?.map_or(Zone::UTC, |tenant| tenant.zone);
    let about = About::plan(&texts, before.as_ref(), document).map_err(|problem| ApplyError::of(at, &problem))?;
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
        external_id: about.external_id,
        labels: about.labels,
        contact: about.contact,
        workflow_version: begins.map_or_else(|| before.as_ref().map_or(0, |one| one.workflow_version), |(_, one)| one),
        workflow: begins.map_or_else(|| before.as_ref().and_then(|one| one.workflow), |(id, _)| Some(id)),
        self_managed: before.as_ref().map(|one| one.self_managed.clone()).unwrap_or_default(),
        inactivity: before.as_ref().filter(|_| document.status.is_none()).and_then(|one| one.inactivity.clone()),
        created_at: before.as_ref().map_or(now, |one| one.created_at),
        deleted_at: None,
    };
    plan.about = Some(scope);
    if plan.note_row("customer", &document.name, (before.as_ref(), &customer)) != ChangeKind::Unchanged {
        let hash = plan.tenant_hash(tenant.id(), Kind::Customer, &document.name)?;
        plan.put::<TenantIndex>(tenant, (Kind::Customer.number(), hash), Named { id: *id.as_bytes() })?;
        plan.put::<Customers>(tenant, id, customer)?;
    }
    Ok((scope, begun.map(|(_, _, template)| template)))
}

/// What a customer is found by, and whom to ask.
struct About {
    external_id: Option<Sealed>,
    labels: Option<Sealed>,
    contact: Option<Sealed>,
}

impl About {
    fn plan(texts: &Texts<'_>, before: Option<&Customer>, document: &CustomerDocument) -> Result<Self, Problem> {
        let kept = |field: fn(&Customer) -> &Option<Sealed>| before.and_then(|one| field(one).as_ref());
        let (external, labels, contact) =
            (kept(|one| &one.external_id), kept(|one| &one.labels), kept(|one| &one.contact));
        Ok(Self {
            external_id: match &document.external_id {
                None => external.cloned(),
                Some(text) => inputs::external_id(texts, text, external)?,
            },
            labels: match &document.labels {
                None => labels.cloned(),
                Some(listed) => seal_some(texts, "labels", labels, &inputs::labels(listed)?)?,
            },
            contact: match &document.contact {
                None => contact.cloned(),
                Some(asked) => {
                    inputs::contact(asked)?;
                    seal_some(texts, "contact", contact, asked)?
                }
            },
        })
    }
}

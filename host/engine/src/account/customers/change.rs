//! Change what a customer is called, found by, asked at, and may use.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::customer::{Contact, Customer};
use weighbridge_model::meter::Quota;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Zone;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Customers, Kind, Named, TenantIndex};
use weighbridge_vault::Owner;

use super::view::CustomerView;
use crate::account::edit::{Edit, if_match};
use crate::account::inputs::{self, seal_some};
use crate::audit::{AuditDetail, FieldChange};
use crate::document::WindowDocument;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// What is to be changed; what is left out stays, and what is empty is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeCustomer {
    /// What it is called.
    pub name: Option<String>,
    /// Its number in the partner's own system.
    pub external_id: Option<String>,
    /// Words to find it by: all of them.
    pub labels: Option<Vec<String>>,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// From when to when.
    pub window: Option<WindowDocument>,
    /// What it may use.
    pub quota: Option<Quota>,
}

impl Engine {
    /// Changes a customer; `seen` is the `etag` that the change was made from.
    pub async fn change_customer(
        &self,
        may: &Permission<kinds::CustomerChange>,
        change: &ChangeCustomer,
        seen: Option<&str>,
    ) -> Result<CustomerView, Problem> {
        let scope = CustomerScope::of(may);
        let zone = self.zone_of(scope.tenant())?;
        let row = self
            .edit(|edit| {
                let before = living(edit, scope)?;
                if_match(seen, &before)?;
                let row = changed(edit, scope, &before, change, &zone)?;
                let (was, is) = (self.customer_view(scope, &before, &zone)?, self.customer_view(scope, &row, &zone)?);
                let detail = AuditDetail { text: is.name.clone(), changes: differences(&was, &is) };
                if !detail.changes.is_empty() {
                    edit.put::<Customers>(scope.tenant(), scope.id(), row.clone());
                    edit.audit(self.audit_customer(scope, may.by(), "customer.changed", detail)?);
                }
                Ok(row)
            })
            .await?;
        Ok(self.customer_view(scope, &row, &zone)?)
    }
}

/// A customer that can still be changed.
pub(crate) fn living(edit: &mut Edit<'_>, scope: CustomerScope) -> Result<Customer, Problem> {
    let row = edit.need::<Customers>(scope.tenant(), scope.id())?;
    if row.status.is_leaving() { Err(ProblemCode::CustomerDeleting.into()) } else { Ok(row) }
}

fn changed(
    edit: &mut Edit<'_>,
    scope: CustomerScope,
    before: &Customer,
    change: &ChangeCustomer,
    zone: &Zone,
) -> Result<Customer, Problem> {
    let texts = Texts::new(&edit.engine.host.ring, customer_owner(scope), before.id.as_bytes());
    let mut row = before.clone();
    if let Some(name) = &change.name
        && texts.open_text("name", &before.name)? != *name
    {
        rename(edit, scope, before, name)?;
        row.name = texts.seal("name", name)?;
    }
    if let Some(text) = &change.external_id {
        row.external_id = inputs::external_id(&texts, text, before.external_id.as_ref())?;
    }
    if let Some(labels) = &change.labels {
        row.labels = seal_some(&texts, "labels", before.labels.as_ref(), &inputs::labels(labels)?)?;
    }
    if let Some(contact) = &change.contact {
        inputs::contact(contact)?;
        row.contact = seal_some(&texts, "contact", before.contact.as_ref(), &contact.kept())?;
    }
    if let Some(window) = &change.window {
        row.window = inputs::window(window, zone)?;
    }
    row.quota = change.quota.unwrap_or(row.quota);
    Ok(row)
}

/// The old name is free for others from now on.
fn rename(edit: &mut Edit<'_>, scope: CustomerScope, before: &Customer, name: &str) -> Result<(), Problem> {
    inputs::name(name)?;
    let (ring, tenant) = (&edit.engine.host.ring, scope.tenant());
    let old = edit.host().name_in(scope, before.id.as_bytes(), &before.name)?;
    let place = |name: &str| {
        let hash = ring.name_hash(Owner::Tenant(tenant.id()), Kind::Customer.word(), name);
        hash.map(|hash| (Kind::Customer.number(), hash)).map_err(EngineError::from)
    };
    let (old, new) = (place(&old)?, place(name)?);
    if edit.read::<TenantIndex>(tenant, new)?.is_some() {
        return Err(Problem::from(ProblemCode::NameTaken).at("name", format!("there is a customer `{name}`")));
    }
    edit.remove::<TenantIndex>(tenant, old);
    edit.put::<TenantIndex>(tenant, new, Named { id: *before.id.as_bytes() });
    Ok(())
}

fn differences(was: &CustomerView, is: &CustomerView) -> Vec<FieldChange> {
    let json = |value: serde_json::Result<String>| value.ok();
    let pairs = [
        ("name", Some(was.name.clone()), Some(is.name.clone())),
        ("external_id", was.external_id.clone(), is.external_id.clone()),
        ("labels", Some(was.labels.join(", ")), Some(is.labels.join(", "))),
        ("contact", json(serde_json::to_string(&was.contact)), json(serde_json::to_string(&is.contact))),
        ("window", was.window.words.clone(), is.window.words.clone()),
        ("quota", json(serde_json::to_string(&was.quota)), json(serde_json::to_string(&is.quota))),
    ];
    pairs.into_iter().filter_map(|(field, before, after)| FieldChange::of(field, before, after)).collect()
}

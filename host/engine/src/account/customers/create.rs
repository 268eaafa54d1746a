//! Make a customer. It begins inactive, and nothing of it moves until a person says so.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::customer::{Contact, Customer, CustomerStatus};
use weighbridge_model::id::{CustomerId, KeyId};
use weighbridge_model::meter::Quota;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::self_managed::CustomerSelfManaged;
use weighbridge_model::time::{Window, Zone};
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{Customers, Kind, Named, TenantIndex};
use weighbridge_vault::Owner;

use super::view::CustomerView;
use crate::account::edit::Edit;
use crate::account::inputs::{self, seal_some};
use crate::chance;
use crate::document::WindowDocument;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// What a customer begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// What it is called; no other customer of the tenant has this name.
    pub name: String,
    /// Its number in the partner's own system.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Whom to ask.
    #[serde(default)]
    pub contact: Contact,
    /// From when to when; always where it is left out.
    #[serde(default)]
    pub window: WindowDocument,
    /// What it may use; not limited where it is left out.
    #[serde(default)]
    pub quota: Quota,
}

impl Engine {
    /// Makes a customer, inactive.
    pub async fn create_customer(
        &self,
        may: &Permission<kinds::CustomersCreate>,
        new: &NewCustomer,
    ) -> Result<CustomerView, Problem> {
        let scope = TenantScope::of(may);
        let zone = self.zone_of(scope)?;
        let row = self
            .edit_with_keys(|edit| {
                let id = CustomerId::new(self.host.now(), chance::bytes()?);
                self.draft_key(scope, id)?;
                let row = plan_customer(edit, scope, &zone, (id, new))?;
                let line = self.audit_customer(
                    scope.customer(row.id),
                    may.by(),
                    "customer.created",
                    new.name.as_str().into(),
                )?;
                edit.audit(line);
                Ok(row)
            })
            .await?;
        Ok(self.customer_view(scope.customer(row.id), &row, &zone)?)
    }
}

impl Engine {
    /// Drafts the data key of a customer that is to be.
    pub(super) fn draft_key(&self, tenant: TenantScope, id: CustomerId) -> Result<(), EngineError> {
        let owner = customer_owner(tenant.customer(id));
        self.host.ring.draft(owner, KeyId::from_bytes(chance::bytes()?), chance::bytes()?);
        Ok(())
    }
}

/// Plans the rows of a new customer, whose data key is drafted.
pub(super) fn plan_customer(
    edit: &mut Edit<'_>,
    tenant: TenantScope,
    zone: &Zone,
    (id, new): (CustomerId, &NewCustomer),
) -> Result<Customer, Problem> {
    let (labels, window) = check(new, zone)?;
    let ring = &edit.engine.host.ring;
    let now = edit.host().now();
    let owner = customer_owner(tenant.customer(id));
    let hash =
        ring.name_hash(Owner::Tenant(tenant.id()), Kind::Customer.word(), &new.name).map_err(EngineError::from)?;
    let place = (Kind::Customer.number(), hash);
    if edit.read::<TenantIndex>(tenant, place)?.is_some() {
        return Err(Problem::from(ProblemCode::NameTaken).at("name", format!("there is a customer `{}`", new.name)));
    }
    let texts = Texts::new(ring, owner, id.as_bytes());
    let row = Customer {
        id,
        tenant: tenant.id(),
        status: CustomerStatus::Inactive,
        window,
        name: texts.seal("name", &new.name)?,
        external_id: inputs::external_id(&texts, new.external_id.as_deref().unwrap_or_default(), None)?,
        labels: seal_some(&texts, "labels", None, &labels)?,
        contact: seal_some(&texts, "contact", None, &new.contact.kept())?,
        workflow: None,
        workflow_version: 0,
        self_managed: CustomerSelfManaged::default(),
        inactivity: None,
        quota: new.quota,
        created_at: now,
        deleted_at: None,
    };
    edit.put::<TenantIndex>(tenant, place, Named { id: *id.as_bytes() });
    edit.put::<Customers>(tenant, id, row.clone());
    Ok(row)
}

/// What a person wrote of it: its labels and its window, where all of it can be kept.
pub(super) fn check(new: &NewCustomer, zone: &Zone) -> Result<(Vec<String>, Window), Problem> {
    inputs::name(&new.name)?;
    inputs::text(new.external_id.as_deref().unwrap_or_default(), "external_id")?;
    inputs::contact(&new.contact)?;
    Ok((inputs::labels(&new.labels)?, inputs::window(&new.window, zone)?))
}

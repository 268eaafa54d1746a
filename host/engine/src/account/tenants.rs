//! Tenants: made by the operator, their settings changed by themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::id::{KeyId, TenantId};
use weighbridge_model::meter::Quota;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::self_managed::{Policy, TenantSelfManaged};
use weighbridge_model::tenant::{Currency, Status, Tenant, UnknownCurrency};
use weighbridge_model::time::Zone;
use weighbridge_store::tables::{TenantNamed, TenantNames, Tenants};
use weighbridge_store::{HostScope, TenantScope};
use weighbridge_vault::Owner;

use super::edit::{Edit, if_match};
use super::inputs;
use super::view::{At, Page, etag};
use crate::audit::{AuditDetail, FieldChange};
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// A tenant, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TenantView {
    /// Its id.
    pub id: TenantId,
    /// What it is called.
    pub name: String,
    /// Whether anything of it may move.
    pub status: Status,
    /// The IANA zone where its midnights are.
    pub zone: String,
    /// The ISO 4217 code of the currency that it is billed in.
    pub currency: Option<String>,
    /// Whether its customers give third parties access by themselves.
    pub own_services: Policy,
    /// What all of its customers together may use.
    pub quota: Quota,
    /// When it was made.
    pub created_at: At,
    /// What it is known by until it is changed.
    pub etag: String,
}

/// What a tenant begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTenant {
    /// What it is called; no other tenant has this name.
    pub name: String,
    /// Whether anything of it may move; `active` where it is left out.
    #[serde(default)]
    pub status: Option<Status>,
    /// An IANA zone; `UTC` where it is left out.
    #[serde(default)]
    pub zone: Option<String>,
    /// An ISO 4217 code such as `PLN`.
    #[serde(default)]
    pub currency: Option<String>,
    /// What all of its customers together may use; not limited where it is left out.
    #[serde(default)]
    pub quota: Quota,
}

/// What is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeTenant {
    /// What it is called.
    pub name: Option<String>,
    /// Whether anything of it may move: the operator's to say.
    pub status: Option<Status>,
    /// An IANA zone.
    pub zone: Option<String>,
    /// An ISO 4217 code.
    pub currency: Option<String>,
    /// Whether its customers give third parties access by themselves: `deny` until it is said.
    pub own_services: Option<Policy>,
    /// What all of its customers together may use: the operator's to say.
    pub quota: Option<Quota>,
}

/// The most tenants on one host that are listed.
const TENANTS_MAX: usize = 10_000;

impl Engine {
    /// All tenants.
    pub fn tenants(&self, _may: &Permission<kinds::TenantsRead>) -> Result<Page<TenantView>, Problem> {
        let host = HostScope::new();
        let rows = self.host.store.read(|tx| {
            let keys = tx.keys::<Tenants>(host, None, TENANTS_MAX)?;
            keys.iter().map(|(scope, ())| tx.need::<Tenants>(scope, &())).collect::<Result<Vec<_>, _>>()
        });
        let rows = rows.map_err(EngineError::from)?;
        let mut items: Vec<_> = rows.iter().map(|row| self.tenant_view(row)).collect::<Result<_, _>>()?;
        items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Page { items, next: None })
    }

    /// Makes a tenant.
    pub async fn create_tenant(
        &self,
        may: &Permission<kinds::TenantsChange>,
        new: &NewTenant,
    ) -> Result<TenantView, Problem> {
        inputs::name(&new.name)?;
        let (zone, currency) = (zone(new.zone.as_deref())?, new.currency.as_deref().map(currency).transpose()?);
        let row = self
            .edit_with_keys(|edit| {
                let now = self.host.now();
                let id = TenantId::new(now, chance::bytes()?);
                self.host.ring.draft(Owner::Tenant(id), KeyId::from_bytes(chance::bytes()?), chance::bytes()?);
                let row = Tenant {
                    id,
                    status: new.status.unwrap_or(Status::Active),
                    zone: zone.clone().unwrap_or(Zone::UTC),
                    currency,
                    name: self.sealed_tenant_name(id, &new.name)?,
                    self_managed: TenantSelfManaged::default(),
                    own_services: Policy::default(),
                    quota: new.quota,
                    created_at: now,
                };
                take_name(edit, id, &new.name)?;
                edit.put::<Tenants>(HostScope::new().tenant(id), (), row.clone());
                edit.audit(self.audit_on_host(may.by(), "tenant.created", new.name.as_str().into())?);
                Ok(row)
            })
            .await?;
        Ok(self.tenant_view(&row)?)
    }

    /// The tenant that somebody belongs to.
    pub fn tenant(&self, may: &Permission<kinds::TenantRead>) -> Result<TenantView, Problem> {
        let found = self.host.store.read(|tx| tx.get::<Tenants>(&TenantScope::of(may), &()));
        let row = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.tenant_view(&row)?)
    }

    /// Changes a tenant's settings, by its own people. What it may use and whether it is in business is the operator's to say.
    pub async fn change_tenant(
        &self,
        may: &Permission<kinds::TenantChange>,
        change: &ChangeTenant,
        seen: Option<&str>,
    ) -> Result<TenantView, Problem> {
        for (at, is_said) in [("status", change.status.is_some()), ("quota", change.quota.is_some())] {
            if is_said {
                let what = "the operator of this host says this, by: weighbridge tenant set";
                return Err(Problem::from(ProblemCode::Role).at(at, what));
            }
        }
        self.change_tenant_row(TenantScope::of(may), may.by(), change, seen).await
    }

    /// Changes anything of a tenant, by the operator.
    pub async fn change_any_tenant(
        &self,
        may: &Permission<kinds::TenantsChange>,
        tenant: TenantId,
        change: &ChangeTenant,
        seen: Option<&str>,
    ) -> Result<TenantView, Problem> {
        self.change_tenant_row(HostScope::new().tenant(tenant), may.by(), change, seen).await
    }

    async fn change_tenant_row(
        &self,
        scope: TenantScope,
        by: ActorRef,
        change: &ChangeTenant,
        seen: Option<&str>,
    ) -> Result<TenantView, Problem> {
        let zone = zone(change.zone.as_deref())?;
        let currency = change.currency.as_deref().map(currency).transpose()?;
        let row = self
            .edit(|edit| {
                let before = edit.need::<Tenants>(scope, ())?;
                if_match(seen, &before)?;
                let was = self.tenant_view(&before)?;
                let mut row = before.clone();
                if let Some(name) = change.name.as_ref().filter(|name| **name != was.name) {
                    inputs::name(name)?;
                    free_name(edit, &was.name)?;
                    take_name(edit, row.id, name)?;
                    row.name = self.sealed_tenant_name(row.id, name)?;
                }
                row.status = change.status.unwrap_or(row.status);
                row.zone = zone.clone().unwrap_or(row.zone);
                row.currency = currency.or(row.currency);
                row.own_services = change.own_services.unwrap_or(row.own_services);
                row.quota = change.quota.unwrap_or(row.quota);
                let is = self.tenant_view(&row)?;
                let detail = AuditDetail { text: is.name.clone(), changes: differences(&was, &is) };
                if !detail.changes.is_empty() {
                    edit.put::<Tenants>(scope, (), row.clone());
                    edit.audit(self.audit_in_tenant(scope, by, "tenant.changed", detail)?);
                }
                Ok(row)
            })
            .await?;
        Ok(self.tenant_view(&row)?)
    }

    fn sealed_tenant_name(&self, id: TenantId, name: &str) -> Result<Sealed, EngineError> {
        Texts::new(&self.host.ring, Owner::Tenant(id), id.as_bytes()).seal("name", name)
    }

    pub(crate) fn tenant_view(&self, row: &Tenant) -> Result<TenantView, EngineError> {
        let texts = Texts::new(&self.host.ring, Owner::Tenant(row.id), row.id.as_bytes());
        Ok(TenantView {
            id: row.id,
            name: texts.open_text("name", &row.name)?,
            status: row.status,
            zone: row.zone.name().to_owned(),
            currency: row.currency.map(|code| code.to_string()),
            own_services: row.own_services,
            quota: row.quota,
            created_at: At(row.created_at),
            etag: etag(row),
        })
    }
}

fn place(edit: &Edit<'_>, name: &str) -> Result<weighbridge_model::name::NameHash, EngineError> {
    Ok(edit.engine.host.ring.name_hash(Owner::Host, "tenant", name)?)
}

fn take_name(edit: &mut Edit<'_>, id: TenantId, name: &str) -> Result<(), Problem> {
    let place = place(edit, name)?;
    if edit.read::<TenantNames>(HostScope::new(), place)?.is_some() {
        return Err(Problem::from(ProblemCode::NameTaken).at("name", format!("there is a tenant `{name}`")));
    }
    edit.put::<TenantNames>(HostScope::new(), place, TenantNamed { id });
    Ok(())
}

fn free_name(edit: &mut Edit<'_>, name: &str) -> Result<(), Problem> {
    let place = place(edit, name)?;
    edit.remove::<TenantNames>(HostScope::new(), place);
    Ok(())
}

fn zone(name: Option<&str>) -> Result<Option<Zone>, Problem> {
    let zone = name.map(Zone::named).transpose();
    zone.map_err(|error| Problem::invalid("zone", error.to_string()))
}

fn currency(code: &str) -> Result<Currency, Problem> {
    code.parse().map_err(|error: UnknownCurrency| Problem::invalid("currency", error.to_string()))
}

fn differences(was: &TenantView, is: &TenantView) -> Vec<FieldChange> {
    let word = |status: Status| Some(format!("{status:?}").to_lowercase());
    let policy = |policy: Policy| Some(format!("{policy:?}").to_lowercase());
    let quota = |view: &TenantView| serde_json::to_string(&view.quota).ok();
    let pairs = [
        ("name", Some(was.name.clone()), Some(is.name.clone())),
        ("status", word(was.status), word(is.status)),
        ("zone", Some(was.zone.clone()), Some(is.zone.clone())),
        ("currency", was.currency.clone(), is.currency.clone()),
        ("own_services", policy(was.own_services), policy(is.own_services)),
        ("quota", quota(was), quota(is)),
    ];
    pairs.into_iter().filter_map(|(field, before, after)| FieldChange::of(field, before, after)).collect()
}

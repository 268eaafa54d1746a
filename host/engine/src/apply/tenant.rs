//! The tenant of a document.

use weighbridge_model::id::{KeyId, TenantId};
use weighbridge_model::tenant::{Status, Tenant, UnknownCurrency};
use weighbridge_model::time::Zone;
use weighbridge_store::tables::{TenantNamed, TenantNames, Tenants};
use weighbridge_store::{HostScope, TenantScope};
use weighbridge_vault::Owner;

use super::error::ApplyError;
use super::named::{check_name, random, seal_changed};
use super::plan::{ChangeKind, Plan};
use crate::chance;
use crate::document::TenantDocument;
use crate::texts::Texts;

pub(super) fn plan(plan: &mut Plan<'_>, document: &TenantDocument, at: &str) -> Result<TenantScope, ApplyError> {
    check_name(&document.name, at)?;
    plan.within = (Some(document.name.clone()), None);
    let host = HostScope::new();
    let hash = plan.host.ring.name_hash(Owner::Host, "tenant", &document.name)?;
    let found = plan.get::<TenantNames>(host, hash)?;
    let now = plan.host.now();
    let id = match found {
        Some(named) => named.id,
        None => TenantId::new(now, random()?),
    };
    let (scope, owner) = (host.tenant(id), Owner::Tenant(id));
    plan.host.ring.draft(owner, KeyId::from_bytes(chance::bytes()?), chance::bytes()?);
    let before = plan.get::<Tenants>(scope, ())?;
    let zone = match &document.zone {
        Some(name) => Zone::named(name).map_err(|error| ApplyError::at(format!("{at}.zone"), error.to_string()))?,
        None => before.as_ref().map_or(Zone::UTC, |tenant| tenant.zone.clone()),
    };
    let texts = Texts::new(&plan.host.ring, owner, id.as_bytes());
    let name = seal_changed(&texts, "name", before.as_ref().map(|tenant| &tenant.name), document.name.as_bytes())?;
    let tenant = Tenant {
        id,
        status: document.status.or(before.as_ref().map(|tenant| tenant.status)).unwrap_or(Status::Active),
        zone,
        currency: match &document.currency {
            Some(code) => Some(
                code.parse()
                    .map_err(|error: UnknownCurrency| ApplyError::at(format!("{at}.currency"), error.to_string()))?,
            ),
            None => before.as_ref().and_then(|tenant| tenant.currency),
        },
        name,
        self_managed: before.as_ref().map(|tenant| tenant.self_managed.clone()).unwrap_or_default(),
        own_services: document.own_services.or(before.as_ref().map(|tenant| tenant.own_services)).unwrap_or_default(),
        quota: document.quota.or(before.as_ref().map(|tenant| tenant.quota)).unwrap_or_default(),
        created_at: before.as_ref().map_or(now, |tenant| tenant.created_at),
    };
    if plan.note_row("tenant", &document.name, (before.as_ref(), &tenant)) != ChangeKind::Unchanged {
        plan.put::<TenantNames>(host, hash, TenantNamed { id })?;
        plan.put::<Tenants>(scope, (), tenant)?;
    }
    Ok(scope)
}

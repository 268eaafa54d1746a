//! Which networks beyond the open internet a tenant's events may be sent to: the operator's to say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_egress::IpNet;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::event::EventSetting;
use weighbridge_model::id::TenantId;
use weighbridge_model::problem::Problem;
use weighbridge_store::tables::{EventSettings, Tenants};
use weighbridge_store::{HostScope, TenantScope};
use weighbridge_vault::Owner;

use crate::account::inputs::{open_some, seal_some};
use crate::audit::{AuditDetail, FieldChange};
use crate::connector::network;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::Texts;

/// All networks beyond the open internet that a tenant's events may be sent to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowEventNetworks {
    /// Networks such as `10.1.0.0/16`; none is the open internet alone.
    pub networks: Vec<String>,
}

/// What a tenant's events may be sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventNetworks {
    /// The networks beyond the open internet.
    pub networks: Vec<String>,
}

impl Engine {
    /// What a tenant's events may be sent to.
    pub fn event_networks(
        &self,
        _may: &Permission<kinds::TenantsRead>,
        tenant: TenantId,
    ) -> Result<EventNetworks, Problem> {
        let scope = HostScope::new().tenant(tenant);
        self.host.store.read(|tx| tx.need::<Tenants>(&scope, &())).map_err(EngineError::from)?;
        let row = self.host.store.read(|tx| tx.get::<EventSettings>(&scope, &())).map_err(EngineError::from)?;
        Ok(EventNetworks { networks: opened(&self.host, scope, &row.unwrap_or_default())? })
    }

    /// Says what a tenant's events may be sent to.
    pub async fn allow_event_networks(
        &self,
        may: &Permission<kinds::TenantsChange>,
        tenant: TenantId,
        allow: &AllowEventNetworks,
    ) -> Result<EventNetworks, Problem> {
        for text in &allow.networks {
            network(text).map_err(|what| Problem::invalid("networks", what))?;
        }
        let scope = HostScope::new().tenant(tenant);
        self.edit(|edit| {
            let tenant = edit.need::<Tenants>(scope, ())?;
            let before = edit.read::<EventSettings>(scope, ())?.unwrap_or_default();
            let was = opened(&self.host, scope, &before)?;
            let texts = Texts::new(&self.host.ring, Owner::Tenant(tenant.id), tenant.id.as_bytes());
            let networks = seal_some(&texts, "event networks", before.networks.as_ref(), &allow.networks)?;
            edit.put::<EventSettings>(scope, (), EventSetting { networks });
            let change = FieldChange::of("networks", Some(was.join(", ")), Some(allow.networks.join(", ")));
            let text = self.tenant_view(&tenant)?.name;
            let detail = AuditDetail { text, changes: change.into_iter().collect() };
            edit.audit(self.audit_in_tenant(scope, may.by(), "tenant.event_networks_changed", detail)?);
            Ok(EventNetworks { networks: allow.networks.clone() })
        })
        .await
    }

    pub(super) fn event_networks_of(&self, scope: TenantScope) -> Result<Vec<IpNet>, EngineError> {
        let row = self.host.store.read(|tx| tx.get::<EventSettings>(&scope, &()))?.unwrap_or_default();
        let texts = opened(&self.host, scope, &row)?;
        texts.iter().map(|text| network(text).map_err(EngineError::Egress)).collect()
    }
}

fn opened(host: &Host, scope: TenantScope, row: &EventSetting) -> Result<Vec<String>, EngineError> {
    let id = scope.id();
    open_some(&Texts::new(&host.ring, Owner::Tenant(id), id.as_bytes()), "event networks", row.networks.as_ref())
}

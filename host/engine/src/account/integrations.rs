//! A tenant's offers of connectors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::IntegrationId;
use weighbridge_model::integration::{EgressGrant, Integration, ProxyUse};
use weighbridge_model::name::ConnectorName;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::Integrations;
use weighbridge_vault::Owner;

use super::view::{Page, etag};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// An offer, as people see it; no secret of it is ever shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IntegrationView {
    /// Its id.
    pub id: IntegrationId,
    /// The tenant's name for it.
    pub name: String,
    /// The connector.
    pub connector: ConnectorName,
    /// Whether it is offered.
    pub switch: Switch,
    /// Hosts and private networks it may reach; no host means all that the connector asks for.
    pub grant: EgressGrant,
    /// Whether the tenant's OAuth client is kept for it.
    pub has_oauth_client: bool,
    /// Whether it leaves by the host's proxy.
    pub proxy: ProxyUse,
    /// What it is known by until it is changed.
    pub etag: String,
}

/// What is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeIntegration {
    /// Whether it is offered.
    pub switch: Option<Switch>,
}

/// The most offers of one tenant.
const INTEGRATIONS_MAX: usize = 10_000;

impl Engine {
    /// All offers of a tenant.
    pub fn integrations(&self, may: &Permission<kinds::IntegrationsRead>) -> Result<Page<IntegrationView>, Problem> {
        let scope = TenantScope::of(may);
        let rows = self.host.store.read(|tx| tx.scan::<Integrations>(&scope, None, INTEGRATIONS_MAX));
        let rows = rows.map_err(EngineError::from)?;
        let mut items: Vec<_> =
            rows.iter().map(|(_, row)| self.integration_view(row)).collect::<Result<_, EngineError>>()?;
        items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Page { items, next: None })
    }

    /// One offer.
    pub fn integration(
        &self,
        may: &Permission<kinds::IntegrationsRead>,
        id: IntegrationId,
    ) -> Result<IntegrationView, Problem> {
        let found = self.host.store.read(|tx| tx.get::<Integrations>(&TenantScope::of(may), &id));
        let row = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.integration_view(&row)?)
    }

    /// Takes an offer back, or makes it again. What uses it stops before its next batch.
    pub async fn change_integration(
        &self,
        may: &Permission<kinds::IntegrationsChange>,
        id: IntegrationId,
        change: &ChangeIntegration,
        seen: Option<&str>,
    ) -> Result<IntegrationView, Problem> {
        let scope = TenantScope::of(may);
        let row = self
            .edit(|edit| {
                let before = edit.need::<Integrations>(scope, id)?;
                super::edit::if_match(seen, &before)?;
                let row = Integration { switch: change.switch.unwrap_or(before.switch), ..before.clone() };
                if row != before {
                    let act = if row.switch == Switch::On { "integration.on" } else { "integration.off" };
                    let name = self.integration_view(&row)?.name;
                    edit.put::<Integrations>(scope, id, row.clone());
                    edit.audit(self.audit_in_tenant(scope, may.by(), act, name.as_str().into())?);
                }
                Ok(row)
            })
            .await?;
        Ok(self.integration_view(&row)?)
    }

    pub(crate) fn integration_view(&self, row: &Integration) -> Result<IntegrationView, EngineError> {
        let texts = Texts::new(&self.host.ring, Owner::Tenant(row.tenant), row.id.as_bytes());
        Ok(IntegrationView {
            id: row.id,
            name: texts.open_text("name", &row.name)?,
            connector: row.connector.clone(),
            switch: row.switch,
            grant: serde_json::from_slice(&texts.open("grant", &row.grant)?).unwrap_or_default(),
            has_oauth_client: row.oauth_client.is_some(),
            proxy: row.proxy,
            etag: etag(row),
        })
    }
}

//! Which addresses offers may reach, over all tenants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{IntegrationId, TenantId};
use weighbridge_model::integration::ProxyUse;
use weighbridge_model::problem::Problem;
use weighbridge_store::tables::Integrations;
use weighbridge_store::{HostScope, TenantScope};

use crate::account::Page;
use crate::engine::Engine;
use crate::error::EngineError;

/// Which offers. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AddressFilter {
    /// Only of this tenant.
    pub tenant: Option<TenantId>,
    /// Only those that may reach private networks.
    pub private: bool,
    /// How many on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// What an offer may reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AddressRow {
    /// Whose offer it is.
    pub tenant: TenantId,
    /// What that is called.
    pub tenant_name: String,
    /// The offer.
    pub integration: IntegrationId,
    /// What that is called.
    pub integration_name: String,
    /// The connector that it offers.
    pub connector: String,
    /// The hosts that it may reach; none means all that the connector asks for.
    pub hosts: Vec<String>,
    /// The private networks that it may reach.
    pub networks: Vec<String>,
    /// The folders of this host that it may read or write.
    pub folders: Vec<String>,
    /// Whether it leaves by the host's proxy.
    pub proxy: ProxyUse,
    /// Whom its own certificate authorities name, and their digest.
    pub ca: Option<String>,
    /// Whom the certificate names that it shows, and its digest.
    pub client_certificate: Option<String>,
}

/// Offers looked at in one view of the store, and at most for one page.
const STEP: usize = 500;
const LOOKED_AT_MAX: usize = 20_000;

impl Engine {
    /// What the offers of all tenants may reach.
    pub fn addresses(
        &self,
        _may: &Permission<kinds::TenantsRead>,
        filter: &AddressFilter,
    ) -> Result<Page<AddressRow>, Problem> {
        let limit = filter.limit.unwrap_or(50).clamp(1, 1_000) as usize;
        let mut after = filter.cursor.as_deref().map(cursor).transpose()?;
        let (mut items, mut looked_at) = (Vec::new(), 0);
        loop {
            let keys = self.host.store.read(|tx| tx.keys::<Integrations>(HostScope::new(), after.as_ref(), STEP));
            let keys = keys.map_err(EngineError::from)?;
            let is_last = keys.len() < STEP;
            for (scope, id) in keys {
                if items.len() == limit || looked_at == LOOKED_AT_MAX {
                    let next = after.map(|(scope, id)| format!("{}/{id}", scope.id()));
                    return Ok(Page { items, next });
                }
                (after, looked_at) = (Some((scope, id)), looked_at + 1);
                if filter.tenant.is_none_or(|tenant| tenant == scope.id()) {
                    let row = self.address_row(scope, id)?;
                    items.extend(row.filter(|row| !filter.private || !row.networks.is_empty()));
                }
            }
            if is_last {
                return Ok(Page { items, next: None });
            }
        }
    }

    fn address_row(&self, scope: TenantScope, id: IntegrationId) -> Result<Option<AddressRow>, EngineError> {
        let Some(row) = self.host.store.read(|tx| tx.get::<Integrations>(&scope, &id))? else { return Ok(None) };
        let view = self.integration_view(&row)?;
        Ok(Some(AddressRow {
            tenant: scope.id(),
            tenant_name: self.tenant_name(scope)?,
            integration: id,
            integration_name: view.name,
            connector: view.connector.to_string(),
            hosts: view.grant.hosts,
            networks: view.grant.networks,
            folders: view.grant.folders,
            proxy: view.proxy,
            ca: view.ca,
            client_certificate: view.client_certificate,
        }))
    }
}

fn cursor(text: &str) -> Result<(TenantScope, IntegrationId), Problem> {
    let parts = text
        .split_once('/')
        .and_then(|(tenant, id)| Some((HostScope::new().tenant(tenant.parse().ok()?), id.parse().ok()?)));
    parts.ok_or_else(|| Problem::invalid("cursor", "this is no cursor of this list; begin without one"))
}

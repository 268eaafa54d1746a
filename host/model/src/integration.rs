//! A tenant's offer of a connector to its customers.

use serde::{Deserialize, Serialize};

use crate::id::{IntegrationId, TenantId};
use crate::name::ConnectorName;
use crate::sealed::Sealed;
use crate::tenant::Switch;

/// A tenant's offer of a connector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Its id.
    pub id: IntegrationId,
    /// Whose offer it is.
    pub tenant: TenantId,
    /// What is offered.
    pub connector: ConnectorName,
    /// Whether it is.
    #[serde(default)]
    pub switch: Switch,
    /// The tenant's name for it.
    pub name: Sealed,
    /// The hosts and private networks it may reach, as the JSON of [`EgressGrant`].
    pub grant: Sealed,
    /// The OAuth 2 client that the tenant registered at the platform, a JSON object of its `id` and `secret`.
    #[serde(default)]
    pub oauth_client: Option<Sealed>,
}

/// What an integration may reach: at most what the connector's manifest asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EgressGrant {
    /// Host patterns as in a manifest; none means all that the manifest asks for.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Private networks that may be reached, such as `10.1.0.0/16` or `127.0.0.1/32`.
    #[serde(default)]
    pub networks: Vec<String>,
}

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
    /// The hosts, private networks and folders it may reach, as the JSON of [`EgressGrant`].
    pub grant: Sealed,
    /// The OAuth 2 client that the tenant registered at the platform, a JSON object of its `id` and `secret`.
    #[serde(default)]
    pub oauth_client: Option<Sealed>,
    /// Certificate authorities that it believes beside the public ones and the host's: a PEM text.
    #[serde(default)]
    pub authorities: Option<Sealed>,
    /// What it shows to platforms that ask who is there, a JSON object of `certificate` and `key`, both PEM texts.
    #[serde(default)]
    pub client_certificate: Option<Sealed>,
    /// Whether it leaves by the host's proxy.
    #[serde(default)]
    pub proxy: ProxyUse,
    /// Whether customers may connect by it themselves, where tenant and customer allow that.
    #[serde(default)]
    pub self_managed: bool,
    /// What it costs, as people read it.
    #[serde(default)]
    pub price: Option<Sealed>,
    /// What a connection's settings begin with, as a JSON object.
    #[serde(default)]
    pub defaults: Option<Sealed>,
}

/// Whether an integration leaves by the host's proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProxyUse {
    /// By the proxy that the host's configuration names, if it names one.
    #[default]
    Configured,
    /// Always directly.
    Direct,
}

impl ProxyUse {
    /// The word for it in a document.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Direct => "direct",
        }
    }
}

/// What an integration may reach: at most what the connector's manifest asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EgressGrant {
    /// Host patterns as in a manifest; none means all that the manifest asks for.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Private networks that may be reached, such as `10.1.0.0/16` or `127.0.0.1/32`.
    #[serde(default)]
    pub networks: Vec<String>,
    /// Folders of this host that may be read or written, such as `inbox:read=/srv/drop/in`: see [`crate::folder::FolderGrant`].
    #[serde(default)]
    pub folders: Vec<String>,
}

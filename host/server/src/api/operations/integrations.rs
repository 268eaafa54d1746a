//! A tenant's offers of connectors.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{AllowAddresses, ChangeIntegration};
use weighbridge::model::access::kinds::{IntegrationsChange, IntegrationsRead, TenantsChange};
use weighbridge::model::id::{IntegrationId, TenantId};
use weighbridge::model::integration::ProxyUse;

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    integration: IntegrationId,
}

/// A connector to be offered.
#[derive(Debug, Deserialize, JsonSchema)]
struct Offer {
    /// What it is called; no other offer of the organisation has this name.
    name: String,
    /// The installed connector.
    connector: String,
    #[serde(flatten)]
    rest: ChangeIntegration,
}

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
struct Change {
    integration: IntegrationId,
    #[serde(flatten)]
    rest: ChangeIntegration,
}

/// How an offer leaves this host; what is left out stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Allow {
    tenant: TenantId,
    integration: IntegrationId,
    /// Private networks that it may reach, all of them, such as `10.1.0.0/16`; none where the list is empty.
    #[serde(default)]
    networks: Option<Vec<String>>,
    /// Folders of this host that it may read or write, all of them, such as `inbox:read=/srv/drop/in`; none where the list is empty.
    #[serde(default)]
    folders: Option<Vec<String>>,
    /// Certificate authorities, PEM, that it believes beside the public ones and the host's; an empty text takes them away.
    #[serde(default)]
    ca: Option<String>,
    /// A certificate, PEM, that it shows to platforms that ask who is there; with its key, and both empty take it away.
    #[serde(default)]
    certificate: Option<String>,
    /// The certificate's key, PEM. Nobody can read it back.
    #[serde(default)]
    key: Option<String>,
    /// Whether it leaves by the host's proxy.
    #[serde(default)]
    proxy: Option<ProxyUse>,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("integration list", Method::GET, "/integrations"),
            "Show what the organisation offers.",
            async |it: Context<IntegrationsRead>, _: Nothing| it.engine.integrations(&it.may),
        )
        .columns(&["name", "connector", "switch", "self_managed", "price", "has_oauth_client"]),
        Operation::new(
            ("integration connectors", Method::GET, "/integrations/connectors"),
            "Show the installed connectors that the organisation can offer.",
            async |it: Context<IntegrationsRead>, _: Nothing| it.engine.offerable(&it.may).await,
        )
        .columns(&["connector", "version", "title", "categories", "hosts"]),
        Operation::new(
            ("integration show", Method::GET, "/integrations/{integration}"),
            "Show one offer.",
            async |it: Context<IntegrationsRead>, which: Which| it.engine.integration(&it.may, which.integration),
        ),
        Operation::new(
            ("integration add", Method::POST, "/integrations"),
            "Offer an installed connector.",
            async |it: Context<IntegrationsChange>, Offer { name, connector, rest }: Offer| {
                it.engine.offer_integration(&it.may, (&name, &connector), &rest).await
            },
        )
        .creates()
        .audits("integration.created"),
        Operation::new(
            ("integration change", Method::PATCH, "/integrations/{integration}"),
            "Change an offer, or take it back; what uses it stops before its next batch then.",
            async |it: Context<IntegrationsChange>, Change { integration, rest }: Change| {
                it.engine.change_integration(&it.may, integration, &rest, it.seen()).await
            },
        )
        .audits("integration.changed"),
        Operation::new(
            ("integration allow", Method::PATCH, "/tenants/{tenant}/integrations/{integration}/addresses"),
            "Say which private networks and folders an offer may reach and how it leaves, as the operator.",
            async |it: Context<TenantsChange>, allow: Allow| {
                let Allow { tenant, integration, networks, folders, ca, certificate, key, proxy } = allow;
                let allow = AllowAddresses { networks, folders, ca, certificate, key, proxy };
                it.engine.allow_addresses(&it.may, (tenant, integration), allow).await
            },
        )
        .audits("integration.addresses_allowed"),
    ]
}

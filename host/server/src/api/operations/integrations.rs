//! A tenant's offers of connectors.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::ChangeIntegration;
use weighbridge::model::access::kinds::{IntegrationsChange, IntegrationsRead};
use weighbridge::model::id::IntegrationId;
use weighbridge::model::tenant::Switch;

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    integration: IntegrationId,
}

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    integration: IntegrationId,
    /// Whether it is offered.
    #[serde(default)]
    switch: Option<Switch>,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("integration list", Method::GET, "/integrations"),
            "Show what the organisation offers.",
            async |it: Context<IntegrationsRead>, _: Nothing| it.engine.integrations(&it.may),
        )
        .columns(&["name", "connector", "switch", "has_oauth_client", "proxy"]),
        Operation::new(
            ("integration show", Method::GET, "/integrations/{integration}"),
            "Show one offer.",
            async |it: Context<IntegrationsRead>, which: Which| it.engine.integration(&it.may, which.integration),
        ),
        Operation::new(
            ("integration change", Method::PATCH, "/integrations/{integration}"),
            "Take an offer back, or make it again; what uses it stops before its next batch.",
            async |it: Context<IntegrationsChange>, change: Change| {
                let Change { integration, switch } = change;
                it.engine.change_integration(&it.may, integration, &ChangeIntegration { switch }, it.seen()).await
            },
        )
        .audits("integration.*"),
    ]
}

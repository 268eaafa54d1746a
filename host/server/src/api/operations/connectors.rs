//! Installed connectors, for the operators of a host: what they are, and approving or taking back a version.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::ApproveVersion;
use weighbridge::model::access::kinds::{ConnectorsChange, ConnectorsRead};

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The connector's name.
    connector: String,
    /// The version.
    version: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Approve {
    /// The connector's name.
    connector: String,
    /// The version that waits.
    version: String,
    #[serde(flatten)]
    agreed: ApproveVersion,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("connector list", Method::GET, "/connectors"),
            "Show the installed connectors, and which of them wait to be approved.",
            async |it: Context<ConnectorsRead>, _: Nothing| it.engine.installed(&it.may),
        )
        .columns(&["name", "version", "state", "publisher", "approval_needed", "earlier"]),
        Operation::new(
            ("connector proposal", Method::GET, "/connectors/{connector}/versions/{version}"),
            "Show what a version asks for that waits to be approved.",
            async |it: Context<ConnectorsRead>, which: Which| {
                it.engine.version_proposed(&it.may, &which.connector, &which.version).await
            },
        ),
        Operation::new(
            ("connector approve", Method::POST, "/connectors/{connector}/versions/{version}/approve"),
            "Use a version that waits, where it asks for what was read.",
            async |it: Context<ConnectorsChange>, asked: Approve| {
                let Approve { connector, version, agreed } = asked;
                it.engine.approve_version(&it.may, (&connector, &version), &agreed).await
            },
        )
        .audits("connector.approved"),
        Operation::new(
            ("connector rollback", Method::POST, "/connectors/{connector}/versions/{version}/rollback"),
            "Use a version again that was used before.",
            async |it: Context<ConnectorsChange>, which: Which| {
                it.engine.roll_version_back(&it.may, &which.connector, &which.version).await
            },
        )
        .audits("connector.rolled_back"),
    ]
}

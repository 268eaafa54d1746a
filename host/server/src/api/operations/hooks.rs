//! Hooks: where platforms send webhooks, and what of them waits.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::model::access::kinds::{ConnectionsChange, ConnectionsRead};
use weighbridge::model::id::ConnectionId;

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

/// A new address and a new secret.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rotate {
    /// The connected system.
    connection: ConnectionId,
    /// That whoever asks knows that the address of before takes nothing any more.
    #[serde(default)]
    confirm: bool,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("hook list", Method::GET, "/customers/{customer}/hooks"),
            "Show where a customer's systems send webhooks, what came last, what waits, and why.",
            async |it: Context<ConnectionsRead>, _: Nothing| it.engine.hooks(&it.may),
        )
        .columns(&["label", "address", "last_at", "taken", "waiting", "unverified", "connection"])
        .followed(),
        Operation::new(
            ("hook rotate", Method::POST, "/customers/{customer}/hooks/{connection}/rotate"),
            "Give a connected system a new address for webhooks and a new secret, which is shown this once; a platform that signs with the secret of its OAuth client has no other.",
            async |it: Context<ConnectionsChange>, Rotate { connection, confirm }: Rotate| {
                it.engine.rotate_hook(&it.may, connection, confirm).await
            },
        )
        .audits("hook.rotated"),
    ]
}

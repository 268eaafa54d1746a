//! All operations, by what they are about.

mod audit;
mod connections;
mod connectors;
mod customers;
mod events;
mod hooks;
mod host;
mod integrations;
mod mail;
mod own_connections;
mod people;
mod rejected;
mod runs;
mod services;
mod systems;
mod tenants;
mod transfers;
mod usage;
mod workflows;

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operation::Operation;

/// Every operation of a host.
pub fn operations() -> &'static [Operation] {
    static ALL: LazyLock<Vec<Operation>> = LazyLock::new(|| {
        [
            host::all(),
            connectors::all(),
            tenants::all(),
            integrations::all(),
            customers::all(),
            connections::all(),
            own_connections::all(),
            hooks::all(),
            transfers::all(),
            runs::all(),
            rejected::all(),
            events::all(),
            usage::all(),
            workflows::all(),
            systems::all(),
            services::all(),
            people::all(),
            mail::all(),
            audit::all(),
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    &ALL
}

/// What takes nothing beside its path.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// That it is done, where there is nothing more to say.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Done {
    /// Always so: what is not done is a problem.
    done: bool,
}

impl From<()> for Done {
    fn from((): ()) -> Self {
        Self { done: true }
    }
}

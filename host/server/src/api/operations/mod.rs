//! All operations, by what they are about.

mod customers;
mod integrations;
mod tenants;

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;

use super::operation::Operation;

/// Every operation of a host.
pub fn operations() -> &'static [Operation] {
    static ALL: LazyLock<Vec<Operation>> =
        LazyLock::new(|| [tenants::all(), integrations::all(), customers::all()].into_iter().flatten().collect());
    &ALL
}

/// What takes nothing beside its path.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

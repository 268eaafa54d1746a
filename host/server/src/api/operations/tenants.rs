//! Tenants: all of them for the operator, one's own for its people.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{ChangeTenant, NewTenant};
use weighbridge::model::access::kinds::{TenantChange, TenantRead, TenantsChange, TenantsRead};
use weighbridge::model::id::TenantId;
use weighbridge::model::meter::Quota;
use weighbridge::model::self_managed::Policy;
use weighbridge::model::tenant::Status;

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

/// What the operator changes of a tenant; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    tenant: TenantId,
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// Whether anything of it may move.
    #[serde(default)]
    status: Option<Status>,
    /// An IANA zone.
    #[serde(default)]
    zone: Option<String>,
    /// An ISO 4217 code such as `PLN`.
    #[serde(default)]
    currency: Option<String>,
    /// Whether its customers give third parties access by themselves.
    #[serde(default)]
    own_services: Option<Policy>,
    /// What all of its customers together may use.
    #[serde(default)]
    quota: Option<Quota>,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("tenant list", Method::GET, "/tenants"),
            "Show all tenants.",
            async |it: Context<TenantsRead>, _: Nothing| it.engine.tenants(&it.may),
        )
        .columns(&["name", "status", "zone", "currency", "created_at"]),
        Operation::new(
            ("tenant add", Method::POST, "/tenants"),
            "Make a tenant.",
            async |it: Context<TenantsChange>, new: NewTenant| it.engine.create_tenant(&it.may, &new).await,
        )
        .creates()
        .audits("tenant.created"),
        Operation::new(
            ("tenant set", Method::PATCH, "/tenants/{tenant}"),
            "Change a tenant, as the operator: its status and what it may use too.",
            async |it: Context<TenantsChange>, change: Change| {
                let Change { tenant, name, status, zone, currency, own_services, quota } = change;
                let change = ChangeTenant { name, status, zone, currency, own_services, quota };
                it.engine.change_any_tenant(&it.may, tenant, &change, it.seen()).await
            },
        )
        .audits("tenant.changed"),
        Operation::new(
            ("tenant show", Method::GET, "/tenant"),
            "Show one's own organisation.",
            async |it: Context<TenantRead>, _: Nothing| it.engine.tenant(&it.may),
        ),
        Operation::new(
            ("tenant change", Method::PATCH, "/tenant"),
            "Change the settings of one's own organisation.",
            async |it: Context<TenantChange>, change: ChangeTenant| {
                it.engine.change_tenant(&it.may, &change, it.seen()).await
            },
        )
        .audits("tenant.changed"),
    ]
}

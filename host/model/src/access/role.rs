//! Populations, and the roles in each.

use serde::{Deserialize, Serialize};

/// One of three populations that never mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// Those who run the host.
    Operator,
    /// The partner's staff.
    Tenant,
    /// A customer's staff.
    Customer,
}

/// A set of permissions; which ones stands in the table of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Whoever owns the data folder, at its command line: the keys of everything are theirs already.
    Owner,
    /// Runs the host for others.
    Operator,
    /// The partner's administrators.
    TenantAdmin,
    /// The partner's staff that does the daily work.
    TenantOperator,
    /// The partner's staff that looks and helps; it sees no contents of records.
    TenantSupport,
    /// The partner's staff that looks.
    TenantViewer,
    /// A customer's administrators.
    CustomerAdmin,
    /// A customer's staff that looks.
    CustomerViewer,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Operator,
        Self::TenantAdmin,
        Self::TenantOperator,
        Self::TenantSupport,
        Self::TenantViewer,
        Self::CustomerAdmin,
        Self::CustomerViewer,
    ];

    /// Whose role it is.
    pub const fn population(self) -> Population {
        match self {
            Self::Owner | Self::Operator => Population::Operator,
            Self::TenantAdmin | Self::TenantOperator | Self::TenantSupport | Self::TenantViewer => Population::Tenant,
            Self::CustomerAdmin | Self::CustomerViewer => Population::Customer,
        }
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::TenantAdmin => "tenant_admin",
            Self::TenantOperator => "tenant_operator",
            Self::TenantSupport => "tenant_support",
            Self::TenantViewer => "tenant_viewer",
            Self::CustomerAdmin => "customer_admin",
            Self::CustomerViewer => "customer_viewer",
        }
    }
}

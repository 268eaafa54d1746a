//! Whether a customer may connect systems by itself: the offer says so, and the customer's own setting or else the tenant's.

use serde::{Deserialize, Serialize};

use crate::access::ActorRef;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// A tenant's setting for all customers that have none of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// They may.
    Allow,
    /// They may not.
    #[default]
    Deny,
}

/// A customer's own setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// As the tenant's.
    #[default]
    Inherit,
    /// It may.
    Allow,
    /// It may not.
    Deny,
}

/// That whoever turned it on was told what it costs whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: ActorRef,
    /// What they were told.
    pub told: Sealed,
}

/// A tenant's setting, the text its customers read, and who took it upon the tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantSelfManaged {
    /// The setting.
    #[serde(default)]
    pub policy: Policy,
    /// What customers read before they connect something; a usual sentence where there is none.
    #[serde(default)]
    pub text: Option<Sealed>,
    /// Who turned it on.
    #[serde(default)]
    pub acknowledged: Option<Acknowledgement>,
}

/// A customer's setting, and who took it upon the tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerSelfManaged {
    /// The setting.
    #[serde(default)]
    pub choice: Choice,
    /// Who turned it on.
    #[serde(default)]
    pub acknowledged: Option<Acknowledgement>,
}

/// Whether customers may connect at all: the customer's own word, else the tenant's.
pub const fn result(policy: Policy, choice: Choice) -> Policy {
    match choice {
        Choice::Inherit => policy,
        Choice::Allow => Policy::Allow,
        Choice::Deny => Policy::Deny,
    }
}

/// Whether a customer may connect by this offer.
pub const fn allows(offered: bool, policy: Policy, choice: Choice) -> bool {
    offered && matches!(result(policy, choice), Policy::Allow)
}

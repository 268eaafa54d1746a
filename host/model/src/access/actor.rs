//! Who asks.

use serde::{Deserialize, Serialize};

use super::role::Role;
use super::scopes::Scopes;
use crate::id::{ConnectLinkId, CustomerId, TenantId, UserId};

/// Who asks, where they stand, and how much of their role they have brought along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person, or what stands for one.
    pub who: Who,
    /// The tenant that they belong to; an operator belongs to none.
    pub tenant: Option<TenantId>,
    /// The customer that they belong to, or whose account they opened.
    pub customer: Option<CustomerId>,
    /// What they may do there.
    pub role: Role,
    /// Whether a tenant's user opened a customer's account and acts there for its users.
    pub impersonates: bool,
    /// What a token was limited to.
    pub scopes: Scopes,
}

/// A person, or what stands for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever owns the data folder.
    Owner,
    /// The host by itself: a date that came, a failure that was counted.
    Host,
    /// Somebody who signed in, or whose token it is.
    User(UserId),
    /// Whoever holds a connect link.
    Link(ConnectLinkId),
    /// Nobody who is known.
    Unknown,
}

/// Who did something, as it rests in the audit log: ids only, so that deleting a person leaves no name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRef {
    /// The person.
    pub who: Who,
    /// The role they had.
    #[serde(default)]
    pub role: Option<Role>,
    /// The customer whose account they had opened.
    #[serde(default)]
    pub acting_in: Option<CustomerId>,
}

impl ActorRef {
    /// The host by itself.
    pub const HOST: Self = Self { who: Who::Host, role: None, acting_in: None };
    /// Whoever owns the data folder.
    pub const OWNER: Self = Self { who: Who::Owner, role: Some(Role::Owner), acting_in: None };
    /// Nobody who is known.
    pub const UNKNOWN: Self = Self { who: Who::Unknown, role: None, acting_in: None };
}

impl Actor {
    /// Whoever owns the data folder, at its command line.
    pub const fn owner() -> Self {
        Self {
            who: Who::Owner,
            tenant: None,
            customer: None,
            role: Role::Owner,
            impersonates: false,
            scopes: Scopes::ALL,
        }
    }

    /// How the audit log names them.
    pub const fn reference(&self) -> ActorRef {
        let acting_in = if self.impersonates { self.customer } else { None };
        ActorRef { who: self.who, role: Some(self.role), acting_in }
    }
}

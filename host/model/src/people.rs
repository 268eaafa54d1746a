//! People: who they are in which population, how they sign in, and what they sign in with.

use serde::{Deserialize, Serialize};

use crate::access::{ActorRef, Population, Role, Scopes};
use crate::digest::Digest;
use crate::id::{ConnectLinkId, ConnectionId, CustomerId, IntegrationId, TenantId, TokenId, UserId};
use crate::name::NameHash;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// A person in one place: on the host, in a tenant, or in one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their id there.
    pub id: UserId,
    /// The address that they sign in with.
    pub email: Sealed,
    /// What they are called.
    #[serde(default)]
    pub name: Option<Sealed>,
    /// What they may do there.
    pub role: Role,
    /// The keyed hash of the address, under which their sign-in stands.
    pub login: NameHash,
    /// Whether they took their invitation.
    #[serde(default)]
    pub joined_at: Option<Timestamp>,
    /// When they were invited.
    pub invited_at: Timestamp,
}

/// How one address signs in to one population of a tenant, whatever it may open there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The mark of the password, as JSON; nothing before the first one.
    #[serde(default)]
    pub password: Option<Sealed>,
    /// Grows when all sessions and tokens of before are to be void.
    #[serde(default)]
    pub generation: u64,
    /// The link for another password that was made last; an older one works no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<Digest>,
    /// What it opens.
    #[serde(default)]
    pub opens: Vec<Opens>,
}

/// One account that an address opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opens {
    /// The customer, for a customer's user.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The person there.
    pub user: UserId,
}

/// Where a person stands: under an id of zeros, on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The population.
    pub population: Population,
    /// The tenant.
    pub tenant: TenantId,
    /// The customer, for a customer's user.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The person.
    pub user: UserId,
}

/// A session, found by the hash of its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub of: Standing,
    /// The login's generation when it began.
    pub generation: u64,
    /// When it began.
    pub since: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The customer whose account was opened with it, by a tenant's user.
    #[serde(default)]
    pub opened: Option<CustomerId>,
}

/// A personal token, among those of its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whose.
    pub of: Standing,
    /// The login's generation when it was made.
    pub generation: u64,
    /// What its owner calls it.
    pub name: Sealed,
    /// What it is limited to.
    pub scopes: Scopes,
    /// When it was made.
    pub since: Timestamp,
    /// When it ends; a token always does.
    pub ends_at: Timestamp,
    /// The hash of its secret.
    pub hash: Digest,
}

/// A link on which somebody without an account connects a system for a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectLink {
    /// Its id.
    pub id: ConnectLinkId,
    /// For whom.
    pub customer: CustomerId,
    /// By which offer.
    pub integration: IntegrationId,
    /// Who made it.
    pub made_by: ActorRef,
    /// When.
    pub made_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The hash of its secret.
    pub hash: Digest,
    /// What was connected on it.
    #[serde(default)]
    pub connection: Option<ConnectionId>,
    /// When it was used up.
    #[serde(default)]
    pub used_at: Option<Timestamp>,
}

/// What a link of one use is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// To take an invitation.
    Join,
    /// To set another password.
    Reset,
}

/// A link of one use, found by the hash of its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneUseLink {
    /// Whose.
    pub of: Standing,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// When it ends.
    pub ends_at: Timestamp,
}

//! An authorised account at a platform.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::access::ActorRef;
use crate::endpoint::Direction;
use crate::id::{ConnectionId, CustomerId, IntegrationId, TenantId};
use crate::name::{SchemeName, StreamName};
use crate::sealed::Sealed;
use crate::tenant::Switch;
use crate::time::{Position, Timestamp, Window};

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The tenant's own: it serves endpoints of many customers, each with its partition.
    Tenant,
    /// One customer's.
    Customer(CustomerId),
}

impl Owner {
    /// Whether it may serve a customer's endpoints.
    pub fn serves(self, customer: CustomerId) -> bool {
        match self {
            Self::Tenant => true,
            Self::Customer(own) => own == customer,
        }
    }
}

/// What keeps a connection from being used, besides its switch and its window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Nothing.
    #[default]
    Ready,
    /// The system stopped it by itself.
    Suspended,
    /// Something of its configuration is missing.
    NeedsConfiguration,
    /// The platform no longer takes its credential.
    NeedsSignIn,
}

/// One thing a connector can do, in one direction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CapabilityKey {
    /// The stream.
    pub stream: StreamName,
    /// Whether it is read or written.
    pub direction: Direction,
}

/// An authorised account at a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The tenant it belongs to, itself or through a customer.
    pub tenant: TenantId,
    /// Whose it is.
    pub owner: Owner,
    /// The offer it was made from.
    pub integration: IntegrationId,
    /// Whether it may be used.
    #[serde(default)]
    pub switch: Switch,
    /// What else keeps it from being used.
    #[serde(default)]
    pub state: ConnectionState,
    /// From when to when.
    #[serde(default)]
    pub window: Window,
    /// Its name.
    pub label: Sealed,
    /// A JSON object by the manifest's schema; no secret is in it.
    pub configuration: Sealed,
    /// The manifest's auth scheme that its secrets are for.
    #[serde(default)]
    pub scheme: Option<SchemeName>,
    /// A JSON object of secret values by the scheme's field names.
    #[serde(default)]
    pub secrets: Option<Sealed>,
    /// Who made it; nothing where a document did.
    #[serde(default)]
    pub made_by: Option<ActorRef>,
    /// When it was made.
    #[serde(default)]
    pub made_at: Option<Timestamp>,
    /// Who entered its credential, and alone may replace it.
    #[serde(default)]
    pub entered_by: Option<ActorRef>,
    /// The capabilities that are switched off.
    #[serde(default)]
    pub capabilities_off: BTreeSet<CapabilityKey>,
}

/// How a connection stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// It may be used.
    On,
    /// A person switched it off.
    Off,
    /// The system stopped it by itself.
    Suspended,
    /// Something of its configuration is missing.
    NeedsConfiguration,
    /// A person has to sign in at the platform.
    NeedsSignIn,
    /// Its time has not begun.
    NotStarted,
    /// Its time is over.
    Ended,
}

impl Connection {
    /// How it stands: in the order in which the gate looks.
    pub fn status(&self, now: Timestamp) -> ConnectionStatus {
        let by_window = match self.window.position(now) {
            Position::NotStarted(_) => ConnectionStatus::NotStarted,
            Position::Inside(_) => ConnectionStatus::On,
            Position::Ended(_) => ConnectionStatus::Ended,
        };
        match (self.switch, self.state) {
            (Switch::Off, _) => ConnectionStatus::Off,
            (Switch::On, ConnectionState::Suspended) => ConnectionStatus::Suspended,
            (Switch::On, ConnectionState::NeedsConfiguration) => ConnectionStatus::NeedsConfiguration,
            (Switch::On, ConnectionState::NeedsSignIn) => ConnectionStatus::NeedsSignIn,
            (Switch::On, ConnectionState::Ready) => by_window,
        }
    }
}

//! A named place that a customer's data comes from or goes to.

use serde::{Deserialize, Serialize};

use crate::drift::DriftPolicy;
use crate::id::{ConnectionId, CustomerId, EndpointId};
use crate::name::StreamName;
use crate::sealed::Sealed;
use crate::tenant::Switch;
use crate::time::Window;

/// Which way data goes, seen from Weighbridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It comes from there.
    Source,
    /// It goes there.
    Destination,
}

/// A named place that a customer's data comes from or goes to. Its name never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Whose data it is.
    pub customer: CustomerId,
    /// Its immutable name.
    pub name: Sealed,
    /// What it is for.
    pub description: Sealed,
    /// Which way.
    pub direction: Direction,
    /// Where, and which stream there; an endpoint without it needs configuration.
    #[serde(default)]
    pub place: Option<Place>,
    /// Whether it may be used.
    #[serde(default)]
    pub switch: Switch,
    /// From when to when.
    #[serde(default)]
    pub window: Window,
    /// What happens when records of a source do not fit what was accepted of its stream.
    #[serde(default)]
    pub drift: DriftPolicy,
}

/// The stream of a connection that an endpoint stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The account.
    pub connection: ConnectionId,
    /// The stream there.
    pub stream: StreamName,
    /// The customer's number inside a tenant's own connection.
    #[serde(default)]
    pub partition: Option<Sealed>,
}

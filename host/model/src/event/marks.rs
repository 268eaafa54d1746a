//! Small rows beside events: when they are due, whose they are, and what was told already.

use serde::{Deserialize, Serialize};

use crate::id::CustomerId;
use crate::name::Code;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// When an event is sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueEvent {
    /// Not before.
    pub at: Timestamp,
}

/// Whose event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventOf {
    /// The customer that it is about; nothing where it is about the tenant itself.
    #[serde(default)]
    pub customer: Option<CustomerId>,
}

/// What an operator said of a tenant's events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventSetting {
    /// Networks beyond the open internet that they may be sent to, as JSON.
    pub networks: Option<Sealed>,
}

/// A failure that a tenant was told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldFailure {
    /// Its stable code: another one is told of again.
    pub code: Code,
}

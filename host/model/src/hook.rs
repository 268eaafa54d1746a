//! A hook: where a platform tells a connection what changed there, and what it told that has not moved yet.

use serde::{Deserialize, Serialize};

use crate::connection::Connection;
use crate::digest::Digest;
use crate::id::{ConnectionId, CustomerId, DeliveryId, TenantId};
use crate::name::{Code, StreamName};
use crate::sealed::Sealed;
use crate::tenant::Switch;
use crate::time::Timestamp;

/// The hook of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// What its address ends with, which nobody guesses.
    pub address: Sealed,
    /// The hash of that, under which it is found.
    pub hash: Digest,
    /// What the platform signs with, where the connection has no secret for that itself.
    pub secret: Sealed,
    /// When it, or its newest address, was made.
    pub made_at: Timestamp,
    /// Whether the connector was told what became of it.
    pub told: HookTold,
    /// The number of the next delivery.
    pub next: u64,
    /// Deliveries that have not moved.
    pub waiting: u64,
    /// Their bytes.
    pub waiting_bytes: u64,
    /// When the newest delivery came.
    #[serde(default)]
    pub last_at: Option<Timestamp>,
    /// How many deliveries were taken.
    pub taken: u64,
    /// How many calls were refused, since they did not prove to be the platform's.
    pub unverified: u64,
    /// When the last of them came.
    #[serde(default)]
    pub unverified_at: Option<Timestamp>,
}

/// What the connector, and through it the platform, was told of a hook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookTold {
    /// The last that it was told: on with the address of this hash, or off. Nothing where it was told nothing yet.
    #[serde(default)]
    pub of: Option<HookNews>,
    /// How often in a row it could not be told.
    #[serde(default)]
    pub failures: u32,
    /// Why not, the last time.
    #[serde(default)]
    pub code: Option<Code>,
    /// When it is tried again.
    #[serde(default)]
    pub again_at: Option<Timestamp>,
}

/// What a connector is told of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookNews {
    /// The connection is on, and the address has this hash.
    On(Digest),
    /// The connection is off.
    Off,
}

impl Hook {
    /// What the connector should have been told by now.
    pub fn news(&self, connection: &Connection) -> HookNews {
        match connection.switch {
            Switch::On => HookNews::On(self.hash),
            Switch::Off => HookNews::Off,
        }
    }
}

/// Whose hook it is that has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookOf {
    /// The tenant.
    pub tenant: TenantId,
    /// The customer.
    pub customer: CustomerId,
    /// The connection.
    pub connection: ConnectionId,
}

/// A delivery that has not moved, in its place among those of the hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which.
    pub delivery: DeliveryId,
    /// The stream that it is for.
    pub stream: StreamName,
    /// How many records it has.
    pub lines: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// When it came.
    pub at: Timestamp,
}

/// A delivery that was taken. It is remembered for as long as the platform may send it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// When.
    pub at: Timestamp,
    /// Its records, one JSON object a line; nothing once they have moved.
    #[serde(default)]
    pub records: Option<Sealed>,
}

/// How far a walk over a hook's deliveries has come: the number of a delivery, and a line in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InboxPlace {
    /// The number of the delivery.
    pub delivery: u64,
    /// The next line of it.
    pub line: u64,
}

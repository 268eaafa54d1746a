//! The partner organisation.

use serde::{Deserialize, Serialize};

use crate::id::TenantId;
use crate::meter::Quota;
use crate::sealed::Sealed;
use crate::time::{Timestamp, Zone};

/// Whether a tenant or a customer is in business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It may move data.
    Active,
    /// It may not.
    Inactive,
}

/// One thing that a person turns on and off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// It may be used.
    #[default]
    On,
    /// It may not.
    Off,
}

/// A partner organisation: owns customers, and is billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Whether anything of it may move.
    pub status: Status,
    /// Where its midnights are.
    pub zone: Zone,
    /// What it is called.
    pub name: Sealed,
    /// What all of its customers together may use.
    #[serde(default)]
    pub quota: Quota,
    /// When it was made.
    pub created_at: Timestamp,
}

//! The tenant's end customer, to whom everything that moves belongs.

use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, TenantId};
use crate::meter::Quota;
use crate::sealed::Sealed;
use crate::time::{Timestamp, Window};

/// Whether a customer is in business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// Its data may move.
    Active,
    /// It may not.
    Inactive,
    /// It is being deleted, and nothing of it moves again.
    Deleting,
}

/// An end customer of one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Whose customer it is.
    pub tenant: TenantId,
    /// Whether anything of it may move.
    pub status: CustomerStatus,
    /// From when to when.
    #[serde(default)]
    pub window: Window,
    /// What it is called.
    pub name: Sealed,
    /// What it may use.
    #[serde(default)]
    pub quota: Quota,
    /// When it was made.
    pub created_at: Timestamp,
}

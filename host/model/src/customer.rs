//! The tenant's end customer, to whom everything that moves belongs.

use serde::{Deserialize, Serialize};

use crate::access::ActorRef;
use crate::id::{CustomerId, TenantId, WorkflowId};
use crate::meter::Quota;
use crate::sealed::Sealed;
use crate::self_managed::CustomerSelfManaged;
use crate::time::{Timestamp, Window};

/// Whether a customer is in business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// Its data may move.
    Active,
    /// It may not.
    Inactive,
    /// It is being deleted, and nothing of it moves again.
    Deleting,
    /// It is gone; what it used stays in sums, and nothing says any more who it was.
    Deleted,
}

/// That a person deactivated a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inactivity {
    /// Since when.
    pub since: Timestamp,
    /// The instant from which it is active again; none means until a person says so.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Why.
    #[serde(default)]
    pub reason: Option<Sealed>,
    /// Who did it.
    pub by: ActorRef,
}

/// Whom to ask at a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// A person or a department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Contact {
    /// The same without what is empty, which takes away what was there.
    #[must_use]
    pub fn kept(&self) -> Self {
        let kept = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        Self { name: kept(&self.name), email: kept(&self.email), phone: kept(&self.phone) }
    }
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
    /// Its number in the partner's own system.
    #[serde(default)]
    pub external_id: Option<Sealed>,
    /// Words to find it by, as a JSON list.
    #[serde(default)]
    pub labels: Option<Sealed>,
    /// Whom to ask, as the JSON of a [`Contact`].
    #[serde(default)]
    pub contact: Option<Sealed>,
    /// The template that was applied to it.
    #[serde(default)]
    pub workflow: Option<WorkflowId>,
    /// The version of it that was applied last.
    #[serde(default)]
    pub workflow_version: u32,
    /// Whether it connects systems by itself.
    #[serde(default)]
    pub self_managed: CustomerSelfManaged,
    /// Since when and until when it is inactive, where a person deactivated it.
    #[serde(default)]
    pub inactivity: Option<Inactivity>,
    /// What it may use.
    #[serde(default)]
    pub quota: Quota,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
}

impl CustomerStatus {
    /// Whether it is being deleted, or gone.
    pub const fn is_leaving(self) -> bool {
        matches!(self, Self::Deleting | Self::Deleted)
    }
}

impl Customer {
    /// What is left of a customer that is deleted.
    #[must_use]
    pub fn tombstone(&self, now: Timestamp) -> Self {
        Self {
            id: self.id,
            tenant: self.tenant,
            status: CustomerStatus::Deleted,
            window: Window::ALWAYS,
            name: Sealed::NOTHING,
            external_id: None,
            labels: None,
            contact: None,
            workflow: None,
            workflow_version: 0,
            self_managed: CustomerSelfManaged::default(),
            inactivity: None,
            quota: self.quota,
            created_at: self.created_at,
            deleted_at: Some(now),
        }
    }

    /// Its status at an instant: an inactivity that ends by a date needs nobody to end it.
    pub fn status_at(&self, now: Timestamp) -> CustomerStatus {
        match self.status {
            CustomerStatus::Inactive if self.active_from().is_some_and(|until| until <= now) => CustomerStatus::Active,
            status => status,
        }
    }

    /// The instant from which an inactive customer is active again.
    pub fn active_from(&self) -> Option<Timestamp> {
        self.inactivity.as_ref().and_then(|inactivity| inactivity.until)
    }
}

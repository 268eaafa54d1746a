//! A third party's pull access: who may read which of a customer's endpoints, from when to when, and how fast.

mod access_id;
mod api_key;
mod bucket;
mod keys;
mod pull;

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::gate::ExternalServiceFacts;
use crate::id::{CustomerId, EndpointId, ExternalServiceId};
use crate::meter::Quota;
use crate::sealed::Sealed;
use crate::tenant::Switch;
use crate::time::{Timestamp, Window};

pub use access_id::{AccessId, MalformedAccessId};
pub use api_key::{ApiKey, MalformedKey};
pub use bucket::Bucket;
pub use keys::{Keys, PreviousKey};
pub use pull::{Pull, PullPage, PullPlace, Turn};

/// Who made an external service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MadeBy {
    /// The customer's own staff.
    Customer,
    /// The tenant's staff, or the operator.
    #[default]
    Tenant,
}

/// A third party that pulls a customer's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalService {
    /// Its id.
    pub id: ExternalServiceId,
    /// Whose data it pulls.
    pub customer: CustomerId,
    /// The Connection ID that it comes with, which is no secret.
    pub access_id: AccessId,
    /// What it is called.
    pub name: Sealed,
    /// What it is for.
    pub description: Sealed,
    /// From when to when.
    #[serde(default)]
    pub window: Window,
    /// Whether it may pull.
    #[serde(default)]
    pub switch: Switch,
    /// Who switched it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_by: Option<MadeBy>,
    /// The endpoints that it may read.
    #[serde(default)]
    pub scopes: BTreeSet<EndpointId>,
    /// The most requests in a minute; none is without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_per_minute: Option<NonZeroU32>,
    /// What it may use, within what its customer may.
    #[serde(default)]
    pub quota: Quota,
    /// What is kept of its keys.
    pub keys: Keys,
    /// Who made it.
    #[serde(default)]
    pub made_by: MadeBy,
    /// When it was made.
    pub created_at: Timestamp,
}

impl ExternalService {
    /// What the gate looks at, for one endpoint. Whoever takes its requests adds how fast they come.
    pub fn facts(&self, endpoint: EndpointId) -> ExternalServiceFacts {
        ExternalServiceFacts {
            switch: self.switch,
            window: self.window,
            in_scope: self.scopes.contains(&endpoint),
            asks_again_at: None,
        }
    }
}

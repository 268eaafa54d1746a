//! What the gate looks at.

use crate::connection::ConnectionState;
use crate::customer::CustomerStatus;
use crate::endpoint::Direction;
use crate::meter::Accounts;
use crate::schedule::Schedule;
use crate::tenant::{Status, Switch};
use crate::time::{Timestamp, Window};
use crate::transfer::BatchLimit;

/// Everything that `decide` looks at, gathered in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether the operator froze everything.
    pub host_frozen: bool,
    /// Whether too little space is left on the disk.
    pub host_full: bool,
    /// The tenant.
    pub tenant: Status,
    /// The customer.
    pub customer: CustomerStatus,
    /// When an inactive customer is active again.
    pub customer_active_from: Option<Timestamp>,
    /// The customer's time.
    pub customer_window: Window,
    /// Where it comes from.
    pub source: SideFacts,
    /// Where it goes.
    pub destination: DestinationFacts,
    /// The transfer.
    pub transfer: TransferFacts,
    /// The tenant's and the customer's quota.
    pub accounts: Accounts,
    /// What is wanted.
    pub ask: Ask,
}

/// Where data goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DestinationFacts {
    /// To an endpoint, of which the same levels are asked as of the source.
    Endpoint(SideFacts),
    /// To our own store, from which an external service is answered: it has a level of its own and none of an endpoint's.
    /// Nothing where there is no such service, or none any longer.
    Pull(Option<ExternalServiceFacts>),
}

impl Facts {
    /// The endpoints' sides, the source first.
    pub fn sides(&self) -> impl Iterator<Item = &SideFacts> {
        let destination = match &self.destination {
            DestinationFacts::Endpoint(side) => Some(side),
            DestinationFacts::Pull(_) => None,
        };
        [&self.source].into_iter().chain(destination)
    }

    /// Whether an external service wants it.
    pub const fn is_pull(&self) -> bool {
        matches!(self.destination, DestinationFacts::Pull(_))
    }
}

/// What of an external service bears on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExternalServiceFacts {
    /// Its switch.
    pub switch: Switch,
    /// Its time.
    pub window: Window,
    /// Whether it may read the endpoint.
    pub in_scope: bool,
    /// Where it asked too often: the instant from which it may ask again. Only whoever takes its requests knows.
    pub asks_again_at: Option<Timestamp>,
}

/// One side of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideFacts {
    /// Which side.
    pub direction: Direction,
    /// Its connector.
    pub connector: ConnectorFact,
    /// Its integration's switch.
    pub integration: Switch,
    /// Its connection.
    pub connection: ConnectionFacts,
    /// The capability's own switch.
    pub capability: Switch,
    /// Its endpoint.
    pub endpoint: EndpointFacts,
}

/// Whether a connector may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectorFact {
    /// Installed and trusted.
    Usable,
    /// Not installed.
    Absent,
    /// Installed, and its publisher or key is not trusted.
    Untrusted,
    /// Its key or its digest was revoked.
    Revoked,
    /// Its version asks for more than was granted.
    ApprovalNeeded,
}

impl ConnectorFact {
    /// The word for it: the gate's code, without the level in front.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Absent => "absent",
            Self::Untrusted => "untrusted",
            Self::Revoked => "revoked",
            Self::ApprovalNeeded => "approval_needed",
        }
    }
}

/// What of a connection bears on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionFacts {
    /// Its switch.
    pub switch: Switch,
    /// What else keeps it from being used.
    pub state: ConnectionState,
    /// Its time.
    pub window: Window,
}

/// What of an endpoint bears on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointFacts {
    /// Its switch.
    pub switch: Switch,
    /// Whether it stands for a stream of a connection.
    pub configured: bool,
    /// Its time.
    pub window: Window,
}

/// What of a transfer bears on the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferFacts {
    /// Its switch.
    pub switch: Switch,
    /// Whether the system stopped it by itself.
    pub suspended: bool,
    /// Its schedule, whose allowed hours bind every run.
    pub schedule: Option<Schedule>,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The most that the batch may hold.
    pub limit: BatchLimit,
    /// Whether it is the first of its run.
    pub new_run: bool,
}

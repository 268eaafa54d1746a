//! Events: what a tenant is told of at addresses of its own, and what is kept of each.
//!
//! An event has ids and a code, and nothing that a person or a platform wrote: names are put in when it is sent. Its id is
//! derived from what happened, so that the same fact is one event however often it is looked at.

mod address;
mod delivery;
mod kind;
mod marks;

use serde::{Deserialize, Serialize};

pub use address::{EventAddress, EventAddressState, Halt, RetiredSecret};
pub use delivery::{DeliveryState, EventAttempt, EventDelivery, next_try, tries_max};
pub use kind::{EventKind, UnknownKind};
pub use marks::{DueEvent, EventOf, EventSetting, ToldFailure};

use crate::digest::Digest;
use crate::id::{ConnectionId, CustomerId, EndpointId, EventAddressId, EventId, ExternalServiceId, RunId, TransferId};
use crate::meter::Meter;
use crate::name::Code;
use crate::time::Timestamp;

/// Something that happened, of which a tenant is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Derived from all that says which fact it is.
    pub id: EventId,
    /// What kind of thing.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub about: About,
    /// The stable code of why, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
}

/// What an event is about: as many of these as there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The customer; nothing where it is about the tenant itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The connected system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionId>,
    /// The endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<EndpointId>,
    /// The third party's access.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ExternalServiceId>,
    /// The transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferId>,
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The address that is tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<EventAddressId>,
    /// What of an allowance is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Used>,
    /// How often its transfer failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failed>,
    /// When a window ends that ends soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

/// How many runs of a transfer failed, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// So many.
    pub runs: u32,
    /// Of so many, after which it is suspended once they took a day.
    pub of: u32,
}

/// How much of one meter of an allowance is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// What is counted.
    pub meter: Meter,
    /// The first instant of the period.
    pub period: Timestamp,
    /// What is granted in it.
    pub granted: u64,
    /// What is spent of it.
    pub spent: u64,
}

impl Event {
    /// An event with the id that its fact has.
    pub fn new(kind: EventKind, at: Timestamp, about: About, code: Option<Code>) -> Self {
        Self { id: id(kind, at, &about), kind, at, about, code }
    }
}

/// A run ends once, an allowance is passed once in its period; of anything else the instant says which time it is.
fn id(kind: EventKind, at: Timestamp, about: &About) -> EventId {
    let instant = match (about.run, about.used) {
        (Some(_), _) => Timestamp::from_millis(0),
        (None, Some(used)) => used.period,
        (None, None) => at,
    };
    let granted = about.used.map_or(0, |used| used.granted);
    let meter = about.used.map(|used| used.meter.to_string()).unwrap_or_default();
    let parts: [&[u8]; 11] = [
        kind.as_str().as_bytes(),
        &instant.as_millis().to_be_bytes(),
        bytes(about.customer.as_ref().map(CustomerId::as_bytes)),
        bytes(about.connection.as_ref().map(ConnectionId::as_bytes)),
        bytes(about.endpoint.as_ref().map(EndpointId::as_bytes)),
        bytes(about.service.as_ref().map(ExternalServiceId::as_bytes)),
        bytes(about.transfer.as_ref().map(TransferId::as_bytes)),
        bytes(about.run.as_ref().map(RunId::as_bytes)),
        bytes(about.address.as_ref().map(EventAddressId::as_bytes)),
        meter.as_bytes(),
        &granted.to_be_bytes(),
    ];
    EventId::from_bytes(Digest::of_parts("weighbridge event", &parts).short())
}

fn bytes(id: Option<&[u8; 16]>) -> &[u8] {
    id.map_or(&[], |id| id.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_768_478_400_000);

    fn about(run: u8) -> About {
        About { run: Some(RunId::from_bytes([run; 16])), ..About::default() }
    }

    #[test]
    fn the_same_fact_looked_at_later_has_the_same_id() {
        let first = Event::new(EventKind::RunFailed, NOON, about(1), None);
        let again = Event::new(EventKind::RunFailed, NOON.plus_millis(60_000), about(1), None);
        assert_eq!(first.id, again.id);
    }

    #[test]
    fn other_facts_have_other_ids() {
        let first = Event::new(EventKind::RunFailed, NOON, about(1), None);
        assert_ne!(first.id, Event::new(EventKind::RunFailed, NOON, about(2), None).id);
        assert_ne!(first.id, Event::new(EventKind::RunRecovered, NOON, about(1), None).id);
        let window = |at| Event::new(EventKind::WindowOpened, at, About::default(), None).id;
        assert_ne!(window(NOON), window(NOON.plus_millis(1)));
    }

    #[test]
    fn an_allowance_is_passed_once_in_its_period() {
        let used = |spent, granted| About {
            used: Some(Used { meter: Meter::Records, period: NOON, granted, spent }),
            ..About::default()
        };
        let event = |later, about| Event::new(EventKind::Quota80, NOON.plus_millis(later), about, None).id;
        assert_eq!(event(0, used(80, 100)), event(5, used(85, 100)));
        assert_ne!(event(0, used(80, 100)), event(0, used(80, 200)));
    }

    #[test]
    fn a_kind_is_read_as_it_is_written() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert_eq!("run.went".parse::<EventKind>(), Err(UnknownKind("run.went".into())));
    }
}

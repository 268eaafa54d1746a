//! Addresses and events, as a tenant's people see them.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::event::{DeliveryState, Event, EventAddress, EventAddressState, EventDelivery, EventKind};
use weighbridge_model::id::{EventAddressId, EventId};
use weighbridge_model::tenant::Switch;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{EventAddresses, EventDeliveries};

use super::payload::EventData;
use super::{EVENT_ADDRESSES_MAX, texts};
use crate::account::{At, etag};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::people::ShownOnce;

/// Whether an address is told of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventAddressStatus {
    /// It is.
    On,
    /// A person switched it off.
    Off,
    /// The host stopped, since it said that it is gone or took nothing for days.
    Suspended,
}

/// An address at which a tenant is told of events; its secret is never shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventAddressView {
    /// Its id.
    pub id: EventAddressId,
    /// The URL.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// Of what it is told; none is everything.
    pub kinds: Vec<EventKind>,
    /// Its switch.
    pub switch: Switch,
    /// Whether it is told of anything.
    pub status: EventAddressStatus,
    /// Why the host stopped, where it did.
    pub halt: Option<HaltView>,
    /// When it last took an event.
    pub taken_at: Option<At>,
    /// Since when it took none that was tried.
    pub failing_since: Option<At>,
    /// Until when the secret before the present one signs too.
    pub previous_secret_until: Option<At>,
    /// When it was made.
    pub created_at: At,
    /// What it is known by until it is changed.
    pub etag: String,
}

/// Why an address is told of nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HaltView {
    /// The stable code: `event_address.gone` or `event_address.failing`.
    pub code: String,
    /// The same in words, with what to do.
    pub reason: String,
    /// Since when.
    pub at: At,
}

/// An address with its new signing secret, which is never shown again.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownSigningSecret {
    /// The address.
    pub address: EventAddressView,
    /// What receivers check signatures with, as the Standard Webhooks specification writes it.
    pub secret: ShownOnce,
}

/// How far an event is, over all addresses that want it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// No address wants it.
    Unsent,
    /// An address has not taken it yet.
    Waiting,
    /// All took it.
    Delivered,
    /// One did not take it, and is not tried any more.
    Failed,
}

/// Something that a tenant is told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventView {
    /// Its id: the `webhook-id` under which it comes.
    pub id: EventId,
    /// What kind of thing.
    pub kind: EventKind,
    /// When it happened.
    pub at: At,
    /// How far it is.
    pub state: EventState,
    /// What it says.
    pub data: EventData,
    /// How far it is at each address.
    pub deliveries: Vec<EventDeliveryView>,
}

/// An event on its way to an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventDeliveryView {
    /// The address.
    pub address: EventAddressId,
    /// Its URL; nothing where it was deleted.
    pub url: Option<String>,
    /// How far it is.
    pub state: DeliveryState,
    /// When it is tried next, where it is.
    pub next_at: Option<At>,
    /// The last tries, the oldest first.
    pub attempts: Vec<EventAttemptView>,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventAttemptView {
    /// When.
    pub at: At,
    /// The status that was answered; nothing where there was no answer.
    pub status: Option<u16>,
    /// What came of it, in words.
    pub said: String,
}

impl Engine {
    pub(super) fn event_address_view(
        &self,
        scope: TenantScope,
        row: &EventAddress,
        state: &EventAddressState,
    ) -> Result<EventAddressView, EngineError> {
        let texts = texts(&self.host, scope, &row.id);
        let now = self.host.now();
        Ok(EventAddressView {
            id: row.id,
            url: texts.open_text("url", &row.url)?,
            description: texts.open_text("description", &row.description)?,
            kinds: row.kinds.clone(),
            switch: row.switch,
            status: match (row.switch, &state.halt) {
                (Switch::Off, _) => EventAddressStatus::Off,
                (Switch::On, Some(_)) => EventAddressStatus::Suspended,
                (Switch::On, None) => EventAddressStatus::On,
            },
            halt: state.halt.as_ref().map(|halt| HaltView {
                code: halt.code.to_string(),
                reason: reason(halt.code.as_str()).to_owned(),
                at: At(halt.at),
            }),
            taken_at: state.taken_at.map(At),
            failing_since: state.failing_since.map(At),
            previous_secret_until: row.retired.as_ref().map(|old| At(old.until)).filter(|until| now < until.0),
            created_at: At(row.created_at),
            etag: etag(row),
        })
    }

    /// An event with all that became of it.
    pub(super) fn event_view(&self, scope: TenantScope, event: &Event) -> Result<EventView, EngineError> {
        let rows = self.deliveries_of(scope, event.id)?;
        let state = state_of(rows.iter().map(|(_, row)| row.state));
        let deliveries = rows.into_iter().map(|(address, row)| self.delivery_view(scope, address, row));
        Ok(EventView {
            id: event.id,
            kind: event.kind,
            at: At(event.at),
            state,
            data: self.event_data(scope, event)?,
            deliveries: deliveries.collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn deliveries_of(
        &self,
        scope: TenantScope,
        event: EventId,
    ) -> Result<Vec<(EventAddressId, EventDelivery)>, EngineError> {
        // Addresses that were deleted have left some behind.
        let after = (event, EventAddressId::from_bytes([0; 16]));
        let rows =
            self.host.store.read(|tx| tx.scan::<EventDeliveries>(&scope, Some(&after), EVENT_ADDRESSES_MAX * 10))?;
        let own = rows.into_iter().take_while(|((of, _), _)| *of == event);
        Ok(own.map(|((_, address), row)| (address, row)).collect())
    }

    fn delivery_view(
        &self,
        scope: TenantScope,
        address: EventAddressId,
        row: EventDelivery,
    ) -> Result<EventDeliveryView, EngineError> {
        let (texts, found) = (
            texts(&self.host, scope, &address),
            self.host.store.read(|tx| tx.get::<EventAddresses>(&scope, &address))?,
        );
        let attempts = row.attempts.iter().map(|attempt| {
            Ok(EventAttemptView {
                at: At(attempt.at),
                status: attempt.status,
                said: texts.open_text("said", &attempt.said)?,
            })
        });
        Ok(EventDeliveryView {
            address,
            url: found.map(|found| texts.open_text("url", &found.url)).transpose()?,
            state: row.state,
            next_at: row.next_at.map(At),
            attempts: attempts.collect::<Result<_, EngineError>>()?,
        })
    }
}

/// The worst that is so at any address.
fn state_of(states: impl Iterator<Item = DeliveryState>) -> EventState {
    let states: Vec<_> = states.collect();
    match () {
        () if states.is_empty() => EventState::Unsent,
        () if states.contains(&DeliveryState::Waiting) => EventState::Waiting,
        () if states.iter().all(|state| *state == DeliveryState::Delivered) => EventState::Delivered,
        () => EventState::Failed,
    }
}

fn reason(code: &str) -> &'static str {
    match code {
        "event_address.gone" => {
            "it answered 410, which says that it wants no events any more; switch it on to begin again"
        }
        _ => "it took no event for five days; see what its last tries say, then switch it on and replay what it missed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(states: &[DeliveryState], expected: EventState) {
        assert_eq!(state_of(states.iter().copied()), expected, "{states:?}");
    }

    #[test]
    fn an_event_is_delivered_when_all_addresses_took_it() {
        check(&[DeliveryState::Delivered, DeliveryState::Delivered], EventState::Delivered);
    }

    #[test]
    fn an_event_is_not_delivered_while_an_address_has_not_taken_it() {
        check(&[], EventState::Unsent);
        check(&[DeliveryState::Delivered, DeliveryState::Waiting], EventState::Waiting);
        check(&[DeliveryState::Delivered, DeliveryState::GivenUp], EventState::Failed);
        check(&[DeliveryState::Stopped], EventState::Failed);
    }
}

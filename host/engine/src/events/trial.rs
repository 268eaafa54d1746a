//! Try an address: one event, sent at once, with what came of it in the answer.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::event::{About, DeliveryState, Event, EventAttempt, EventDelivery, EventKind};
use weighbridge_model::id::{EventAddressId, EventId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{EventAddresses, EventDeliveries};
use weighbridge_store::verbs::keep_event;

use super::texts;
use crate::engine::Engine;
use crate::error::EngineError;

/// What came of trying an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventTested {
    /// The event that was sent.
    pub event: EventId,
    /// Whether the address took it.
    pub taken: bool,
    /// The status that was answered; nothing where there was no answer.
    pub status: Option<u16>,
    /// What came of it, in words.
    pub said: String,
}

impl Engine {
    /// Sends one event to an address, whatever its switch says, and waits for what it answers. It is not tried again.
    pub async fn test_event_address(
        &self,
        may: &Permission<kinds::EventsChange>,
        id: EventAddressId,
    ) -> Result<EventTested, Problem> {
        let (scope, now) = (TenantScope::of(may), self.host.now());
        let found = self.host.store.read(|tx| tx.get::<EventAddresses>(&scope, &id));
        let address = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        let about = About { address: Some(id), ..About::default() };
        let event = Event::new(EventKind::AddressTested, now, about, None);
        let sent = self.send_event(scope, &address, event.id, self.event_body(scope, &event)?).await?;
        let texts = texts(&self.host, scope, &id);
        let said = texts.seal("said", &sent.said)?;
        let state = if sent.is_taken() { DeliveryState::Delivered } else { DeliveryState::GivenUp };
        let attempt = EventAttempt { at: now, status: sent.status, said };
        let delivery = EventDelivery::due(now).tried(attempt, state, None);
        let tested = event.id;
        self.edit(|edit| {
            let (event, text) = (event.clone(), format!("{}: {}", texts.open_text("url", &address.url)?, sent.said));
            edit.act(move |tx| keep_event(tx, scope, &event));
            edit.put::<EventDeliveries>(scope, (tested, id), delivery.clone());
            edit.audit(self.audit_in_tenant(scope, may.by(), "event_address.tested", text.as_str().into())?);
            Ok(())
        })
        .await?;
        Ok(EventTested { event: tested, taken: sent.is_taken(), status: sent.status, said: sent.said })
    }
}

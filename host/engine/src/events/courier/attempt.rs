//! One try of one event at one address, and what is written of it in one transaction.

use weighbridge_model::access::ActorRef;
use weighbridge_model::event::{DeliveryState, DueEvent, Event, EventAddress, EventAttempt, next_try};
use weighbridge_model::id::EventId;
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{DueEvents, EventAddressStates, EventAddresses, EventDeliveries, Events, Tenants};
use weighbridge_store::{HostScope, TenantScope, Tx, TxError};

use super::super::send::Sent;
use super::super::texts;
use super::lanes::At;
use crate::audit::AuditLine;
use crate::chance;
use crate::counters::EventTry;
use crate::engine::Engine;
use crate::error::EngineError;

/// An organisation that is inactive is told of nothing; it is looked again whether it still is.
const INACTIVE_MS: i64 = 15 * 60_000;

/// What a try begins with.
enum Ready {
    /// It is sent.
    Send(Box<(Event, EventAddress, u32)>),
    /// It is looked at again at this instant.
    Later(Timestamp),
    /// Nobody waits for it any more.
    Over,
}

impl Engine {
    /// Tries; answers when it is tried again, where it is.
    pub(super) async fn try_event(&self, at: At, event: EventId) -> Result<Option<Timestamp>, EngineError> {
        let scope = HostScope::new().tenant(at.0);
        match self.ready(scope, at, event)? {
            Ready::Over => self.let_go_of(scope, at, event).await.map(|()| None),
            Ready::Later(again) => Ok(Some(again)),
            Ready::Send(row) => {
                let (event, address, tries) = *row;
                let body = self.event_body(scope, &event)?;
                let sent = self.send_event(scope, &address, event.id, body).await?;
                self.note_try(scope, &address, (event.id, tries + 1), sent).await
            }
        }
    }

    fn ready(&self, scope: TenantScope, at: At, event: EventId) -> Result<Ready, EngineError> {
        let now = self.host.now();
        Ok(self.host.store.read(|tx| {
            let due = tx.get::<DueEvents>(&HostScope::new(), &(at.0, at.1, event))?;
            let delivery = tx.get::<EventDeliveries>(&scope, &(event, at.1))?;
            let is_halted = tx.get::<EventAddressStates>(&scope, &at.1)?.is_some_and(|state| state.halt.is_some());
            let address = tx.get::<EventAddresses>(&scope, &at.1)?;
            let address = address.filter(|address| address.switch == Switch::On && !is_halted);
            let row = tx.get::<Events>(&scope, &event)?;
            let (Some(_), Some(delivery), Some(address), Some(row)) = (due, delivery, address, row) else {
                return Ok(Ready::Over);
            };
            let is_active = tx.get::<Tenants>(&scope, &())?.is_some_and(|tenant| tenant.status == Status::Active);
            Ok(match is_active {
                true => Ready::Send(Box::new((row, address, delivery.tries))),
                false => Ready::Later(now.plus_millis(INACTIVE_MS)),
            })
        })?)
    }

    /// Nobody waits for it: its address is off or gone.
    async fn let_go_of(&self, scope: TenantScope, (tenant, address): At, event: EventId) -> Result<(), EngineError> {
        let stop = move |tx: &mut Tx<'_>| {
            tx.remove::<DueEvents>(&HostScope::new(), &(tenant, address, event))?;
            stop_delivery(tx, scope, (event, address))
        };
        self.host.store.write(stop).await?;
        Ok(())
    }

    async fn note_try(
        &self,
        scope: TenantScope,
        address: &EventAddress,
        (event, tries): (EventId, u32),
        sent: Sent,
    ) -> Result<Option<Timestamp>, EngineError> {
        let (now, id) = (self.host.now(), address.id);
        let texts = texts(&self.host, scope, &id);
        let attempt = EventAttempt { at: now, status: sent.status, said: texts.seal("said", &sent.said)? };
        let again = next_try(tries, sent.asked_s, chance::share_of(1_000)?, now);
        let (state, again) = match (sent.is_taken(), again) {
            (true, _) => (DeliveryState::Delivered, None),
            (false, Some(again)) => (DeliveryState::Waiting, Some(again)),
            (false, None) => (DeliveryState::GivenUp, None),
        };
        self.host.counters.event_tried(match state {
            DeliveryState::Delivered => EventTry::Taken,
            DeliveryState::GivenUp => EventTry::GivenUp,
            DeliveryState::Waiting | DeliveryState::Stopped => EventTry::Waits,
        });
        let is_gone = sent.is_gone();
        let suspended = self.suspended_line(scope, &texts.open_text("url", &address.url)?, &sent)?;
        let note = move |tx: &mut Tx<'_>| {
            let Some(delivery) = tx.get::<EventDeliveries>(&scope, &(event, id))? else { return Ok(false) };
            // What was stopped meanwhile stays so, unless it was taken.
            let is_stopped = delivery.state == DeliveryState::Stopped && state != DeliveryState::Delivered;
            let (state, again) = if is_stopped { (DeliveryState::Stopped, None) } else { (state, again) };
            let due = (scope.id(), id, event);
            match again {
                Some(at) => tx.put::<DueEvents>(&HostScope::new(), &due, &DueEvent { at })?,
                None => tx.remove::<DueEvents>(&HostScope::new(), &due)?,
            }
            tx.put::<EventDeliveries>(&scope, &(event, id), &delivery.tried(attempt.clone(), state, again))?;
            note_state(tx, scope, id, (state == DeliveryState::Delivered, is_gone), (now, &suspended))
        };
        if self.host.store.write(note).await?.into_inner() {
            tracing::warn!(address = %id, "an address of events is suspended: it is gone, or took none for days");
            self.stop_deliveries(scope, id).await?;
            return Ok(None);
        }
        Ok(again)
    }

    fn suspended_line(&self, scope: TenantScope, url: &str, sent: &Sent) -> Result<AuditLine, EngineError> {
        let text = format!("{url}: {}", sent.said);
        self.audit_in_tenant(scope, ActorRef::HOST, "event_address.suspended", text.as_str().into())
    }
}

/// How the address stands after a try; answers whether it is suspended by it.
fn note_state(
    tx: &mut Tx<'_>,
    scope: TenantScope,
    id: weighbridge_model::id::EventAddressId,
    (is_taken, is_gone): (bool, bool),
    (now, suspended): (Timestamp, &AuditLine),
) -> Result<bool, TxError> {
    if tx.get::<EventAddresses>(&scope, &id)?.is_none() {
        return Ok(false);
    }
    let before = tx.get::<EventAddressStates>(&scope, &id)?.unwrap_or_default();
    let was_halted = before.halt.is_some();
    let state = if is_taken { before.taken(now) } else { before.failed(is_gone, now) };
    tx.put::<EventAddressStates>(&scope, &id, &state)?;
    if was_halted || state.halt.is_none() {
        return Ok(false);
    }
    suspended.write(tx)?;
    Ok(true)
}

/// The delivery is not tried any more.
pub(super) fn stop_delivery(
    tx: &mut Tx<'_>,
    scope: TenantScope,
    key: (EventId, weighbridge_model::id::EventAddressId),
) -> Result<(), TxError> {
    let waiting = tx.get::<EventDeliveries>(&scope, &key)?.filter(|row| row.state == DeliveryState::Waiting);
    waiting.map_or(Ok(()), |row| tx.put::<EventDeliveries>(&scope, &key, &row.stopped()))
}

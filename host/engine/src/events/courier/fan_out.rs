//! From events that are to be sent to addresses that want them, in the transaction that takes them out of the outbox.

use weighbridge_model::event::{DueEvent, Event, EventAddress, EventDelivery};
use weighbridge_model::id::{EventAddressId, EventId, TenantId};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{DueEvents, EventAddressStates, EventAddresses, EventDeliveries, Events, Outbox};
use weighbridge_store::verbs::EVERY_ADDRESS;
use weighbridge_store::{HostScope, TenantScope, Tx, TxError};

use super::super::EVENT_ADDRESSES_MAX;
use super::lanes::At;
use crate::engine::Engine;
use crate::error::EngineError;

/// So many events at once, each for all addresses of its tenant.
const STEP: usize = 40;

/// An event with the address that it is due at.
pub(super) type Due = (At, EventId);

impl Engine {
    /// Takes events out of the outbox, at most a step of them; answers what is due now, and whether there may be more.
    pub(super) async fn fan_out(&self) -> Result<(Vec<Due>, bool), EngineError> {
        let keys = self.host.store.read(|tx| tx.keys::<Outbox>(HostScope::new(), None, STEP))?;
        if keys.is_empty() {
            return Ok((Vec::new(), false));
        }
        let (count, now) = (keys.len(), self.host.now());
        let hand_over = move |tx: &mut Tx<'_>| {
            let mut due = Vec::new();
            for (_, key) in &keys {
                due.extend(hand_over(tx, *key, now)?);
            }
            Ok(due)
        };
        let due = self.host.store.write(hand_over).await?.into_inner();
        Ok((due, count == STEP))
    }
}

fn hand_over(
    tx: &mut Tx<'_>,
    (tenant, event, to): (TenantId, EventId, EventAddressId),
    now: Timestamp,
) -> Result<Vec<Due>, TxError> {
    let host = HostScope::new();
    tx.remove::<Outbox>(&host, &(tenant, event, to))?;
    let scope = host.tenant(tenant);
    let Some(row) = tx.get::<Events>(&scope, &event)? else { return Ok(Vec::new()) };
    let mut due = Vec::new();
    for (address, _) in wanting(tx, scope, &row)?.into_iter().filter(|(id, _)| to == EVERY_ADDRESS || to == *id) {
        let before = tx.get::<EventDeliveries>(&scope, &(event, address))?;
        let delivery = before.map_or_else(|| EventDelivery::due(now), |before| before.again(now));
        tx.put::<EventDeliveries>(&scope, &(event, address), &delivery)?;
        tx.put::<DueEvents>(&host, &(tenant, address, event), &DueEvent { at: now })?;
        due.push(((tenant, address), event));
    }
    Ok(due)
}

/// Addresses that are on, not suspended, and want this.
fn wanting(tx: &Tx<'_>, scope: TenantScope, event: &Event) -> Result<Vec<(EventAddressId, EventAddress)>, TxError> {
    let mut found = Vec::new();
    for (id, row) in tx.scan::<EventAddresses>(&scope, None, EVENT_ADDRESSES_MAX)? {
        let is_halted = tx.get::<EventAddressStates>(&scope, &id)?.is_some_and(|state| state.halt.is_some());
        found.extend((row.switch == Switch::On && !is_halted && row.wants(event.kind)).then_some((id, row)));
    }
    Ok(found)
}

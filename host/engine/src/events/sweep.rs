//! Let go of events that are kept no longer, with their tries.

use weighbridge_model::id::{EventAddressId, EventId};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{EventDeliveries, EventTimes, Events, Tenants};
use weighbridge_store::{HostScope, NewestInstant, TenantScope, Tx, TxError};

use super::{EVENT_ADDRESSES_MAX, EVENT_DAYS};
use crate::engine::Engine;
use crate::error::EngineError;

const DAY_MS: i64 = 86_400_000;
/// So many tenants are looked at in one view of the store.
const TENANTS_STEP: usize = 10_000;
/// So many events are forgotten in one transaction.
const STEP: usize = 20;

impl Engine {
    /// Forgets what happened longer ago than events are kept; answers how many there were.
    pub async fn sweep_events(&self) -> Result<u64, EngineError> {
        let before = self.host.now().plus_millis(-DAY_MS * i64::from(EVENT_DAYS));
        let (mut after, mut swept) = (None, 0);
        loop {
            let keys = self.host.store.read(|tx| tx.keys::<Tenants>(HostScope::new(), after.as_ref(), TENANTS_STEP))?;
            for (scope, ()) in &keys {
                swept += self.sweep_events_of(*scope, before).await?;
            }
            if keys.len() < TENANTS_STEP {
                return Ok(swept);
            }
            after = keys.last().copied();
        }
    }

    async fn sweep_events_of(&self, scope: TenantScope, before: Timestamp) -> Result<u64, EngineError> {
        let after = (NewestInstant(before), EventId::from_bytes([u8::MAX; 16]));
        let mut swept = 0;
        loop {
            let old = self.host.store.read(|tx| tx.scan::<EventTimes>(&scope, Some(&after), STEP))?;
            if old.is_empty() {
                return Ok(swept);
            }
            swept += old.len() as u64;
            let forget = move |tx: &mut Tx<'_>| old.iter().try_for_each(|(place, _)| forget(tx, scope, place));
            self.host.store.write(forget).await?;
        }
    }
}

fn forget(tx: &mut Tx<'_>, scope: TenantScope, place: &(NewestInstant, EventId)) -> Result<(), TxError> {
    let first = (place.1, EventAddressId::from_bytes([0; 16]));
    for (key, _) in tx.scan::<EventDeliveries>(&scope, Some(&first), EVENT_ADDRESSES_MAX * 2)? {
        if key.0 == place.1 {
            tx.remove::<EventDeliveries>(&scope, &key)?;
        }
    }
    tx.remove::<Events>(&scope, &place.1)?;
    tx.remove::<EventTimes>(&scope, place)
}

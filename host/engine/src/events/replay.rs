//! Send the events of a time again, under the same ids, so that receivers can drop what they have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::event::EventKind;
use weighbridge_model::id::{EventAddressId, EventId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{Events, Marked, Outbox};
use weighbridge_store::verbs::EVERY_ADDRESS;
use weighbridge_store::{HostScope, TenantScope, Tx};

use super::list::Span;
use super::view::EventAddressStatus;
use crate::engine::Engine;
use crate::error::EngineError;

/// Which events are sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayEvents {
    /// Not before this date or instant.
    pub from: String,
    /// Before this date or instant.
    pub to: String,
    /// To this address; to all of them where it is left out.
    #[serde(default)]
    pub address: Option<EventAddressId>,
}

/// How many are sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Replayed {
    /// Events; each goes to the addresses that want its kind.
    pub events: u64,
}

/// The most events that are sent again at once.
const EVENTS_MAX: usize = 10_000;
const STEP: usize = 500;

impl Engine {
    /// Sends all events of a time again, those too that were taken; each keeps its id.
    pub async fn replay_events(
        &self,
        may: &Permission<kinds::EventsReplay>,
        replay: &ReplayEvents,
    ) -> Result<Replayed, Problem> {
        let scope = TenantScope::of(may);
        let to = self.replayed_to(scope, replay)?;
        let found = self.events_between(scope, replay)?;
        let text = format!("{} events from {} to {}", found.len(), replay.from, replay.to);
        self.edit(|edit| {
            edit.audit(self.audit_in_tenant(scope, may.by(), "events.replayed", text.as_str().into())?);
            Ok(())
        })
        .await?;
        for step in found.chunks(STEP) {
            let step = step.to_vec();
            let mark = move |tx: &mut Tx<'_>| {
                step.iter().try_for_each(|id| tx.put::<Outbox>(&HostScope::new(), &(scope.id(), *id, to), &Marked {}))
            };
            self.host.store.write(mark).await.map_err(EngineError::from)?;
        }
        Ok(Replayed { events: found.len() as u64 })
    }

    /// An address that is told of nothing would be sent nothing.
    fn replayed_to(&self, scope: TenantScope, replay: &ReplayEvents) -> Result<EventAddressId, Problem> {
        let Some(id) = replay.address else { return Ok(EVERY_ADDRESS) };
        match self.event_address_shown(scope, id)?.status {
            EventAddressStatus::On => Ok(id),
            EventAddressStatus::Off | EventAddressStatus::Suspended => Err(ProblemCode::EventAddressOff.into()),
        }
    }

    fn events_between(&self, scope: TenantScope, replay: &ReplayEvents) -> Result<Vec<EventId>, Problem> {
        let mut walk = Span::read(Some(&replay.from), Some(&replay.to), &self.zone_of(scope)?)?.walk(scope);
        let mut found = Vec::new();
        while let Some(id) = walk.next(self)? {
            let event = self.host.store.read(|tx| tx.get::<Events>(&scope, &id)).map_err(EngineError::from)?;
            found.extend(event.filter(|event| event.kind != EventKind::AddressTested).map(|event| event.id));
            if found.len() > EVENTS_MAX {
                let what = format!("there are more than {EVENTS_MAX} events in this time; take a shorter one");
                return Err(Problem::invalid("from", what));
            }
        }
        Ok(found)
    }
}

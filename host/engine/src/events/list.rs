//! What a tenant was told of, the newest first, and one event.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::event::EventKind;
use weighbridge_model::id::{CustomerId, EventId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::{Timestamp, Zone};
use weighbridge_store::tables::{EventTimes, Events};
use weighbridge_store::{NewestInstant, TenantScope};

use super::view::{EventState, EventView};
use crate::account::{Page, inputs};
use crate::engine::Engine;
use crate::error::EngineError;

/// Which events. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventFilter {
    /// Only of this kind.
    pub kind: Option<EventKind>,
    /// Only about this customer.
    pub customer: Option<CustomerId>,
    /// Only those that are so far.
    pub state: Option<EventState>,
    /// Not before this date or instant.
    pub from: Option<String>,
    /// Before this date or instant.
    pub to: Option<String>,
    /// How many on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// Events looked at in one view of the store, and at most for one page.
const STEP: usize = 500;
const LOOKED_AT_MAX: usize = 20_000;

/// Where an event stands in time.
type Place = (NewestInstant, EventId);

impl Engine {
    /// What a tenant was told of in the last 30 days, and how far it is.
    pub fn events(
        &self,
        may: &Permission<kinds::EventsRead>,
        filter: &EventFilter,
    ) -> Result<Page<EventView>, Problem> {
        let scope = TenantScope::of(may);
        let limit = filter.limit.unwrap_or(50).clamp(1, 1_000) as usize;
        let mut walk = Span::read(filter.from.as_deref(), filter.to.as_deref(), &self.zone_of(scope)?)?.walk(scope);
        if let Some(cursor) = &filter.cursor {
            walk.after = Some(place(cursor)?);
        }
        let mut items = Vec::new();
        for looked_at in 0.. {
            let before = walk.after;
            let Some(id) = walk.next(self)? else { break };
            if items.len() == limit || looked_at == LOOKED_AT_MAX {
                return Ok(Page { items, next: before.map(|(at, id)| format!("{}-{id}", at.0.as_millis())) });
            }
            items.extend(self.event_fitting(scope, id, filter)?);
        }
        Ok(Page { items, next: None })
    }

    fn event_fitting(
        &self,
        scope: TenantScope,
        id: EventId,
        filter: &EventFilter,
    ) -> Result<Option<EventView>, EngineError> {
        let found = self.host.store.read(|tx| tx.get::<Events>(&scope, &id))?;
        let found = found.filter(|event| filter.kind.is_none_or(|kind| event.kind == kind));
        let found = found.filter(|event| filter.customer.is_none_or(|customer| event.about.customer == Some(customer)));
        let view = found.map(|event| self.event_view(scope, &event)).transpose()?;
        Ok(view.filter(|view| filter.state.is_none_or(|state| view.state == state)))
    }

    /// One event.
    pub fn event(&self, may: &Permission<kinds::EventsRead>, id: EventId) -> Result<EventView, Problem> {
        let scope = TenantScope::of(may);
        let found = self.host.store.read(|tx| tx.get::<Events>(&scope, &id));
        let event = found.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.event_view(scope, &event)?)
    }
}

/// From when to when.
pub(super) struct Span {
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
}

impl Span {
    pub(super) fn read(from: Option<&str>, to: Option<&str>, zone: &Zone) -> Result<Self, Problem> {
        let from = from.map(|text| inputs::instant(zone, text, "from")).transpose()?;
        let to = to.map(|text| inputs::instant(zone, text, "to")).transpose()?;
        Ok(Self { from, to })
    }

    /// All events within, the newest first.
    pub(super) fn walk(&self, scope: TenantScope) -> Walk {
        // The last place of an instant stands before all of those before it.
        let before = self.to.map(|to| (NewestInstant(to), EventId::from_bytes([u8::MAX; 16])));
        Walk { scope, from: self.from, after: before, step: Vec::new(), is_last: false }
    }
}

/// Goes through events, the newest first, in steps.
pub(super) struct Walk {
    scope: TenantScope,
    from: Option<Timestamp>,
    after: Option<Place>,
    step: Vec<Place>,
    is_last: bool,
}

impl Walk {
    pub(super) fn next(&mut self, engine: &Engine) -> Result<Option<EventId>, EngineError> {
        if self.step.is_empty() && !self.is_last {
            let rows = engine.host.store.read(|tx| tx.scan::<EventTimes>(&self.scope, self.after.as_ref(), STEP))?;
            self.is_last = rows.len() < STEP;
            self.step = rows.into_iter().rev().map(|(place, _)| place).collect();
        }
        let Some((at, id)) = self.step.pop() else { return Ok(None) };
        if self.from.is_some_and(|from| at.0 < from) {
            (self.step, self.is_last) = (Vec::new(), true);
            return Ok(None);
        }
        self.after = Some((at, id));
        Ok(Some(id))
    }
}

fn place(cursor: &str) -> Result<Place, Problem> {
    let parts = cursor.split_once('-');
    let place =
        parts.and_then(|(at, id)| Some((NewestInstant(Timestamp::from_millis(at.parse().ok()?)), id.parse().ok()?)));
    place.ok_or_else(|| Problem::invalid("cursor", "this is no cursor of this list; begin without one"))
}

//! What is due where: one lane for each address, so that a slow one holds up nobody but itself.

use std::collections::{BTreeMap, BTreeSet};

use weighbridge_model::id::{EventAddressId, EventId, TenantId};
use weighbridge_model::time::Timestamp;

/// So many tries are under way to one address at once.
const AT_ONCE_MAX: usize = 4;

/// An address.
pub(super) type At = (TenantId, EventAddressId);

/// All lanes, in memory; the store has the same in `DueEvents`.
#[derive(Debug, Default)]
pub(super) struct Lanes(BTreeMap<At, Lane>);

#[derive(Debug, Default)]
struct Lane {
    due: BTreeSet<(Timestamp, EventId)>,
    under_way: BTreeSet<EventId>,
}

impl Lanes {
    /// An event that is due at an address, once, however often it is said.
    pub(super) fn add(&mut self, at: At, event: EventId, when: Timestamp) {
        let lane = self.0.entry(at).or_default();
        lane.due.retain(|(_, known)| *known != event);
        lane.due.insert((when, event));
    }

    /// What may be tried now, at most so many.
    pub(super) fn begin(&mut self, now: Timestamp, limit: usize) -> Vec<(At, EventId)> {
        let mut begun = Vec::new();
        for (at, lane) in &mut self.0 {
            while begun.len() < limit
                && let Some(event) = lane.begin(now)
            {
                begun.push((*at, event));
            }
        }
        begun
    }

    /// A try ended; it is tried again where an instant is given.
    pub(super) fn end(&mut self, at: At, event: EventId, again: Option<Timestamp>) {
        let Some(lane) = self.0.get_mut(&at) else { return };
        lane.under_way.remove(&event);
        // Where it was asked for once more meanwhile, that stands.
        if let Some(again) = again.filter(|_| !lane.due.iter().any(|(_, known)| *known == event)) {
            lane.due.insert((again, event));
        }
        if lane.due.is_empty() && lane.under_way.is_empty() {
            self.0.remove(&at);
        }
    }

    /// When something is due next at an address that could be tried.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let free = self.0.values().filter(|lane| lane.under_way.len() < AT_ONCE_MAX);
        free.filter_map(|lane| lane.due.first().map(|(at, _)| *at)).min()
    }
}

impl Lane {
    fn begin(&mut self, now: Timestamp) -> Option<EventId> {
        let free = self.under_way.len() < AT_ONCE_MAX;
        let found = self.due.iter().take_while(|(at, _)| free && *at <= now);
        let (at, event) = found.copied().find(|(_, event)| !self.under_way.contains(event))?;
        self.due.remove(&(at, event));
        self.under_way.insert(event);
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_768_478_400_000);

    fn at(address: u8) -> At {
        (TenantId::from_bytes([1; 16]), EventAddressId::from_bytes([address; 16]))
    }

    fn event(number: u8) -> EventId {
        EventId::from_bytes([number; 16])
    }

    #[test]
    fn an_address_begins_when_another_one_is_full() {
        let mut lanes = Lanes::default();
        (0..9).for_each(|number| lanes.add(at(1), event(number), NOON));
        assert_eq!(lanes.begin(NOON, 100).len(), AT_ONCE_MAX);
        lanes.add(at(2), event(0), NOON);
        assert_eq!(lanes.begin(NOON, 100), [(at(2), event(0))]);
        lanes.end(at(1), event(0), None);
        assert_eq!(lanes.begin(NOON, 100), [(at(1), event(4))]);
    }

    #[test]
    fn nothing_begins_before_it_is_due_or_twice_at_once() {
        let mut lanes = Lanes::default();
        lanes.add(at(1), event(1), NOON.plus_millis(1));
        assert_eq!((lanes.begin(NOON, 100).len(), lanes.next()), (0, Some(NOON.plus_millis(1))));
        assert_eq!(lanes.begin(NOON.plus_millis(1), 100).len(), 1);
        lanes.add(at(1), event(1), NOON);
        assert_eq!(lanes.begin(NOON.plus_millis(2), 100), []);
        lanes.end(at(1), event(1), None);
        assert_eq!(lanes.begin(NOON.plus_millis(2), 100).len(), 1, "it was asked for again while it was under way");
    }
}

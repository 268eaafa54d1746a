//! Where a tenant is told of events, and how that stands.

use serde::{Deserialize, Serialize};

use super::kind::EventKind;
use crate::id::EventAddressId;
use crate::name::Code;
use crate::sealed::Sealed;
use crate::tenant::Switch;
use crate::time::Timestamp;

/// An address of a tenant's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventAddress {
    /// Its id.
    pub id: EventAddressId,
    /// The URL.
    pub url: Sealed,
    /// What it is for.
    pub description: Sealed,
    /// Of what it is told; none named is everything.
    #[serde(default)]
    pub kinds: Vec<EventKind>,
    /// Whether a person wants it told.
    pub switch: Switch,
    /// What it is signed with.
    pub secret: Sealed,
    /// What it was signed with before, for a while.
    #[serde(default)]
    pub retired: Option<RetiredSecret>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A secret that was exchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredSecret {
    /// The secret.
    pub secret: Sealed,
    /// Until when both sign.
    pub until: Timestamp,
}

/// How an address answered lately. It stands beside the address, so that sending changes nothing that a person edits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventAddressState {
    /// The last time it took an event.
    pub taken_at: Option<Timestamp>,
    /// Since when it took none that was tried.
    pub failing_since: Option<Timestamp>,
    /// That it is told of nothing, until a person switches it on again.
    pub halt: Option<Halt>,
}

/// Why an address is told of nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// The stable code.
    pub code: Code,
    /// Since when.
    pub at: Timestamp,
}

/// An address that took nothing for so long is told of nothing more: five days, as others do it.
const FAILING_MS_MAX: i64 = 5 * 24 * 3_600_000;

impl EventAddress {
    /// Whether it is to be told of this.
    pub fn wants(&self, kind: EventKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

impl EventAddressState {
    /// It answered, and said in any case that it is there.
    #[must_use]
    pub fn taken(self, now: Timestamp) -> Self {
        Self { taken_at: Some(now), failing_since: None, ..self }
    }

    /// It did not take an event.
    #[must_use]
    pub fn failed(mut self, is_gone: bool, now: Timestamp) -> Self {
        let since = *self.failing_since.get_or_insert(now);
        let code = match () {
            () if is_gone => Some("event_address.gone"),
            () if now >= since.plus_millis(FAILING_MS_MAX) => Some("event_address.failing"),
            () => None,
        };
        if self.halt.is_none() {
            self.halt = code.map(|code| Halt { code: Code::known(code), at: now });
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_768_478_400_000);

    #[test]
    fn an_address_is_halted_when_it_failed_for_five_days_and_not_before() {
        let state = EventAddressState::default().failed(false, NOON);
        let later = |ms| state.clone().failed(false, NOON.plus_millis(ms)).halt;
        assert_eq!(later(FAILING_MS_MAX - 1), None);
        assert_eq!(later(FAILING_MS_MAX).map(|halt| halt.code.to_string()).as_deref(), Some("event_address.failing"));
    }

    #[test]
    fn an_address_that_takes_an_event_has_not_failed_for_long() {
        let state = EventAddressState::default().failed(false, NOON).taken(NOON.plus_millis(FAILING_MS_MAX - 1));
        assert_eq!(state.failed(false, NOON.plus_millis(FAILING_MS_MAX)).halt, None);
    }

    #[test]
    fn an_address_that_says_it_is_gone_is_halted_at_once() {
        let halt = EventAddressState::default().failed(true, NOON).halt;
        assert_eq!(halt.map(|halt| halt.code.to_string()).as_deref(), Some("event_address.gone"));
    }
}

//! One event on its way to one address: how often it was tried, and when it is tried next.

use serde::{Deserialize, Serialize};

use crate::sealed::Sealed;
use crate::time::Timestamp;

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is tried now, or again later.
    Waiting,
    /// The address took it.
    Delivered,
    /// It was tried as often as an event is.
    GivenUp,
    /// The address was switched off or deleted before it took it.
    Stopped,
}

/// An event on its way to an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDelivery {
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried since it was last asked for.
    pub tries: u32,
    /// When it is tried next, where it is.
    #[serde(default)]
    pub next_at: Option<Timestamp>,
    /// The last tries, the oldest first.
    #[serde(default)]
    pub attempts: Vec<EventAttempt>,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventAttempt {
    /// When.
    pub at: Timestamp,
    /// What it answered; nothing where there was no answer.
    #[serde(default)]
    pub status: Option<u16>,
    /// The same in words.
    pub said: Sealed,
}

/// So many tries are remembered of a delivery.
const ATTEMPTS_MAX: usize = 20;

/// The waits that the Standard Webhooks specification suggests: after the tenth try, three days after the first, it is over.
const WAITS_S: [u32; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The longest wait that an address may ask for.
const ASKED_S_MAX: u32 = 86_400;

/// How often an event is tried.
pub const fn tries_max() -> u32 {
    WAITS_S.len() as u32 + 1
}

/// When it is tried again after so many tries that failed; nothing where it is given up. `asked_s` is what the address asked
/// for, and `share` of a thousandth says how much of a fifth of the wait is added, so that not all come back at once.
pub fn next_try(tries: u32, asked_s: Option<u32>, share: u64, now: Timestamp) -> Option<Timestamp> {
    let wait = *WAITS_S.get(usize::try_from(tries).ok()?.checked_sub(1)?)?;
    let wait_ms = i64::from(wait.max(asked_s.unwrap_or(0).min(ASKED_S_MAX))) * 1_000;
    let jitter_ms = wait_ms / 5 * i64::try_from(share.min(1_000)).unwrap_or(0) / 1_000;
    Some(now.plus_millis(wait_ms + jitter_ms))
}

impl EventDelivery {
    /// One that is due.
    pub const fn due(now: Timestamp) -> Self {
        Self { state: DeliveryState::Waiting, tries: 0, next_at: Some(now), attempts: Vec::new() }
    }

    /// The same, sent again from the beginning; what was tried before stays to be seen.
    #[must_use]
    pub fn again(self, now: Timestamp) -> Self {
        Self { attempts: self.attempts, ..Self::due(now) }
    }

    /// The same after a try.
    #[must_use]
    pub fn tried(mut self, attempt: EventAttempt, state: DeliveryState, next_at: Option<Timestamp>) -> Self {
        self.attempts.push(attempt);
        let beyond = self.attempts.len().saturating_sub(ATTEMPTS_MAX);
        self.attempts.drain(..beyond);
        Self { state, tries: self.tries + 1, next_at, attempts: self.attempts }
    }

    /// The same where nobody tries it any more.
    #[must_use]
    pub fn stopped(self) -> Self {
        Self { state: DeliveryState::Stopped, next_at: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_768_478_400_000);

    fn wait(tries: u32, asked: Option<u32>, share: u64) -> Option<i64> {
        next_try(tries, asked, share, NOON).map(|at| (at.as_millis() - NOON.as_millis()) / 1_000)
    }

    #[test]
    fn tries_go_on_for_three_days_and_then_end() {
        let waits: Vec<i64> = (1..=tries_max()).map_while(|tries| wait(tries, None, 0)).collect();
        assert_eq!(waits, WAITS_S.map(i64::from));
        let days = waits.iter().sum::<i64>() / 86_400;
        assert_eq!((days, wait(tries_max(), None, 0)), (3, None));
    }

    #[test]
    fn an_address_is_waited_for_as_long_as_it_asks_up_to_a_day() {
        assert_eq!(wait(1, Some(60), 0), Some(60));
        assert_eq!(wait(2, Some(60), 0), Some(300));
        assert_eq!(wait(1, Some(u32::MAX), 0), Some(86_400));
    }

    #[test]
    fn a_wait_is_longer_by_a_fifth_at_most() {
        assert_eq!(wait(2, None, 1_000), Some(360));
        assert_eq!(wait(2, None, 5_000), Some(360));
    }
}

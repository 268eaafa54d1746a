//! How fast somebody may ask: by who they are, or by where they ask from while nobody knows them.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use http::{HeaderMap, HeaderValue, header};

use crate::settings::Settings;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// After so many keys those are forgotten that have all of their minute again.
const KEYS_MAX: usize = 20_000;

/// Counts requests by whom they are of.
pub(crate) struct Pace(RwLock<Counts>);

#[derive(Clone)]
struct Counts {
    actors: Arc<Counted<String>>,
    strangers: Arc<Counted<IpAddr>>,
    hooks: Arc<Counted<String>>,
}

/// What is left of somebody's minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    policy: &'static str,
    per_minute: NonZeroU32,
    remaining: u32,
    /// How long to wait, where nothing is left.
    wait: Option<Duration>,
}

struct Counted<K: Clone + Eq + Hash> {
    limiter: Limiter<K>,
    policy: &'static str,
    per_minute: NonZeroU32,
}

impl<K: Clone + Eq + Hash> Counted<K> {
    fn new(policy: &'static str, per_minute: NonZeroU32) -> Self {
        let limiter = RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware::<StateInformationMiddleware>();
        Self { limiter, policy, per_minute }
    }

    /// What was counted goes on where the number is the same.
    fn adjusted(self: &Arc<Self>, per_minute: NonZeroU32) -> Arc<Self> {
        if self.per_minute == per_minute { Arc::clone(self) } else { Arc::new(Self::new(self.policy, per_minute)) }
    }

    fn take(&self, key: &K) -> Left {
        if self.limiter.len() > KEYS_MAX {
            self.limiter.retain_recent();
        }
        let (remaining, wait) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => (0, Some(until.wait_time_from(DefaultClock::default().now()))),
        };
        Left { policy: self.policy, per_minute: self.per_minute, remaining, wait }
    }
}

impl Pace {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self(RwLock::new(Counts {
            actors: Arc::new(Counted::new("actor", settings.requests_per_minute)),
            strangers: Arc::new(Counted::new("address", settings.stranger_requests_per_minute)),
            hooks: Arc::new(Counted::new("hook", settings.hook_calls_per_minute)),
        }))
    }

    /// From now on so many are admitted.
    pub(crate) fn adjust(&self, settings: &Settings) {
        let mut counts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *counts = Counts {
            actors: counts.actors.adjusted(settings.requests_per_minute),
            strangers: counts.strangers.adjusted(settings.stranger_requests_per_minute),
            hooks: counts.hooks.adjusted(settings.hook_calls_per_minute),
        };
    }

    fn counts(&self) -> Counts {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a request of somebody who is known.
    pub(crate) fn actor(&self, actor: &weighbridge::model::access::Actor) -> Left {
        self.counts().actors.take(&format!("{:?} {:?}", actor.who, actor.tenant))
    }

    /// Counts a call of a hook, by what its address ends with.
    pub(crate) fn hook(&self, address: &str) -> Left {
        // What is no address may be long, and all of it is one.
        self.counts().hooks.take(&address.chars().take(32).collect())
    }

    /// Counts a request of nobody who is known.
    pub(crate) fn stranger(&self, from: IpAddr) -> Left {
        self.counts().strangers.take(&crate::pull::network(from))
    }
}

impl Left {
    /// Whether the request came too early.
    pub(crate) const fn is_over(&self) -> bool {
        self.wait.is_some()
    }

    /// Says it, as RFC drafts of the IETF's httpapi group have it.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let Self { policy, per_minute, remaining, wait } = self;
        let seconds = wait.map_or(60, |wait| wait.as_millis().div_ceil(1_000).max(1));
        let lines = [
            ("ratelimit-policy", format!("\"{policy}\";q={per_minute};w=60")),
            ("ratelimit", format!("\"{policy}\";r={remaining};t={seconds}")),
        ];
        for (name, line) in lines {
            if let Ok(line) = HeaderValue::try_from(line) {
                headers.insert(name, line);
            }
        }
        if wait.is_some()
            && let Ok(line) = HeaderValue::try_from(seconds.to_string())
        {
            headers.insert(header::RETRY_AFTER, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_holds_at_once_and_what_was_counted_under_the_same_one_goes_on() {
        let per_minute = |strangers: u32, actors: u32| Settings {
            stranger_requests_per_minute: NonZeroU32::new(strangers).unwrap(),
            requests_per_minute: NonZeroU32::new(actors).unwrap(),
            ..Settings::default()
        };
        let (pace, from) = (Pace::new(&per_minute(1, 1)), IpAddr::from([203, 0, 113, 1]));
        assert!(!pace.stranger(from).is_over() && pace.stranger(from).is_over());
        pace.adjust(&per_minute(1, 5));
        assert!(pace.stranger(from).is_over(), "another number of somebody else's gives nothing back");
        pace.adjust(&per_minute(2, 5));
        assert!(!pace.stranger(from).is_over() && !pace.stranger(from).is_over() && pace.stranger(from).is_over());
    }
}

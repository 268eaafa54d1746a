//! What became of requests, over all clients of a host, for whoever watches it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use weighbridge_model::histogram::{Histogram, QUICK_US, Spread};

use crate::refusal::Refusal;

/// Counts of all clients that share it.
#[derive(Debug)]
pub struct Departures {
    delayed: AtomicU64,
    held_off: AtomicU64,
    /// By the class of the answer's status, or by the code of why there was none.
    outcomes: Mutex<BTreeMap<&'static str, u64>>,
    times: Histogram,
}

impl Default for Departures {
    fn default() -> Self {
        let (delayed, held_off, outcomes) = (AtomicU64::default(), AtomicU64::default(), Mutex::default());
        Self { delayed, held_off, outcomes, times: Histogram::over(QUICK_US) }
    }
}

impl Departures {
    /// Requests that waited for the budget, and left.
    pub fn delayed(&self) -> u64 {
        self.delayed.load(Relaxed)
    }

    /// Requests that would have had to wait too long, and did not leave.
    pub fn held_off(&self) -> u64 {
        self.held_off.load(Relaxed)
    }

    /// How requests ended: `2xx`, or the stable code of a refusal.
    pub fn outcomes(&self) -> BTreeMap<&'static str, u64> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How long those that left took until the head of their answer, or until there was none.
    pub fn times(&self) -> Spread {
        self.times.spread()
    }

    /// Counts what had to wait, or did not get through.
    pub(crate) fn waited(&self, how_long: Duration, is_through: bool) {
        match is_through {
            false => self.held_off.fetch_add(1, Relaxed),
            true if how_long >= Duration::from_millis(1) => self.delayed.fetch_add(1, Relaxed),
            true => 0,
        };
    }

    /// Counts a request that left. One that our own rules stopped on the way, by the address of its host, did not.
    pub(crate) fn left(&self, took: Duration, ended: Result<StatusCode, &Refusal>) {
        let outcome = match ended {
            Ok(status) => class(status),
            Err(Refusal::Denied(_)) => return,
            Err(refusal) => refusal.code(),
        };
        self.times.note(took);
        self.count(outcome);
    }

    /// Counts one that our own rules let go nowhere.
    pub(crate) fn kept_in(&self, refusal: &Refusal) {
        self.count(refusal.code());
    }

    fn count(&self, outcome: &'static str) {
        *self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).entry(outcome).or_default() += 1;
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

//! What a running host counts for whoever watches it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use weighbridge_egress::Delays;
use weighbridge_model::gate::RefusalCode;
use weighbridge_model::run::RunState;

/// Counts since the engine was opened.
#[derive(Debug, Default)]
pub struct Counters {
    runs: Mutex<BTreeMap<&'static str, u64>>,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
    batches: AtomicU64,
    records: AtomicU64,
    bytes: AtomicU64,
    grants_renewed: AtomicU64,
    delays: Arc<Delays>,
    violations: AtomicU64,
}

/// The counts at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs that ended, by state.
    pub runs: BTreeMap<&'static str, u64>,
    /// Refusals, by code.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Batches settled.
    pub batches: u64,
    /// Records delivered.
    pub records: u64,
    /// Bytes delivered.
    pub bytes: u64,
    /// Access tokens that were renewed.
    pub grants_renewed: u64,
    /// Requests that waited for their platform's rate limit.
    pub requests_delayed: u64,
    /// Requests that would have had to wait too long for it, and were not made.
    pub requests_held_off: u64,
    /// Invariants found broken; anything but zero is a fault of this program.
    pub violations: u64,
}

impl Counters {
    pub(crate) fn run_ended(&self, state: RunState) {
        let state = match state {
            RunState::Running => "interrupted",
            RunState::Succeeded => "succeeded",
            RunState::PartiallySucceeded => "partially_succeeded",
            RunState::Refused => "refused",
            RunState::Stopped => "stopped",
            RunState::Failed => "failed",
            RunState::Cancelled => "cancelled",
        };
        *self.runs.lock().unwrap_or_else(PoisonError::into_inner).entry(state).or_default() += 1;
    }

    pub(crate) fn refused(&self, code: RefusalCode) {
        *self.refusals.lock().unwrap_or_else(PoisonError::into_inner).entry(code.as_str()).or_default() += 1;
    }

    pub(crate) fn settled(&self, records: u64, bytes: u64) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.records.fetch_add(records, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn grant_renewed(&self) {
        self.grants_renewed.fetch_add(1, Ordering::Relaxed);
    }

    /// Where clients count what their platforms' limits delay.
    pub(crate) fn delays(&self) -> Arc<Delays> {
        Arc::clone(&self.delays)
    }

    pub(crate) fn violated(&self, what: &str) {
        tracing::error!(what, "an invariant is broken");
        self.violations.fetch_add(1, Ordering::Relaxed);
    }

    /// The counts now.
    pub fn tally(&self) -> Tally {
        Tally {
            runs: self.runs.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            refusals: self.refusals.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            batches: self.batches.load(Ordering::Relaxed),
            records: self.records.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            grants_renewed: self.grants_renewed.load(Ordering::Relaxed),
            requests_delayed: self.delays.delayed(),
            requests_held_off: self.delays.refused(),
            violations: self.violations.load(Ordering::Relaxed),
        }
    }
}

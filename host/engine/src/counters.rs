//! What a running host counts for whoever watches it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use weighbridge_egress::Departures;
use weighbridge_model::gate::RefusalCode;
use weighbridge_model::histogram::{Histogram, LATE_US, QUICK_US, Spread};
use weighbridge_model::run::{Counts, RunState};
use weighbridge_sandbox::Stop;
use weighbridge_store::Vitals;

use crate::arrivals::{Arrivals, Door};

/// Counts since the engine was opened.
#[derive(Debug)]
pub struct Counters {
    runs: Mutex<BTreeMap<&'static str, u64>>,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
    batches: AtomicU64,
    moved: Mutex<Counts>,
    grants_renewed: AtomicU64,
    event_tries: Mutex<BTreeMap<&'static str, u64>>,
    departures: Arc<Departures>,
    stops: Arc<Stops>,
    unbalanced: AtomicU64,
    vitals: Arc<Vitals>,
    gate: Histogram,
    lateness: Histogram,
    arrivals: Arrivals,
}

/// The counts at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Runs that ended, by state.
    pub runs: BTreeMap<&'static str, u64>,
    /// Refusals, by code.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Batches settled.
    pub batches: u64,
    /// What became of the records in them.
    pub moved: Counts,
    /// Access tokens that were renewed.
    pub grants_renewed: u64,
    /// Tries to hand an event over, by what came of them.
    pub event_tries: BTreeMap<&'static str, u64>,
    /// Requests that waited for their platform's rate limit.
    pub requests_delayed: u64,
    /// Requests that would have had to wait too long for it, and were not made.
    pub requests_held_off: u64,
    /// Requests, by the class of their answer's status or the code of why there was none.
    pub requests: BTreeMap<&'static str, u64>,
    /// How long requests took to the head of their answer.
    pub request_times: Spread,
    /// Guests that broke a rule or crashed, by their connector's name and the code.
    pub stops: BTreeMap<(String, &'static str), u64>,
    /// Invariants found broken; anything but zero is a fault of this program.
    pub violations: BTreeMap<&'static str, u64>,
    /// How long it took from asking the gate until what it answered was durable.
    pub gate_times: Spread,
    /// How long after their time occurrences of schedules were passed.
    pub lateness: Spread,
    /// How long commits took.
    pub commit_times: Spread,
    /// Requests that came in, by door and class of their answer.
    pub arrivals: BTreeMap<(&'static str, &'static str), u64>,
    /// How long they took to the head of their answer, by door.
    pub arrival_times: Vec<(&'static str, Spread)>,
}

/// Guests that were stopped, by their connector's name and the code.
#[derive(Debug, Default)]
pub(crate) struct Stops(Mutex<BTreeMap<(String, &'static str), u64>>);

impl Stops {
    pub(crate) fn note(&self, connector: &str, stop: Stop) {
        let key = (connector.to_owned(), stop.code());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }
}

/// How a run ended, as it is counted.
pub(crate) const fn word(state: RunState) -> &'static str {
    match state {
        RunState::Running => "interrupted",
        RunState::Succeeded => "succeeded",
        RunState::PartiallySucceeded => "partially_succeeded",
        RunState::Refused => "refused",
        RunState::Stopped => "stopped",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
    }
}

/// What came of handing an event over once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventTry {
    /// It was taken.
    Taken,
    /// It was not, and comes again.
    Waits,
    /// It was not, and nobody tries again.
    GivenUp,
}

const fn event_word(ended: EventTry) -> &'static str {
    match ended {
        EventTry::Taken => "taken",
        EventTry::Waits => "waits",
        EventTry::GivenUp => "given_up",
    }
}

/// A figure that begins at nothing is there from the beginning, so that its first step is seen.
fn zeros(words: impl IntoIterator<Item = &'static str>) -> Mutex<BTreeMap<&'static str, u64>> {
    Mutex::new(words.into_iter().map(|word| (word, 0)).collect())
}

fn add(counts: &Mutex<BTreeMap<&'static str, u64>>, word: &'static str) {
    *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(word).or_default() += 1;
}

fn copy<T: Clone>(of: &Mutex<T>) -> T {
    of.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

impl Counters {
    /// Nothing is counted yet, but for what the store counts itself.
    pub(crate) fn beside(vitals: Arc<Vitals>) -> Self {
        let states = [
            RunState::Running,
            RunState::Succeeded,
            RunState::PartiallySucceeded,
            RunState::Refused,
            RunState::Stopped,
            RunState::Failed,
            RunState::Cancelled,
        ];
        Self {
            runs: zeros(states.map(word)),
            refusals: zeros(RefusalCode::ALL.iter().map(|code| code.as_str())),
            batches: AtomicU64::new(0),
            moved: Mutex::default(),
            grants_renewed: AtomicU64::new(0),
            event_tries: zeros([EventTry::Taken, EventTry::Waits, EventTry::GivenUp].map(event_word)),
            departures: Arc::default(),
            stops: Arc::default(),
            unbalanced: AtomicU64::new(0),
            vitals,
            gate: Histogram::over(QUICK_US),
            lateness: Histogram::over(LATE_US),
            arrivals: Arrivals::default(),
        }
    }

    pub(crate) fn run_ended(&self, state: RunState) {
        add(&self.runs, word(state));
    }

    pub(crate) fn refused(&self, code: RefusalCode) {
        add(&self.refusals, code.as_str());
    }

    pub(crate) fn settled(&self, counts: &Counts) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.moved.lock().unwrap_or_else(PoisonError::into_inner).add(counts);
    }

    pub(crate) fn grant_renewed(&self) {
        self.grants_renewed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn event_tried(&self, ended: EventTry) {
        add(&self.event_tries, event_word(ended));
    }

    pub(crate) fn gate_answered(&self, took: Duration) {
        self.gate.note(took);
    }

    pub(crate) fn passed(&self, late: Duration) {
        self.lateness.note(late);
    }

    /// A request that came in was answered.
    pub fn answered(&self, door: Door, status: u16, took: Duration) {
        self.arrivals.note(door, status, took);
    }

    /// Where clients count what becomes of their requests.
    pub(crate) fn departures(&self) -> Arc<Departures> {
        Arc::clone(&self.departures)
    }

    /// Where guests that were stopped are counted.
    pub(crate) fn stops(&self) -> Arc<Stops> {
        Arc::clone(&self.stops)
    }

    /// The counts of a run do not balance.
    pub(crate) fn unbalanced(&self) {
        tracing::error!(what = "the counts of a run do not balance", "an invariant is broken");
        self.unbalanced.fetch_add(1, Ordering::Relaxed);
    }

    /// The counts now.
    pub fn tally(&self) -> Tally {
        let unbalanced = self.unbalanced.load(Ordering::Relaxed);
        Tally {
            runs: copy(&self.runs),
            refusals: copy(&self.refusals),
            batches: self.batches.load(Ordering::Relaxed),
            moved: copy(&self.moved),
            grants_renewed: self.grants_renewed.load(Ordering::Relaxed),
            event_tries: copy(&self.event_tries),
            requests_delayed: self.departures.delayed(),
            requests_held_off: self.departures.held_off(),
            requests: self.departures.outcomes(),
            request_times: self.departures.times(),
            stops: copy(&self.stops.0),
            violations: BTreeMap::from([("run.unbalanced", unbalanced), ("ledger.unbalanced", self.vitals.broken())]),
            gate_times: self.gate.spread(),
            lateness: self.lateness.spread(),
            commit_times: self.vitals.commits(),
            arrivals: self.arrivals.answered(),
            arrival_times: self.arrivals.times(),
        }
    }
}

impl Tally {
    /// How often any invariant was found broken.
    pub fn violated(&self) -> u64 {
        self.violations.values().sum()
    }
}

//! One living instance of a connector.

mod destination;
mod platform;
mod source;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::error::Elapsed;
use wasmtime::Store;
use wasmtime::component::ResourceAny;

use crate::bindings::{self, weighbridge::connector::types};
use crate::cpu::CpuClock;
use crate::outcome::{self, Ended, Stop, Stopped};
use crate::page::Walk;
use crate::state::{Requests, State};

pub use destination::WriteRequest;
pub use platform::{Delivery, Hook, HookAnswer, Lifecycle};
pub use source::ReadRequest;

/// A guest of one attempt and one side. Once stopped it stays stopped, and answers every call with the same reason.
///
/// A call that is dropped before it has answered stops the guest too: what it was doing cannot be known.
pub struct Guest {
    phase: Phase,
    cpu: Arc<CpuClock>,
    call_fuel: Option<u64>,
    used: Used,
}

/// What a guest has used of what can be counted exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Instructions of all calls, as the engine counts them; 0 where it does not.
    pub fuel: u64,
    /// Memory and tables, which never shrink.
    pub memory_bytes: usize,
}

enum Phase {
    Alive(Box<Inside>),
    /// A call has the inside; one that is dropped never gives it back.
    Away,
    Over(Stopped),
}

/// What a guest answers whose call was dropped.
static DROPPED: LazyLock<Stopped> = LazyLock::new(|| Stopped::plain(Stop::Cancelled));

/// All that goes when the guest goes, its place in the pool last.
struct Inside {
    store: Store<State>,
    bindings: bindings::Connector,
    reader: Option<ResourceAny>,
    writer: Option<ResourceAny>,
    /// How far the reader has come.
    walk: Walk,
    _place: OwnedSemaphorePermit,
}

/// What came of a call, before anyone has judged it.
type Outcome<T> = Result<wasmtime::Result<Result<T, types::Failure>>, Elapsed>;

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guest").field("cpu", &self.cpu()).field("stopped", &self.stopped()).finish_non_exhaustive()
    }
}

impl Guest {
    pub(crate) fn new(
        store: Store<State>,
        bindings: bindings::Connector,
        place: OwnedSemaphorePermit,
        call_fuel: Option<u64>,
    ) -> Self {
        let cpu = Arc::clone(&store.data().cpu);
        let inside = Inside { store, bindings, reader: None, writer: None, walk: Walk::default(), _place: place };
        Self { phase: Phase::Alive(Box::new(inside)), cpu, call_fuel, used: Used::default() }
    }

    /// The CPU time it has used so far, time in the host excluded.
    pub fn cpu(&self) -> Duration {
        self.cpu.spent()
    }

    /// What it has used so far.
    pub const fn used(&self) -> Used {
        self.used
    }

    /// Why it was stopped, if it was.
    pub fn stopped(&self) -> Option<&Stopped> {
        match &self.phase {
            Phase::Alive(_) => None,
            Phase::Away => Some(&DROPPED),
            Phase::Over(stopped) => Some(stopped),
        }
    }

    /// A new batch begins: the log of the guest has its whole length again.
    pub fn begin_batch(&mut self) {
        if let Phase::Alive(inside) = &mut self.phase {
            inside.store.data_mut().begin_batch();
        }
    }

    /// Stops the guest for a rule that only the caller can see broken, such as [`Stop::CheckpointMissing`].
    pub fn stop(&mut self, stopped: Stopped) -> Ended {
        if let Phase::Alive(_) = &self.phase {
            self.phase = Phase::Over(stopped);
        }
        Ended::Stopped(self.stopped().cloned().unwrap_or_else(|| DROPPED.clone()))
    }

    /// Takes the inside out for one call. Until it is put back the guest counts as cancelled, which is what a caller who
    /// drops the call leaves behind.
    fn enter(&mut self, requests: Option<Requests>) -> Result<Box<Inside>, Ended> {
        match std::mem::replace(&mut self.phase, Phase::Away) {
            Phase::Alive(mut inside) => {
                let state = inside.store.data_mut();
                let requests = requests.unwrap_or(Requests::Left(state.limits.call_requests));
                state.begin_call(requests);
                if let Some(fuel) = self.call_fuel {
                    // It fails only in an engine that counts none, which then gives none.
                    let _ = inside.store.set_fuel(fuel);
                }
                Ok(inside)
            }
            Phase::Away => Err(DROPPED.clone().into()),
            Phase::Over(stopped) => {
                self.phase = Phase::Over(stopped.clone());
                Err(stopped.into())
            }
        }
    }

    /// Puts the inside back after a call that left it whole; else stops the guest.
    fn leave<T>(&mut self, mut inside: Box<Inside>, outcome: Outcome<T>) -> Result<T, Ended> {
        inside.store.data_mut().drain_printed();
        self.note(&inside.store);
        match outcome {
            Ok(Ok(value)) => {
                self.phase = Phase::Alive(inside);
                value.map_err(|failure| Ended::Failure(failure.into()))
            }
            Ok(Err(error)) => Err(self.over(outcome::classify(&error))),
            Err(_) => Err(self.over(Stopped::plain(Stop::DeadlinePassed))),
        }
    }

    fn note(&mut self, store: &Store<State>) {
        self.used.memory_bytes = store.data().ceiling.used();
        if let Some(fuel) = self.call_fuel {
            self.used.fuel += fuel.saturating_sub(store.get_fuel().unwrap_or(fuel));
        }
    }

    /// The same, where the value itself must keep rules: what breaks one stops the guest.
    fn judge<T>(&mut self, value: Result<T, Stopped>) -> Result<T, Ended> {
        value.map_err(|stopped| self.over(stopped))
    }

    fn not_open<T>(&mut self) -> Result<T, Ended> {
        Err(self.over(Stopped::plain(Stop::NotOpen)))
    }

    fn over(&mut self, stopped: Stopped) -> Ended {
        self.phase = Phase::Over(stopped.clone());
        stopped.into()
    }
}

impl Inside {
    /// What a call needs: how long it may take, the exports, and the store they run in.
    fn parts(&mut self) -> (Duration, &bindings::Connector, &mut Store<State>) {
        (self.store.data().limits.call_wall, &self.bindings, &mut self.store)
    }
}

//! The CPU time of one guest. The host's own time is excluded, but for what it computes in the guest's stead.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use wasmtime::{CallHook, UpdateDeadline};

use crate::state::State;

const STOPPED: u64 = u64::MAX;

/// A stopwatch that runs only while the guest does, or somebody for it. It is shared, so that it can be read after the guest is gone.
#[derive(Debug)]
pub(crate) struct CpuClock {
    base: Instant,
    /// Nanoseconds of all finished slices.
    spent: AtomicU64,
    /// When the running slice began, or `STOPPED`.
    since: AtomicU64,
}

impl CpuClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { base: Instant::now(), spent: AtomicU64::new(0), since: AtomicU64::new(STOPPED) })
    }

    /// The CPU time so far, a running slice not counted.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Relaxed))
    }

    pub(crate) fn turn(&self, hook: CallHook) {
        match hook {
            CallHook::CallingWasm | CallHook::ReturningFromHost => self.start(),
            CallHook::ReturningFromWasm | CallHook::CallingHost => self.stop(),
        }
    }

    /// What the host computes here is on the guest's account.
    pub(crate) async fn on_account<T>(&self, work: impl Future<Output = T>) -> T {
        self.start();
        let done = work.await;
        self.stop();
        done
    }

    fn now(&self) -> u64 {
        u64::try_from(self.base.elapsed().as_nanos()).unwrap_or(STOPPED - 1)
    }

    fn start(&self) {
        self.since.store(self.now(), Relaxed);
    }

    fn stop(&self) {
        let since = self.since.swap(STOPPED, Relaxed);
        if since != STOPPED {
            self.spent.fetch_add(self.now().saturating_sub(since), Relaxed);
        }
    }
}

/// Asked at every tick that the guest computes through: ends it at its budget, else lets other tasks have a turn.
pub(crate) fn tick(state: &State) -> wasmtime::Result<UpdateDeadline> {
    let clock = Arc::clone(&state.cpu);
    clock.stop();
    if clock.spent() >= state.cpu_until {
        return Err(crate::state::Breach::Cpu.into());
    }
    Ok(UpdateDeadline::YieldCustom(
        1,
        Box::pin(async move {
            tokio::task::yield_now().await;
            clock.start();
        }),
    ))
}

//! What the host keeps beside one guest while it lives.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::answers::Answers;
use crate::clip::clip;
use crate::cpu::CpuClock;
use crate::limits::Limits;
use crate::memory::Ceiling;
use crate::stdio::{self, Printed};
use weighbridge_model::run_log::LogLevel;

/// A limit that was reached inside the engine; it travels through a trap to where the outcome is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Breach {
    #[error("the CPU time of a call is used up")]
    Cpu,
    #[error("the memory is used up")]
    Memory,
    #[error("a table is larger than allowed")]
    Table,
}

/// The engine's data of one guest.
pub(crate) struct State {
    pub(crate) answers: Box<dyn Answers>,
    pub(crate) limits: Limits,
    pub(crate) table: ResourceTable,
    pub(crate) ceiling: Ceiling,
    pub(crate) cpu: Arc<CpuClock>,
    /// The reading of the clock at which this call has used up its CPU time.
    pub(crate) cpu_until: Duration,
    /// Requests left to this call, by HTTP and to folders; none at all while a webhook is received.
    pub(crate) requests: Requests,
    log_lines: u32,
    log_dropped: u64,
    wasi: Option<WasiCtx>,
    printed: Printed,
}

/// What this call may still send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requests {
    Left(u32),
    Closed,
}

/// Why no request is made in this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    Budget,
    Closed,
}

impl State {
    /// Takes one request off this call's budget.
    pub(crate) fn spend_request<R: From<Spent>>(&mut self) -> Result<(), R> {
        match &mut self.requests {
            Requests::Left(0) => Err(Spent::Budget.into()),
            Requests::Left(left) => {
                *left -= 1;
                Ok(())
            }
            Requests::Closed => Err(Spent::Closed.into()),
        }
    }

    pub(crate) fn new(answers: Box<dyn Answers>, limits: Limits) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        Self {
            answers,
            table,
            ceiling: Ceiling::new(limits.memory_bytes, limits.table_elements),
            cpu: CpuClock::new(),
            cpu_until: limits.call_cpu,
            requests: Requests::Left(limits.call_requests),
            log_lines: 0,
            log_dropped: 0,
            wasi: None,
            printed: Printed::default(),
            limits,
        }
    }

    /// A new call begins with whole budgets.
    pub(crate) fn begin_call(&mut self, requests: Requests) {
        self.cpu_until = self.cpu.spent().saturating_add(self.limits.call_cpu);
        self.requests = requests;
    }

    /// A new batch begins with a whole log.
    pub(crate) fn begin_batch(&mut self) {
        if self.log_dropped > 0 {
            let message = format!("{} more log lines of this batch were dropped", self.log_dropped);
            self.answers.log(LogLevel::Warn, message);
        }
        self.log_lines = 0;
        self.log_dropped = 0;
    }

    pub(crate) fn log(&mut self, level: LogLevel, message: String) {
        if self.log_lines >= self.limits.log_lines {
            self.log_dropped = self.log_dropped.saturating_add(1);
            return;
        }
        self.log_lines += 1;
        self.answers.log(level, clip(message, self.limits.log_line_bytes));
    }

    /// Hands what the guest printed to the log.
    pub(crate) fn drain_printed(&mut self) {
        if self.wasi.is_some() {
            for (level, line) in self.printed.take() {
                self.log(level, line);
            }
        }
    }
}

/// What was dropped in the last batch is counted too.
impl Drop for State {
    fn drop(&mut self) {
        self.begin_batch();
    }
}

impl WasiView for State {
    /// Made at its first use: guests in Rust never ask for it.
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let ctx = self.wasi.get_or_insert_with(|| stdio::empty_world(&self.printed));
        WasiCtxView { ctx, table: &mut self.table }
    }
}

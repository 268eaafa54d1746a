//! How much one guest may use.

use std::time::Duration;

use serde::{Deserialize, Serialize};

const MIB: usize = 1024 * 1024;

/// The longest time after which a guest may want to be asked again: whatever it says, it cannot put a run to sleep.
pub(crate) const WAIT_MS_MAX: u32 = 10 * 60 * 1000;

/// The ceilings of one guest: the manifest asks, the operator caps, these are the defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Linear memory and tables together.
    pub memory_bytes: usize,
    /// Wall time of one call, waiting in the host included.
    pub call_wall: Duration,
    /// CPU time of one call, time in the host excluded.
    pub call_cpu: Duration,
    /// A checkpoint.
    pub cursor_bytes: usize,
    /// Records and removals of one page together; the records of one hook's answer together.
    pub page_bytes: usize,
    /// Requests of one call, by HTTP and to folders together.
    pub call_requests: u32,
    /// Log lines of one batch.
    pub log_lines: u32,
    /// One log line.
    pub log_line_bytes: usize,
    /// Elements of one table.
    pub table_elements: usize,
    /// Handles that are open at once.
    pub handles: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 64 * MIB,
            call_wall: Duration::from_secs(30),
            call_cpu: Duration::from_secs(2),
            cursor_bytes: 64 * 1024,
            page_bytes: 4 * MIB,
            call_requests: 64,
            log_lines: 256,
            log_line_bytes: 4 * 1024,
            table_elements: 10_000,
            handles: 1_024,
        }
    }
}

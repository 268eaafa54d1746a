//! How the writer fares, for whoever watches the host.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use weighbridge_model::histogram::{Histogram, QUICK_US, Spread};

/// Counts since the store was opened.
#[derive(Debug)]
pub struct Vitals {
    commits: Histogram,
    broken: AtomicU64,
}

impl Default for Vitals {
    fn default() -> Self {
        Self { commits: Histogram::over(QUICK_US), broken: AtomicU64::new(0) }
    }
}

impl Vitals {
    /// How long commits take, from the first change to the last sync.
    pub fn commits(&self) -> Spread {
        self.commits.spread()
    }

    /// How often a transaction would have broken an invariant of the ledger, and was dropped.
    pub fn broken(&self) -> u64 {
        self.broken.load(Relaxed)
    }

    pub(crate) fn committed(&self, took: std::time::Duration) {
        self.commits.note(took);
    }

    pub(crate) fn refused(&self, error: &crate::TxError) {
        if let crate::TxError::Invariant(what) = error {
            tracing::error!(what, "an invariant is broken");
            self.broken.fetch_add(1, Relaxed);
        }
    }
}

//! Spans on their way to a collector of OpenTelemetry.
//!
//! Whoever hears of spans (the program around the engine) puts them into a queue with a bound, which never waits; a task of its
//! own sends them. A collector that is slow or away costs spans, which are counted, and nothing else.

mod send;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use weighbridge_egress::{IpNet, Reach};
use weighbridge_model::trace::ClosedSpan;

/// Spans that wait at most; a few hundred bytes each.
const QUEUED_MAX: usize = 8_192;
/// So many are sent at once, or what there is after a while.
const BATCH: usize = 512;
/// Where collectors take spans, unless the setting says another path.
const PATH: &str = "v1/traces";

/// The queue. A clone is the same queue.
#[derive(Clone, Debug, Default)]
pub struct Traces(Arc<Inner>);

/// Where a collector of OpenTelemetry takes spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracesAddress(String);

#[derive(Debug, Default)]
struct Inner {
    queued: Mutex<VecDeque<ClosedSpan>>,
    /// There is a batch of them, or no more will come.
    full: Notify,
    closed: AtomicBool,
    sent: AtomicU64,
    dropped: AtomicU64,
}

/// What became of spans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpansTold {
    /// A collector took them.
    pub sent: u64,
    /// There was no room for them, or no collector took them.
    pub dropped: u64,
}

/// The setting names no place where spans can be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{url}` is no address of a collector: {reason}; write one such as http://127.0.0.1:4318 on this machine, or https:// beyond it"
)]
pub struct TracesError {
    url: String,
    reason: String,
}

impl TracesAddress {
    /// The collector at this address; under its root spans go to `/v1/traces`.
    pub fn parse(url: &str) -> Result<Self, TracesError> {
        let failed = |reason: String| TracesError { url: url.to_owned(), reason };
        let mut parsed = url::Url::parse(url).map_err(|error| failed(error.to_string()))?;
        if parsed.path() == "/" {
            parsed.set_path(PATH);
        }
        let url = parsed.to_string();
        let address = Self(url);
        address.reach().map_err(|denial| failed(denial.to_string()))?;
        Ok(address)
    }

    /// The operator wrote the address, so it may be in any network.
    fn reach(&self) -> Result<Reach, weighbridge_egress::Denial> {
        let anywhere = ["0.0.0.0/0", "::/0"].iter().filter_map(|network| network.parse::<IpNet>().ok()).collect();
        Reach::endpoint(&self.0, anywhere)
    }
}

impl Traces {
    /// Takes a span, or drops it where too many wait.
    pub fn put(&self, span: ClosedSpan) {
        let mut queued = self.0.queued.lock().unwrap_or_else(PoisonError::into_inner);
        if queued.len() >= QUEUED_MAX {
            drop(queued);
            self.0.dropped.fetch_add(1, Relaxed);
            return;
        }
        queued.push_back(span);
        if queued.len() >= BATCH {
            self.0.full.notify_one();
        }
    }

    /// No more will come: whoever sends them sends what is left, and ends.
    pub fn close(&self) {
        self.0.closed.store(true, Relaxed);
        self.0.full.notify_one();
    }

    fn is_closed(&self) -> bool {
        self.0.closed.load(Relaxed)
    }

    /// What became of spans so far.
    pub fn told(&self) -> SpansTold {
        SpansTold { sent: self.0.sent.load(Relaxed), dropped: self.0.dropped.load(Relaxed) }
    }

    /// The first of what waits, at most a batch: for whoever sends them by itself.
    pub fn take(&self) -> Vec<ClosedSpan> {
        let mut queued = self.0.queued.lock().unwrap_or_else(PoisonError::into_inner);
        let count = queued.len().min(BATCH);
        queued.drain(..count).collect()
    }
}

#[cfg(test)]
mod tests {
    use weighbridge_model::trace::TraceId;

    use super::*;

    fn span() -> ClosedSpan {
        let (begun_ns, ended_ns) = (1, 2);
        ClosedSpan {
            trace: TraceId::default(),
            id: 1,
            parent: None,
            name: "run",
            begun_ns,
            ended_ns,
            values: Vec::new(),
        }
    }

    #[test]
    fn spans_go_where_collectors_take_them_unless_a_path_is_said() {
        for (url, wanted) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("https://collector.example.com/", "https://collector.example.com/v1/traces"),
            ("http://localhost:4318/otlp/v1/traces", "http://localhost:4318/otlp/v1/traces"),
        ] {
            assert_eq!(TracesAddress::parse(url).unwrap().0, wanted);
        }
    }

    #[test]
    fn an_address_that_is_none_or_would_be_read_on_the_way_is_refused() {
        for url in ["", "collector", "ftp://collector.example.com", "http://collector.example.com:4318"] {
            let refused = TracesAddress::parse(url).unwrap_err().to_string();
            assert!(refused.contains("is no address of a collector") && refused.contains("; write "), "{refused}");
        }
    }

    #[test]
    fn spans_beyond_the_bound_are_dropped_and_counted() {
        let traces = Traces::default();
        (0..QUEUED_MAX + 3).for_each(|_| traces.put(span()));
        assert_eq!(traces.told(), SpansTold { sent: 0, dropped: 3 });
        assert_eq!(traces.take().len(), BATCH);
    }
}

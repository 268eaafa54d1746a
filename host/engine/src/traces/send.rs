//! Sending what waits, by the way out that the host itself has.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use weighbridge_egress::{Budget, Client, Limits, Parts, Request};
use weighbridge_model::trace::{ClosedSpan, body};

use super::{Traces, TracesAddress};
use crate::chance;
use crate::engine::Engine;

/// Fewer spans than a batch wait so long.
const LOOK: Duration = Duration::from_secs(2);
/// So long a collector has to take a batch.
const TOTAL: Duration = Duration::from_secs(10);
/// A batch has far less.
const BYTES_MAX: u64 = 8 << 20;
/// One that is away is asked again after so long, and then each time after twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const WAITS: u32 = 5;

impl Engine {
    /// Sends spans until no more will come, also while the engine drains: what settles then is told too.
    pub async fn send_traces(self, traces: Traces) {
        let _ = self.host.traces.set(traces.clone());
        let (mut changes, mut way) = (self.host.in_force.changes(), self.way_to_collector());
        while !traces.is_closed() {
            tokio::select! {
                () = tokio::time::sleep(LOOK), if way.is_some() => {}
                () = traces.0.full.notified() => {}
                _ = changes.changed() => way = self.way_to_collector(),
            }
            send_all(&traces, way.as_ref()).await;
        }
        send_all(&traces, way.as_ref()).await;
    }

    /// A client of its own: what it sends is counted among no requests to platforms.
    fn way_to_collector(&self) -> Option<Collector> {
        let address = self.host.conduct().traces.clone()?;
        let limits = Limits { request_bytes: BYTES_MAX, total: TOTAL, ..Limits::default() };
        let budget = Budget::new(&[], Arc::default());
        let parts = self.host.clients.way_to_events().parts(address.reach().ok()?);
        Some(Collector { address, client: Client::new(Parts { limits, budget, ..parts }) })
    }
}

/// Who takes spans, and what carries them there.
struct Collector {
    address: TracesAddress,
    client: Client,
}

/// Where nobody takes them they are dropped.
async fn send_all(traces: &Traces, way: Option<&Collector>) {
    loop {
        let spans = traces.take();
        if spans.is_empty() {
            return;
        }
        let count = spans.len() as u64;
        let taken = match way {
            Some(collector) => send_spans(traces, collector, &spans).await,
            None => false,
        };
        let became = if taken { &traces.0.sent } else { &traces.0.dropped };
        became.fetch_add(count, Relaxed);
    }
}

/// Sends a batch, and again where the collector is away or asks for patience; whether it took it.
async fn send_spans(traces: &Traces, Collector { address, client }: &Collector, spans: &[ClosedSpan]) -> bool {
    let body = bytes::Bytes::from(body(spans, env!("CARGO_PKG_VERSION"), random));
    let mut wait = FIRST_WAIT;
    for waits in 0..=WAITS {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let (method, url) = ("POST".to_owned(), address.0.clone());
        let request = Request { method, url, headers, body: Some(body.clone()), ..Request::default() };
        let why = match client.send(request).await {
            Ok(response) if (200..300).contains(&response.status) => return true,
            Ok(response) => format!("it answered {}", response.status),
            Err(refusal) => refusal.code().to_owned(),
        };
        let is_final = traces.is_closed() || waits == WAITS || !may_change(&why);
        tracing::warn!(why, spans = spans.len(), is_final, "the collector of traces took no spans");
        if is_final {
            return false;
        }
        tokio::time::sleep(wait).await;
        wait *= 2;
    }
    false
}

/// Whether the same spans may be taken later: by the protocol after these answers, and after none.
fn may_change(why: &str) -> bool {
    let answered = why.strip_prefix("it answered ");
    answered.is_none_or(|status| matches!(status, "429" | "502" | "503" | "504"))
}

/// Without randomness all traces without a run are one.
fn random() -> [u8; 16] {
    chance::bytes().unwrap_or([1; 16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_that_is_away_or_asks_for_patience_is_asked_again_and_one_that_refuses_is_not() {
        for why in ["egress.unreachable", "egress.timed_out", "it answered 429", "it answered 503"] {
            assert!(may_change(why), "{why}");
        }
        for why in ["it answered 400", "it answered 404", "it answered 500", "it answered 301"] {
            assert!(!may_change(why), "{why}");
        }
    }
}

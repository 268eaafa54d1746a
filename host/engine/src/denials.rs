//! Refusals that repeat are counted in memory, and kept as one row per span.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use weighbridge_model::gate::Refusal;
use weighbridge_model::id::TransferId;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::Denial;

/// A span is written at its beginning and then every so often.
const SPAN_MS: i64 = 15 * 60 * 1_000;

/// The span that is open for each transfer.
#[derive(Debug, Default)]
pub(crate) struct Denials(Mutex<BTreeMap<TransferId, Span>>);

#[derive(Debug)]
struct Span {
    refusal: Refusal,
    first: Timestamp,
    last: Timestamp,
    /// Refusals that no row tells of yet.
    count: u64,
}

impl Denials {
    /// Counts one refusal; what it answers is to be written now.
    pub(crate) fn note(&self, transfer: TransferId, refusal: &Refusal, now: Timestamp) -> Vec<Denial> {
        let mut spans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match spans.get_mut(&transfer) {
            Some(span) if span.refusal == *refusal => {
                span.count += 1;
                span.last = now;
                if now < span.first.plus_millis(SPAN_MS) {
                    return Vec::new();
                }
                let row = span.row(transfer);
                *span = Span { refusal: refusal.clone(), first: now, last: now, count: 0 };
                vec![row]
            }
            _ => {
                let fresh = Span { refusal: refusal.clone(), first: now, last: now, count: 1 };
                let row = fresh.row(transfer);
                let before = spans.insert(transfer, Span { count: 0, ..fresh });
                let before = before.filter(|span| span.count > 0).map(|span| span.row(transfer));
                before.into_iter().chain([row]).collect()
            }
        }
    }
}

impl Span {
    fn row(&self, transfer: TransferId) -> Denial {
        Denial { transfer, refusal: self.refusal.clone(), first: self.first, last: self.last, count: self.count }
    }
}

//! What should have been delivered, billed and refused: a reference model of one transfer, on about a page.
//!
//! It knows no store, no ledger and no gate: a cursor, one batch that may be in doubt, and what the switches say.

use std::collections::BTreeMap;

use weighbridge_model::run::RunState;
use weighbridge_model::time::{Timestamp, Zone};
use weighbridge_native::Fault;

/// So many orders are a page of the shop, and no batch is larger: each is one page.
pub const PAGE: u8 = 4;

/// A batch that may have arrived.
#[derive(Clone, Debug)]
struct Doubt {
    hold: u64,
    period: Timestamp,
    /// What is held beyond it, until the next run begins.
    beyond: Option<(Timestamp, u64)>,
    /// An `append` sends the same lines again: so many, and whether the source had more then.
    fixed: Option<(u64, bool)>,
}

/// What was used in a month: records and runs.
type Used = BTreeMap<Timestamp, (u64, u64)>;

/// The whole of what is believed.
#[derive(Clone, Debug)]
pub struct Belief {
    pub append: bool,
    /// The most records that a batch holds.
    pub limit: u64,
    pub now: Timestamp,
    pub orders: u64,
    pub active: bool,
    pub on: bool,
    pub window: (Option<Timestamp>, Option<Timestamp>),
    pub quota: u64,
    /// What the destination has, in order.
    pub taken: Vec<u64>,
    pub used: Used,
    cursor: u64,
    lineage: u64,
    run_goes_on: bool,
    /// Whether the run has a record that the destination rejected.
    rejected: bool,
    doubt: Option<Doubt>,
    /// Keys that the destination knows, and how many records it rejected under each.
    known: BTreeMap<(u64, u64, u64), u64>,
}

impl Belief {
    /// Nothing has moved, and nothing speaks against it.
    pub fn new(append: bool, limit: u64, now: Timestamp, orders: u64) -> Self {
        let (window, taken, used, known) = ((None, None), Vec::new(), Used::new(), BTreeMap::new());
        let (cursor, lineage, run_goes_on, doubt) = (0, 0, false, None);
        let (active, on, quota) = (true, true, 1_000_000);
        Self {
            append,
            limit,
            now,
            orders,
            active,
            on,
            window,
            quota,
            taken,
            used,
            cursor,
            lineage,
            run_goes_on,
            rejected: false,
            doubt,
            known,
        }
    }

    fn month(&self) -> Timestamp {
        Zone::UTC.month_start(self.now)
    }

    /// What the quota leaves to the next batch; a batch in doubt has its hold already.
    fn left(&self) -> u64 {
        self.quota.saturating_sub(self.used.get(&self.month()).map_or(0, |used| used.0))
    }

    fn gate(&self) -> bool {
        let begun = self.window.0.is_none_or(|start| start <= self.now);
        let ended = self.window.1.is_some_and(|end| end <= self.now);
        self.active && self.on && begun && !ended && self.left() > 0
    }

    /// What is on hold, and in which month.
    pub fn held(&self) -> impl Iterator<Item = (Timestamp, u64)> {
        let doubt = self.doubt.as_ref();
        let beyond = doubt.and_then(|doubt| doubt.beyond);
        doubt.map(|doubt| (doubt.period, doubt.hold)).into_iter().chain(beyond)
    }

    /// Whether the next run begins with lines that are kept, while the source is read on.
    pub fn resends(&self) -> bool {
        self.doubt.as_ref().is_some_and(|doubt| doubt.fixed.is_some())
    }

    /// What may be held beyond a batch: as much as a whole one, or nothing.
    fn beyond(&self, batch: &Doubt) -> Option<(Timestamp, u64)> {
        let own = if batch.period == self.month() { batch.hold } else { 0 };
        (self.left().saturating_sub(own) >= self.limit).then(|| (self.month(), self.limit))
    }

    /// How a run ends in which these calls of the destination go wrong; none is a crash.
    pub fn run(&mut self, faults: &[Option<Fault>]) -> Option<RunState> {
        self.doubt = self.doubt.take().map(|doubt| Doubt { beyond: None, ..doubt });
        if !self.gate() {
            let state = if self.run_goes_on { RunState::Stopped } else { RunState::Refused };
            self.run_goes_on = false;
            return Some(state);
        }
        if !self.run_goes_on {
            self.used.entry(self.month()).or_default().1 += 1;
            self.rejected = false;
        }
        self.run_goes_on = true;
        let ended = self.batches(&mut faults.iter().cloned());
        self.run_goes_on = ended.is_none();
        ended
    }

    fn batches(&mut self, faults: &mut impl Iterator<Item = Option<Fault>>) -> Option<RunState> {
        // Whether a batch was held while the one before it was sent.
        let mut was_ahead = false;
        loop {
            let fresh = Doubt { hold: self.left().min(self.limit), period: self.month(), beyond: None, fixed: None };
            let batch = self.doubt.take().unwrap_or(fresh);
            let count = u64::from(PAGE).min(batch.hold).min(self.orders - self.cursor);
            let (count, more) = batch.fixed.unwrap_or((count, self.cursor + count < self.orders));
            let delivered = if count > 0 { self.send(&batch, (count, more, was_ahead), faults)? } else { 0 };
            was_ahead = self.beyond(&batch).is_some();
            self.rejected |= delivered < count;
            self.used.entry(batch.period).or_default().0 += delivered;
            self.cursor += count;
            if !more {
                return Some(if self.rejected { RunState::PartiallySucceeded } else { RunState::Succeeded });
            }
            if !self.gate() {
                return Some(RunState::Stopped);
            }
        }
    }

    /// Sends a batch as often as it takes; how many of its records were taken. None where the process crashed: it is in doubt
    /// from then on. Where the destination rejects, that is the first record.
    fn send(
        &mut self,
        batch: &Doubt,
        (count, more, mut was_ahead): (u64, bool, bool),
        faults: &mut impl Iterator<Item = Option<Fault>>,
    ) -> Option<u64> {
        let fault = loop {
            match faults.next().flatten() {
                Some(Fault::Busy) => was_ahead = false,
                fault => break fault,
            }
        };
        let (key, rejects) = ((self.lineage, self.cursor, count), u64::from(fault == Some(Fault::Reject)));
        if fault != Some(Fault::HangBefore) && !self.known.contains_key(&key) {
            self.known.insert(key, rejects);
            self.taken.extend(self.cursor + 1 + rejects..=self.cursor + count);
        }
        if matches!(fault, Some(Fault::HangBefore | Fault::HangAfter)) {
            // The settlement before it does not know that it is the last.
            let beyond = self.beyond(batch).filter(|_| more || was_ahead);
            self.doubt = Some(Doubt { beyond, fixed: self.append.then_some((count, more)), ..batch.clone() });
            return None;
        }
        Some(count - self.known.get(&key).copied().unwrap_or(0))
    }

    /// An operator gives up what is in doubt: it may come again.
    pub fn write_off(&mut self) {
        self.doubt = None;
        self.lineage += 1;
    }
}

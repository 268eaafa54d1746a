//! Source, sink, ledger, cursors and occurrences of a site, compared.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use weighbridge_model::batch::{Batch, BatchState};
use weighbridge_model::id::BatchId;
use weighbridge_model::meter::key::{self, Verb};
use weighbridge_model::meter::{Amounts, Entry, EntryKind};
use weighbridge_model::run::{Cause, Run, RunState};

use crate::platform::{Came, FULL, Kind, Platform, Poison, Sink, Source};
use crate::site::{Moved, Rows, Site, told};

/// How often a record is sent alone.
const ALONE_MAX: u32 = 3;

/// What moved, once it was found to balance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// Runs that ended.
    pub runs: u64,
    /// Those of them that were tried more than once.
    pub tried_again: u64,
    /// Batches that were billed.
    pub batches: u64,
    /// Records that the sink took.
    pub records: u64,
    /// Records that it did not want.
    pub rejected: u64,
    /// Requests that came again under a key that the sink knew.
    pub repeated: u64,
    /// Occurrences that made a run.
    pub occurrences: u64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.tried_again += other.tried_again;
        self.batches += other.batches;
        self.records += other.records;
        self.rejected += other.rejected;
        self.repeated += other.repeated;
        self.occurrences += other.occurrences;
    }
}

/// When a site is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// Its host died, at any edge of its work.
    Down,
    /// All that was begun has ended.
    AtRest,
}

/// Everything of a site at which nothing is at work and that has nothing left to do.
pub fn compare(site: &Site, platform: &Platform) -> Result<Sums, String> {
    look(site, platform, Moment::AtRest)
}

/// What must hold whenever a host died: what the sink took is on hold or billed, and holds are those of open batches.
pub fn covered(site: &Site, platform: &Platform) -> Result<(), String> {
    let look = look(site, platform, Moment::Down);
    look.map(|_| ()).map_err(|error| format!("while no host ran: {error}"))
}

fn look(site: &Site, platform: &Platform, moment: Moment) -> Result<Sums, String> {
    let rows = Rows::read(&site.data().join("store.redb"))?;
    let state = platform.state();
    let (mut sums, mut faults) = (Sums::default(), Vec::new());
    if moment == Moment::AtRest && rows.unfinished > 0 {
        faults.push(format!("{} transfers have something left to do", rows.unfinished));
    }
    let none = Moved::default();
    for (number, (source, sink)) in state.sources.iter().zip(&state.sinks).enumerate() {
        let moved = rows.moved.get(&number).unwrap_or(&none);
        let mut one = Comparison { number, source, sink, moved, poison: state.poison, moment, faults: Vec::new() };
        sums += one.all();
        faults.extend(one.faults.into_iter().map(|fault| format!("transfer {number} ({:?}): {fault}", source.kind)));
    }
    drop(state);
    faults.extend(unbalanced(site, moment)?);
    let log = site.logged();
    let bad = log.lines().filter(|line| line.contains("an invariant is broken") || line.contains("panicked"));
    faults.extend(bad.map(|line| format!("a host logged: {line}")));
    if faults.is_empty() { Ok(sums) } else { Err(faults.join("\n  ")) }
}

/// Balances are the sums of their entries and holds; at rest nothing is on hold.
fn unbalanced(site: &Site, moment: Moment) -> Result<Vec<String>, String> {
    let engine = weighbridge::Engine::open_reading(weighbridge::Options::at(site.data())).map_err(told)?;
    let imbalances = engine.check_ledger(None).map_err(told)?;
    let mut faults: Vec<String> =
        imbalances.iter().map(|one| format!("the ledger does not balance: {one:?}")).collect();
    faults.extend(engine.check_chain().map_err(told)?.map(|fault| fault.to_string()));
    if moment == Moment::AtRest {
        let usage = engine.usage(None).map_err(told)?;
        let held = usage.iter().map(|line| line.balance.held).filter(|held| *held != Amounts::ZERO);
        faults.extend(held.map(|held| format!("at rest there is on hold: {held:?}")));
    }
    Ok(faults)
}

struct Comparison<'a> {
    number: usize,
    source: &'a Source,
    sink: &'a Sink,
    moved: &'a Moved,
    poison: Poison,
    moment: Moment,
    faults: Vec<String>,
}

/// What came for one batch: each delivery with what was sent alone after it, the last delivery last.
type Deliveries<'a> = Vec<(String, Vec<&'a Came>)>;

impl<'a> Comparison<'a> {
    fn fault(&mut self, is_fault: bool, what: impl FnOnce() -> String) {
        if is_fault {
            self.faults.push(what());
        }
    }

    fn all(&mut self) -> Sums {
        self.faults.extend(self.sink.wrong.iter().cloned());
        self.occurrences();
        let came = self.reserved();
        self.billed(&came);
        if self.moment == Moment::AtRest {
            self.runs();
            self.moved(&came);
        }
        let (sink, moved) = (self.sink, self.moved);
        let of_batches = |entry: &&Entry| entry.kind == EntryKind::Batch;
        Sums {
            runs: moved.runs.len() as u64,
            tried_again: moved.runs.iter().filter(|run| run.attempts > 1).count() as u64,
            batches: moved.entries.iter().filter(of_batches).count() as u64,
            records: sink.log.iter().map(|one| one.taken.len() as u64).sum(),
            rejected: moved.rejected,
            repeated: sink.repeated,
            occurrences: moved.occurrences.values().filter(|one| one.run.is_some()).count() as u64,
        }
    }

    /// An occurrence made one run at most, and a schedule made no run without one.
    fn occurrences(&mut self) {
        let by_schedule = self.moved.runs.iter().filter(|run| run.cause == Cause::Schedule);
        let made: Vec<_> = by_schedule.map(|run| (run.occurrence, run.id)).collect();
        let once: BTreeSet<_> = made.iter().map(|(at, _)| *at).collect();
        self.fault(once.contains(&None), || "a schedule made a run for no occurrence".into());
        self.fault(once.len() != made.len(), || "an occurrence made two runs".into());
        let kept = self.moved.occurrences.iter().filter_map(|(at, one)| Some((Some(*at), one.run?)));
        let (made, kept): (BTreeSet<_>, BTreeSet<_>) = (made.into_iter().collect(), kept.collect());
        let differ: Vec<_> = made.symmetric_difference(&kept).collect();
        self.fault(!differ.is_empty(), || format!("runs and occurrences differ: {differ:?}"));
    }

    fn runs(&mut self) {
        for run in &self.moved.runs {
            let Run { id, state, counts, .. } = run;
            self.fault(*state == RunState::Running, || format!("run {id} has not ended"));
            let well = matches!(state, RunState::Succeeded | RunState::PartiallySucceeded);
            self.fault(well && !counts.balance(), || format!("run {id} ended {state:?} with {counts:?}"));
        }
        let kept: u64 = self.moved.runs.iter().map(|run| run.counts.dead_lettered).sum();
        let rejected = self.moved.rejected;
        self.fault(kept != rejected, || format!("{kept} records were counted as rejected, and {rejected} are kept"));
    }

    /// Every request belongs to a batch of the ledger; what came for each.
    fn reserved(&mut self) -> BTreeMap<BatchId, Deliveries<'a>> {
        let (sink, moved) = (self.sink, self.moved);
        let mut of: BTreeMap<BatchId, Deliveries<'a>> = BTreeMap::new();
        let mut alone: BTreeMap<String, (BatchId, String)> = BTreeMap::new();
        for came in &sink.log {
            let own = came.key.split('-').next().unwrap_or_default();
            let delivers = |batch: &&Batch| key::delivery(batch.id, Verb::Write, &came.body) == own;
            if let Some(batch) = moved.batches.iter().find(delivers) {
                for (index, again) in (0..came.records.len()).flat_map(|index| (1..=ALONE_MAX).map(move |n| (index, n)))
                {
                    let key = key::record(own, u32::try_from(index).unwrap_or(0), again);
                    alone.insert(key, (batch.id, own.to_owned()));
                }
                of.entry(batch.id).or_default().push((own.to_owned(), vec![came]));
            } else if let Some((batch, delivery)) = alone.get(own) {
                let mut deliveries = of.entry(*batch).or_default().iter_mut();
                if let Some((_, of_it)) = deliveries.find(|(key, _)| key == delivery) {
                    of_it.push(came);
                }
            } else {
                self.faults
                    .push(format!("delivered without a reservation: {} records under {own}", came.records.len()));
            }
        }
        of
    }

    /// A batch that was delivered is billed once, with as many records as came.
    fn billed(&mut self, came: &BTreeMap<BatchId, Deliveries<'_>>) {
        let mut billed: BTreeMap<BatchId, Vec<u64>> = BTreeMap::new();
        for entry in self.moved.entries.iter().filter(|entry| entry.kind == EntryKind::Batch) {
            if let Some(batch) = entry.batch {
                billed.entry(batch).or_default().push(entry.amounts.records);
            }
        }
        let mut all = 0;
        for batch in &self.moved.batches {
            let deliveries = came.get(&batch.id).map_or(&[][..], Vec::as_slice);
            let taken = deliveries.last().map_or(0, |(_, last)| taken(last).len() as u64);
            let bills = billed.remove(&batch.id).unwrap_or_default();
            all += bills.iter().sum::<u64>();
            let (lineage, sequence, state) = (batch.lineage, batch.sequence, batch.state);
            let place = || format!("batch {lineage}/{sequence} ({state:?}): taken {taken}, billed {bills:?}");
            let well = match state {
                // A batch of which nothing was delivered leaves no entry.
                BatchState::Settled => bills == [taken] || (bills.is_empty() && taken == 0),
                BatchState::Released => bills.is_empty() && taken == 0,
                // What was sent of it may have arrived, and its hold is there still.
                BatchState::Held | BatchState::Dispatched => self.moment == Moment::Down && bills.is_empty(),
                BatchState::WrittenOff => false,
            };
            self.fault(!well, place);
            let appends = self.source.kind.appends();
            self.fault(appends && deliveries.len() > 1, || format!("{} as {} deliveries", place(), deliveries.len()));
        }
        self.fault(!billed.is_empty(), || format!("entries of no batch: {billed:?}"));
        let counted: u64 = self.moved.runs.iter().map(|run| run.counts.delivered).sum();
        self.fault(counted != all, || format!("runs count {counted} records, and {all} are billed"));
    }

    /// Every record of the source came to the sink, and as often as it should.
    fn moved(&mut self, came: &BTreeMap<BatchId, Deliveries<'_>>) {
        let mut walks: BTreeMap<u64, BTreeMap<u64, Vec<u64>>> = BTreeMap::new();
        for batch in &self.moved.batches {
            let last = came.get(&batch.id).and_then(|deliveries| deliveries.last());
            let versions = last.map(|(_, last)| taken(last)).unwrap_or_default();
            walks.entry(batch.lineage).or_default().insert(batch.sequence, versions);
        }
        let walked =
            |lineage: u64| walks.get(&lineage).into_iter().flat_map(BTreeMap::values).flatten().copied().collect();
        let wanted =
            |last: u64| (1..=last).filter(|version| !self.poison.is_in(self.number, *version)).collect::<Vec<u64>>();
        match self.source.kind {
            Kind::AppendIncremental => {
                let (all, wanted): (Vec<u64>, _) =
                    (walks.values().flat_map(BTreeMap::values).flatten().copied().collect(), wanted(self.source.last));
                self.fault(all != wanted, || differ(&all, &wanted));
            }
            Kind::UpsertIncremental => self.newest(),
            Kind::AppendFull | Kind::UpsertFull => {
                let wanted = wanted(FULL);
                for run in &self.moved.runs {
                    let Some(walk) = &run.walk else { continue };
                    let ended = matches!(run.state, RunState::Succeeded | RunState::PartiallySucceeded);
                    let versions: Vec<u64> = walked(walk.lineage);
                    let well = if ended { versions == wanted } else { wanted.starts_with(&versions) };
                    self.fault(!well, || format!("run {} ({:?}): {}", run.id, run.state, differ(&versions, &wanted)));
                }
            }
        }
    }

    /// The sink has what the source has.
    fn newest(&mut self) {
        let (source, sink) = (self.source, self.sink);
        let wanted = (source.oldest()..=source.last).filter(|version| !self.poison.is_in(self.number, *version));
        let missing: Vec<u64> = wanted.filter(|one| sink.versions.get(&source.id(*one)) != Some(one)).collect();
        self.fault(!missing.is_empty(), || format!("lost: versions {missing:?} of {}", source.last));
    }
}

/// The versions that were taken, in their order.
fn taken(came: &[&Came]) -> Vec<u64> {
    let mut versions: Vec<u64> = came.iter().flat_map(|one| &one.taken).map(|(_, version)| *version).collect();
    versions.sort_unstable();
    versions
}

fn differ(found: &[u64], wanted: &[u64]) -> String {
    let lost: Vec<u64> = wanted.iter().filter(|one| !found.contains(one)).copied().collect();
    let unique: BTreeSet<u64> = found.iter().copied().collect();
    format!("{} records, of them {} twice; lost: {lost:?} of {}", found.len(), found.len() - unique.len(), wanted.len())
}

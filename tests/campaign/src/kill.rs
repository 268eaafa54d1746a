//! The real binary with 32 transfers running, ended at any moment: killed, stopped, with a full disk, with a clock that jumps.

mod harm;

use std::ops::AddAssign;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use weighbridge_model::run::{Cause, Run};
use weighbridge_outage::Chance;

pub use self::harm::Harm;
use self::harm::Harmed;
use crate::balance::{self, Sums};
use crate::pace::{Pace, Reached};
use crate::platform::Platform;
use crate::site::{Around, Rows, Site, TRANSFERS, name_of};

/// All that was begun ends in this time.
const DRAIN: Duration = Duration::from_secs(120);

const SETTING: &str = "8 transfers each of `append` and `upsert`, full and incremental, every second; each batch of at most 20 \
                       records is one request.";

const UNTESTED: &[&str] = &[
    "Removals, `overwrite`, pulls and mappings.",
    "A destination that goes on with a request of a dead process after a new one began: a request is taken within 50 ms.",
    "Machines of several sockets, slow disks, and file systems other than the one of the temporary folder.",
];

/// Goes from cycle to cycle until the pace says it is enough, in hosts side by side; each round has a data folder of its own.
pub fn run(harm: Harm, pace: &Pace) -> Result<Reached, String> {
    // What is to be repeated is one round, and has its lane alone.
    let lanes = pace.count().map_or(u64::MAX, |count| count.div_ceil(harm.round())).min(harm.lanes());
    let ready: Result<Vec<_>, String> = (0..lanes).map(|_| Lane::ready(harm)).collect();
    let (lanes, queue) = (ready?, Queue::new(pace.side_by_side(lanes)));
    let tallies: Result<Vec<Tally>, String> = std::thread::scope(|scope| {
        let lanes: Vec<_> = lanes.iter().map(|lane| scope.spawn(|| lane.go(&queue))).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| Err("a lane panicked".into()))).collect()
    });
    let mut all = Tally::default();
    tallies?.into_iter().for_each(|tally| all += tally);
    Ok(all.reached(harm))
}

/// What is left to do, for all lanes.
struct Queue {
    pace: Pace,
    cycles: AtomicU64,
    rounds: AtomicU64,
}

impl Queue {
    const fn new(pace: Pace) -> Self {
        Self { pace, cycles: AtomicU64::new(0), rounds: AtomicU64::new(0) }
    }

    /// Whether there is one more cycle.
    fn goes_on(&self) -> bool {
        self.pace.goes_on(self.cycles.fetch_add(1, Ordering::Relaxed))
    }
}

/// One host after the other, beside those of other lanes.
struct Lane {
    harm: Harm,
    platform: Platform,
    site: Site,
    harming: harm::Ready,
}

impl Lane {
    fn ready(harm: Harm) -> Result<Self, String> {
        let platform = Platform::start(TRANSFERS)?;
        let site = Site::settled(&platform)?;
        let harming = harm.ready(&site)?;
        Ok(Self { harm, platform, site, harming })
    }

    fn go(&self, queue: &Queue) -> Result<Tally, String> {
        let mut tally = Tally::default();
        while queue.goes_on() {
            let seed = queue.pace.first.wrapping_add(queue.rounds.fetch_add(1, Ordering::Relaxed));
            self.round(seed, queue, &mut tally).map_err(|error| {
                let (name, count) = (self.harm.name(), self.harm.round());
                let repeat = "cargo build -p weighbridge-cli && cargo run -p weighbridge-campaign --";
                format!("seed {seed}: {error}\nto repeat it: {repeat} {name} --count {count} --seed {seed}")
            })?;
            tally.rounds += 1;
        }
        Ok(tally)
    }

    /// Some cycles of one data folder, the end of all that was begun, and the comparison. The first cycle is the caller's to ask for.
    fn round(&self, seed: u64, queue: &Queue, tally: &mut Tally) -> Result<(), String> {
        // Spread over all numbers, since neighbouring seeds have chances that are alike.
        let (site, mut chance) = (self.site.like()?, Chance::seeded(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        self.platform.forget(seed);
        self.platform.state().slow_ms = 40;
        for cycle in 0..self.harm.round() {
            if cycle > 0 && !queue.goes_on() {
                break;
            }
            match self.harming.cycle(&site, &mut chance)? {
                Harmed::Early => tally.early += 1,
                Harmed::ByItself => tally.by_itself += 1,
                Harmed::Working => {}
            }
            balance::covered(&site, &self.platform)?;
            tally.cycles += 1;
        }
        drain(&site, &self.platform)?;
        tally.sums += balance::compare(&site, &self.platform)?;
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Tally {
    cycles: u64,
    rounds: u64,
    /// Processes that were ended before they were ready.
    early: u64,
    /// Processes that ended by themselves, as a full disk makes them.
    by_itself: u64,
    sums: Sums,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.cycles += other.cycles;
        self.rounds += other.rounds;
        self.early += other.early;
        self.by_itself += other.by_itself;
        self.sums += other.sums;
    }
}

impl Tally {
    fn reached(&self, harm: Harm) -> Reached {
        let Sums { runs, tried_again, batches, records, rejected: _, repeated, occurrences } = self.sums;
        Reached {
            count: self.cycles,
            lines: vec![
                (self.cycles, "cycles"),
                (self.rounds, "times everything was compared"),
                (self.early, "processes that ended before they were ready"),
                (self.by_itself, "processes that ended by themselves"),
                (runs, "runs"),
                (occurrences, "occurrences that made one"),
                (tried_again, "runs of more than one attempt"),
                (batches, "batches billed"),
                (records, "records taken by the sink"),
                (repeated, "requests that came again under their key"),
            ],
            with: vec![
                harm.words().to_owned(),
                SETTING.to_owned(),
                format!("Up to {} hosts side by side.", harm.lanes()),
            ],
            untested: UNTESTED,
        }
    }
}

/// Nothing new is due; what was interrupted goes on to its end, and then every transfer runs once more.
pub fn drain(site: &Site, platform: &Platform) -> Result<(), String> {
    platform.state().slow_ms = 0;
    platform.state().faults.0 = 0;
    site.schedule(platform, None)?;
    let mut host = site.serve(&Around::Nothing)?;
    if host.ready().is_none() {
        return Err(format!("a host does not begin: {:?}; {}", host.ended(), last_lines(&site.logged())));
    }
    at_rest(site, |rows| rows.running == 0)?;
    platform.state().grows = false;
    for number in 0..TRANSFERS {
        let (customer, transfer) = name_of(number);
        site.works(&["transfer", "start", &customer, &transfer])?;
    }
    // A start is answered before its run is there.
    let has_run = |run: &Run| run.cause == Cause::Manual;
    let all_ran = |rows: &Rows| rows.moved.values().all(|moved| moved.runs.iter().any(has_run));
    at_rest(site, |rows| rows.unfinished == 0 && all_ran(rows))?;
    let exit = host.terminate()?;
    if exit == 0 { Ok(()) } else { Err(format!("a host that was asked to stop ended with {exit}")) }
}

/// Waits until all is as it is waited for.
fn at_rest(site: &Site, is_so: impl Fn(&Rows) -> bool) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        let rows = Rows::read(&site.data().join("store.redb"))?;
        if is_so(&rows) {
            return Ok(());
        }
        if begun.elapsed() > DRAIN {
            return Err(format!("{} transfers do not come to an end; {}", rows.unfinished, last_lines(&site.logged())));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The end of a log.
fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().rev().take(8).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n  ")
}

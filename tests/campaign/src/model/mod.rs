//! Random intents, switches, windows, clock steps, crashes and refusals, beside a reference model.

mod belief;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use weighbridge::account::WriteOff;
use weighbridge_model::access::{Actor, authorize};
use weighbridge_model::time::Timestamp;
use weighbridge_native::{Fault, Hands, House, Shop};
use weighbridge_outage::Chance;

use self::belief::{Belief, PAGE};
use crate::pace::{Pace, Reached};

const UNTESTED: &[&str] = &[
    "Several transfers of one customer at a time, mappings, schedules, pulls and `overwrite`.",
    "Switches that change while a batch is being sent: they change between runs.",
    "Crashes anywhere but at the destination's calls, between runs, and at starts.",
];

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// The most things done in one sequence.
const STEPS_MAX: usize = 24;

/// What was done.
#[derive(Debug, Default)]
struct Tally {
    sequences: u64,
    runs: u64,
    crashes: u64,
    refused: u64,
    records: u64,
}

impl Tally {
    const fn and(self, other: Self) -> Self {
        Self {
            sequences: self.sequences + other.sequences,
            runs: self.runs + other.runs,
            crashes: self.crashes + other.crashes,
            refused: self.refused + other.refused,
            records: self.records + other.records,
        }
    }
}

/// So many sequences go side by side, since each of them mostly waits.
const LANES: u64 = 4;

/// Goes through sequences until the pace says it is enough.
pub fn run(pace: &Pace) -> Result<Reached, String> {
    let (begun, pace) = (AtomicU64::new(0), pace.side_by_side(LANES));
    let lane = || -> Result<Tally, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(go(&pace, &begun))
    };
    let tallies: Result<Vec<Tally>, String> = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|_| scope.spawn(lane)).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| Err("a lane panicked".into()))).collect()
    });
    let tally = tallies?.into_iter().fold(Tally::default(), Tally::and);
    Ok(Reached {
        count: tally.sequences,
        lines: vec![
            (tally.sequences, "sequences as the model says"),
            (tally.runs, "runs asked for"),
            (tally.crashes, "of them crashed"),
            (tally.refused, "of them refused or stopped by the gate"),
            (tally.records, "records delivered"),
        ],
        with: vec!["Native connectors and rows in memory; even seeds `upsert`, odd ones `append`.".to_owned()],
        untested: UNTESTED,
    })
}

/// Takes one sequence after the other, each time the next that nobody took.
async fn go(pace: &Pace, begun: &AtomicU64) -> Result<Tally, String> {
    let houses = [
        House::new(Shop::with_orders(0), "write = \"upsert\"\nlimit = { records = 4, bytes = 100000 }").await,
        House::new(Shop::with_orders(0), "write = \"append\"\nlimit = { records = 2, bytes = 100000 }").await,
    ];
    let mut tally = Tally::default();
    loop {
        let number = begun.fetch_add(1, Ordering::Relaxed);
        if !pace.goes_on(number) {
            return Ok(tally);
        }
        let seed = pace.first + number;
        let append = !seed.is_multiple_of(2);
        let mut sequence = Sequence::begin(&houses[usize::from(append)], append, seed).await;
        let went = sequence.go(&mut tally).await.map_err(|error| told(seed, &sequence.done, &error));
        // Told at once, since a house that is left with a ledger that does not balance panics.
        went.inspect_err(|error| println!("model: {error}"))?;
        tally.sequences += 1;
    }
}

fn told(seed: u64, done: &[String], error: &str) -> String {
    let done: String = done.iter().map(|one| format!("  {one}\n")).collect();
    format!(
        "{error}\nafter:\n{done}to repeat it: cargo run --release -p weighbridge-campaign -- model --count 1 --seed {seed}"
    )
}

/// A house, and what is believed of it.
struct Sequence {
    house: House,
    hands: Hands,
    belief: Belief,
    chance: Chance,
    /// What was done, for whoever reads a failure.
    done: Vec<String>,
}

impl Sequence {
    async fn begin(like: &House, append: bool, seed: u64) -> Self {
        let mut chance = Chance::seeded(seed);
        let hands = Hands::as_of_now();
        let (now, orders) = (weighbridge::clock::Clock::now(&hands), chance.below(12));
        let house = like.like(Shop { page: PAGE.into(), ..Shop::with_orders(orders) }, &hands).await;
        let limit = if append { 2 } else { 4 };
        Self { house, hands, belief: Belief::new(append, limit, now, orders), chance, done: Vec::new() }
    }

    async fn go(&mut self, tally: &mut Tally) -> Result<(), String> {
        for _ in 0..4 + self.chance.index(STEPS_MAX - 4) {
            self.step(tally).await?;
            self.compare()?;
        }
        tally.records += self.belief.taken.len() as u64;
        Ok(())
    }

    async fn step(&mut self, tally: &mut Tally) -> Result<(), String> {
        match self.chance.below(16) {
            0 => self.say_active().await,
            1 => self.say_on().await,
            2 => self.say_window().await,
            3 | 4 => self.say_quota().await,
            5 | 6 => self.step_clock(),
            7 | 8 => self.order(),
            9 => self.enter_again().await,
            10 => return self.write_off().await,
            _ => return self.run(tally).await,
        }
        Ok(())
    }

    async fn customer(&mut self, line: &str) {
        self.done.push(line.to_owned());
        self.house.customer(line).await;
    }

    /// What stops everything is mostly taken back soon.
    async fn say_active(&mut self) {
        self.belief.active = self.chance.percent(60);
        let status = if self.belief.active { "active" } else { "inactive" };
        self.customer(&format!("status = \"{status}\"")).await;
    }

    async fn say_on(&mut self) {
        self.belief.on = self.chance.percent(60);
        let switch = if self.belief.on { "on" } else { "off" };
        self.customer(&format!("[[customer.transfer]]\nname = \"orders\"\nswitch = \"{switch}\"")).await;
    }

    async fn say_window(&mut self) {
        let mut bound = |likely| {
            let away = i64::try_from(self.chance.below(200)).unwrap_or(0) - likely;
            self.chance.percent(60).then(|| self.belief.now.plus_millis(away * HOUR_MS))
        };
        let (start, end) = (bound(170), bound(30));
        let (start, end) = match (start, end) {
            (Some(start), Some(end)) if end <= start => (Some(start), None),
            both => both,
        };
        self.belief.window = (start, end);
        let said = |name, bound: Option<Timestamp>| bound.map(|at| format!("{name} = \"{at}\""));
        let parts: Vec<String> = [said("start", start), said("end", end)].into_iter().flatten().collect();
        self.customer(&format!("window = {{ {} }}", parts.join(", "))).await;
    }

    async fn say_quota(&mut self) {
        self.belief.quota = self.chance.below(30);
        self.customer(&format!("quota = {{ records = {} }}", self.belief.quota)).await;
    }

    /// Hours or weeks, forwards or back.
    fn step_clock(&mut self) {
        let hours = if self.chance.percent(70) { 60 } else { 1_500 };
        let step = i64::try_from(self.chance.below(2 * hours)).unwrap_or(0) - i64::try_from(hours / 3).unwrap_or(0);
        self.belief.now = self.belief.now.plus_millis(step * HOUR_MS);
        self.hands.set(self.belief.now);
        self.done.push(format!("it is {}", self.belief.now));
    }

    fn order(&mut self) {
        for _ in 0..=self.chance.below(5) {
            self.house.shop.order();
            self.belief.orders += 1;
        }
        self.done.push(format!("{} orders", self.belief.orders));
    }

    async fn enter_again(&mut self) {
        self.house.enter_again().await;
        self.done.push("entered again".to_owned());
    }

    async fn write_off(&mut self) -> Result<(), String> {
        let open = self.house.engine.open_batches("").map_err(|error| error.to_string())?;
        let Some(open) = open.first() else { return Ok(()) };
        self.done.push("written off".to_owned());
        let may = authorize(&Actor::owner(), ()).map_err(|denied| denied.code().to_string())?;
        let how = WriteOff { confirm: true };
        self.house.engine.write_off(&may, open.batch.id, how).await.map_err(|problem| problem.to_string())?;
        self.belief.write_off();
        Ok(())
    }

    async fn run(&mut self, tally: &mut Tally) -> Result<(), String> {
        let faults = self.faults();
        let first = self.house.warehouse.calls();
        let wrong = faults.iter().enumerate().filter_map(|(call, fault)| Some((first + call, fault.clone()?)));
        self.house.warehouse.goes_wrong(wrong.collect());
        // A source that is busy for a moment changes nothing: what was held for it goes back, and is held again.
        let busy = u32::try_from(self.chance.below(3)).unwrap_or(0);
        // Where it is asked while lines are sent again, nobody can say which of both ends the attempt.
        let busy = if self.belief.resends() { 0 } else { busy };
        self.house.shop.busy_for(busy);
        self.done
            .push(format!("run: {busy} times the source is busy, and calls of the destination go wrong: {faults:?}"));
        let believed = self.belief.run(&faults);
        let ended = self.house.run_or_crash().await;
        let state = ended.as_ref().map(|outcome| outcome.run.state);
        tally.runs += 1;
        tally.crashes += u64::from(state.is_none());
        tally.refused += u64::from(ended.as_ref().is_some_and(|outcome| outcome.run.refusal.is_some()));
        if state == believed {
            Ok(())
        } else {
            Err(format!("the run ended {state:?}, and {believed:?} was to come: {ended:?}"))
        }
    }

    /// Of several crashes the first one counts, since the process is over with it.
    fn faults(&mut self) -> Vec<Option<Fault>> {
        let kinds =
            [None, None, None, Some(Fault::Busy), Some(Fault::HangBefore), Some(Fault::HangAfter), Some(Fault::Reject)];
        (0..self.chance.below(5)).map(|_| self.chance.pick(&kinds).clone()).collect()
    }

    /// Destination, ledger and holds are as is believed.
    fn compare(&self) -> Result<(), String> {
        let taken = self.house.warehouse.ids();
        if taken != self.belief.taken {
            return Err(format!("delivered {taken:?}, and {:?} was to be", self.belief.taken));
        }
        let usage = self.house.engine.usage(None).map_err(|error| error.to_string())?;
        let own = usage.iter().filter(|line| line.customer.is_some());
        let nothing = |numbers: &(u64, u64, u64)| *numbers != (0, 0, 0);
        let numbers = own.map(|line| {
            (line.period, (line.balance.spent.records, line.balance.spent.runs, line.balance.held.records))
        });
        let numbers: BTreeMap<_, _> = numbers.filter(|(_, numbers)| nothing(numbers)).collect();
        let mut believed: BTreeMap<_, _> =
            self.belief.used.iter().map(|(month, used)| (*month, (used.0, used.1, 0))).collect();
        for (month, hold) in self.belief.held() {
            believed.entry(month).or_default().2 += hold;
        }
        believed.retain(|_, numbers| nothing(numbers));
        if numbers != believed {
            return Err(format!("records, runs and holds by month are {numbers:?}, and {believed:?} were to be"));
        }
        let imbalances = self.house.engine.check_ledger(None).map_err(|error| error.to_string())?;
        let chain = self.house.engine.check_chain().map_err(|error| error.to_string())?;
        let violations = self.house.engine.counters().tally().violated();
        if imbalances.is_empty() && chain.is_none() && violations == 0 {
            Ok(())
        } else {
            Err(format!("{violations} violations, {imbalances:?}, {chain:?}"))
        }
    }
}

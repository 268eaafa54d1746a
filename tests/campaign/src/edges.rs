//! The process dies at every edge of the protocol, and the one after it at every edge of its own: every pair.

use std::collections::BTreeSet;

use weighbridge_model::run::RunState;
use weighbridge_native::{Hands, House, Shop};

use crate::pace::{Pace, Reached};

/// Three batches.
const ORDERS: u64 = 7;

/// A second process has at most so many edges more than one that was not struck, since it may begin with recovery.
const MORE: usize = 8;

/// Mixes the pairs; a prime that divides no number of pairs.
const STRIDE: usize = 1_000_003;

const UNTESTED: &[&str] = &[
    "The renewal of a token, and guests in WebAssembly: the connectors are native and have no credentials.",
    "A destination that took a part of a call: it takes all of a call or nothing.",
    "`overwrite`, pulls, schedules, and more than one transfer at a time.",
];

/// Goes from pair to pair until the pace says it is enough, or all were tried.
pub fn run(pace: &Pace) -> Result<Reached, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(go(pace))
}

/// One way of writing, and the edges of a process that nothing strikes.
struct Way {
    house: House,
    write: &'static str,
    edges: usize,
}

impl Way {
    async fn new(write: &'static str) -> Self {
        let house = House::new(Shop::with_orders(0), &format!("write = \"{write}\"")).await;
        let mut whole = house.like(Shop::with_orders(ORDERS), &Hands::as_of_now()).await;
        whole.live(None).await;
        let edges = whole.strike.edges();
        println!("edges: {write} has {}: {}", edges.len(), kinds(&edges));
        Self { house, write, edges: edges.len() }
    }

    const fn pairs(&self) -> usize {
        self.edges * (self.edges + MORE)
    }
}

fn kinds(edges: &[&'static str]) -> String {
    let kinds: BTreeSet<&str> = edges.iter().copied().collect();
    kinds.into_iter().collect::<Vec<_>>().join(", ")
}

#[derive(Debug, Default)]
struct Tally {
    done: u64,
    deaths: u64,
    twice: u64,
}

async fn go(pace: &Pace) -> Result<Reached, String> {
    let ways = [Way::new("upsert").await, Way::new("append").await];
    let all = ways[0].pairs() + ways[1].pairs();
    let (pace, mut tally) = (pace.anew(), Tally::default());
    let every = u64::try_from(all).unwrap_or(u64::MAX);
    println!("edges: {all} pairs");
    while tally.done < every && pace.goes_on(tally.done) {
        let seed = pace.first.wrapping_add(tally.done);
        let number = usize::try_from(seed % every).unwrap_or(0) * STRIDE % all;
        let (way, number) =
            if number < ways[0].pairs() { (&ways[0], number) } else { (&ways[1], number - ways[0].pairs()) };
        let pair = [number / (way.edges + MORE), number % (way.edges + MORE)];
        strike(way, pair, &mut tally).await.map_err(|error| told(seed, way, &error))?;
        tally.done += 1;
    }
    Ok(Reached {
        count: tally.done,
        lines: vec![
            (tally.done, "pairs of edges"),
            (every, "pairs there are, those among them whose second process ends before its edge"),
            (tally.twice, "in which both processes died"),
            (tally.deaths, "deaths"),
        ],
        with: vec![
            "An edge is before and after each commit, each blob that is put or dropped, and each call of a connector."
                .to_owned(),
            format!(
                "{} edges in a run of three batches with `upsert`, {} with `append`.",
                ways[0].edges, ways[1].edges
            ),
        ],
        untested: UNTESTED,
    })
}

fn told(seed: u64, way: &Way, error: &str) -> String {
    let repeat = "cargo run --release -p weighbridge-campaign -- edges --count 1 --seed";
    format!("{}: {error}\nto repeat it: {repeat} {seed}", way.write)
}

/// Two processes that die, and one that lives to the end.
async fn strike(way: &Way, pair: [usize; 2], tally: &mut Tally) -> Result<(), String> {
    let mut house = way.house.like(Shop::with_orders(ORDERS), &Hands::as_of_now()).await;
    let mut died = Vec::new();
    for edge in pair {
        if house.live(Some(edge)).await.is_none() {
            died.push(format!("{} ({edge})", house.strike.edges().last().unwrap_or(&"nowhere")));
        }
        let (taken, kept) = (house.warehouse.ids().len() as u64, house.billed().0 + house.held());
        if taken > kept {
            return Err(format!("dead at {died:?}: {taken} records were taken, and {kept} are billed or on hold"));
        }
    }
    tally.deaths += died.len() as u64;
    tally.twice += u64::from(died.len() == 2);
    let ended = house.live(None).await;
    ended_well(&house, ended.map(|outcome| outcome.run.state)).map_err(|error| format!("dead at {died:?}: {error}"))
}

/// Everything came once, was billed once, and nothing is left on hold.
fn ended_well(house: &House, state: Option<RunState>) -> Result<(), String> {
    let (taken, billed, held) = (house.warehouse.ids(), house.billed().0, house.held());
    let open = house.engine.open_batches("").map_err(|error| error.to_string())?.len();
    let imbalances = house.engine.check_ledger(None).map_err(|error| error.to_string())?;
    let violations = house.engine.counters().tally().violated();
    let expected: Vec<u64> = (1..=ORDERS).collect();
    let well = (state, &taken, billed, held, open, imbalances.len(), violations)
        == (Some(RunState::Succeeded), &expected, ORDERS, 0, 0, 0, 0);
    let said = || {
        format!(
            "it ended {state:?}: taken {taken:?}, billed {billed}, on hold {held}, {open} batches open, {imbalances:?}, {violations} violations"
        )
    };
    if well { Ok(()) } else { Err(said()) }
}

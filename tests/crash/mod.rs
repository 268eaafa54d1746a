//! The real binary, killed at any moment of a transfer, goes on without losing, doubling or mis-billing a record.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test says what it expects, and prints its seed")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::town::{Setting, Town};

const ORDERS: u64 = 8_000;
const KILLS: u32 = 12;

/// A small generator (xorshift64), so that a printed seed gives the same moments again.
struct Moments(u64);

impl Moments {
    #[expect(clippy::disallowed_methods, reason = "each run of the test tries other moments")]
    fn new() -> Self {
        let seed = std::env::var("WEIGHBRIDGE_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let seed = seed.unwrap_or_else(|| u64::try_from(now % u128::from(u64::MAX)).unwrap() | 1);
        println!("moments from WEIGHBRIDGE_SEED={seed}");
        Self(seed)
    }

    /// Between the two, in milliseconds.
    fn next(&mut self, from: u64, to: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(from + self.0 % (to - from))
    }
}

/// Waits for a moment to kill at: every fourth one soon after the start, the others while or after a batch is being sent.
fn wait_for_a_moment(town: &Town, moments: &mut Moments) {
    let pick = moments.next(0, 4).as_millis();
    if pick == 0 {
        return std::thread::sleep(moments.next(1, 300));
    }
    let keys = || town.platforms.summary()["keys"].as_u64().unwrap();
    let (enough, begun) = (keys() + u64::try_from(pick).unwrap(), Instant::now());
    while keys() < enough && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(moments.next(0, 60));
}

fn kill_and_go_on(write: &str) {
    let town = Town::settled(ORDERS, &Setting::transfer(&format!("write = \"{write}\"")));
    town.platforms.slow(30);
    let mut moments = Moments::new();
    for kill in 0..KILLS {
        let mut child = town.start(&["run", "acme/orders"]);
        wait_for_a_moment(&town, &mut moments);
        assert!(child.try_wait().unwrap().is_none(), "the run ended before kill {kill}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    town.platforms.slow(0);
    let run = town.works(&["run", "acme/orders"]);
    let summary = town.platforms.summary();
    println!("{write}: {KILLS} kills, then {run}; the warehouse: {summary}");
    assert!(summary["repeated_keys"].as_u64().unwrap() >= 3, "too few kills fell while a batch was sent");
    compare(&town, write);
}

/// Source, destination and ledger tell of the same records, each once.
fn compare(town: &Town, write: &str) {
    let mut ids: Vec<u64> = town.platforms.lines().iter().map(|line| line["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=ORDERS).collect::<Vec<_>>(), "{write}");
    let summary = town.platforms.summary();
    assert_eq!((&summary["taken"], &summary["conflicts"]), (&ORDERS.into(), &0.into()), "{write}");
    assert_eq!(town.billed()["records"], ORDERS, "{write}");
    let options = weighbridge::Options::at(town.path("data"));
    let engine = weighbridge::Engine::open_reading(options).unwrap();
    assert_eq!((engine.check_ledger(None).unwrap(), engine.check_chain().unwrap()), (vec![], None), "{write}");
    assert_eq!(town.works(&["batch", "list"])["batches"].as_array().unwrap().len(), 0);
}

#[test]
fn an_upsert_goes_on_after_kill_9() {
    kill_and_go_on("upsert");
}

#[test]
fn an_append_goes_on_after_kill_9() {
    kill_and_go_on("append");
}

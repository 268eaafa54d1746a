//! Reliability campaigns: what must hold, tried again and again, for so many seconds or so many times.
//!
//! ```text
//! cargo run --release -p weighbridge-campaign -- power-loss --count 10000 --seed 1 --record
//! ```
//!
//! Every failure prints a command that repeats it. `--record` writes what was reached into `RELIABILITY.md`.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a campaign tells on standard output what it reached")]

mod backups;
mod balance;
mod edges;
mod faults;
mod kill;
mod model;
mod numbers;
mod pace;
mod platform;
mod power_loss;
mod record;
mod site;
mod zones;

use std::borrow::Cow;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, ValueEnum};

use self::kill::Harm;
use self::pace::{Pace, Reached};

/// Tries what must hold.
#[derive(Debug, Parser)]
struct Words {
    /// Which campaign.
    campaign: Campaign,
    /// For so many seconds.
    #[arg(long, conflicts_with = "count", default_value_t = 30)]
    seconds: u64,
    /// So many times, however long it takes.
    #[arg(long)]
    count: Option<u64>,
    /// Where to begin; another place every time where it is left out.
    #[arg(long)]
    seed: Option<u64>,
    /// Fails where less than this was reached.
    #[arg(long, default_value_t = 1)]
    floor: u64,
    /// Writes what was reached into `RELIABILITY.md`.
    #[arg(long)]
    record: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Campaign {
    /// The power goes at any moment of the store's file, and again while it is opened.
    PowerLoss,
    /// Random sequences of what people, clocks and crashes do to a transfer, beside a reference model.
    Model,
    /// Every zone at every transition of twenty years, beside two oracles.
    Zones,
    /// The process dies at every edge of the protocol, and the next one at every edge of its own.
    Edges,
    /// `kill -9` of the real binary with 32 transfers running, at any moment.
    Kill,
    /// The same binary stands still for longer than a call may take.
    Stop,
    /// Its disk is full.
    FullDisk,
    /// Its clock jumps an hour either way.
    Clock,
    /// A destination at which everything goes wrong that can.
    Faults,
    /// Numbers of the real binary; of no use in a dev build.
    Numbers,
    /// Backups and restores of a store of so many GiB as `--count` says; of no use in a dev build.
    Backups,
}

impl Campaign {
    fn name(self, count: Option<u64>) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::PowerLoss => "power-loss",
            Self::Model => "model",
            Self::Zones => "zones",
            Self::Edges => "edges",
            Self::Kill => Harm::Kill.name(),
            Self::Stop => Harm::Stop.name(),
            Self::FullDisk => Harm::FullDisk.name(),
            Self::Clock => Harm::Clock.name(),
            Self::Faults => "faults",
            Self::Numbers => "numbers",
            Self::Backups => return format!("backups of {} GiB", count.unwrap_or(1)).into(),
        })
    }

    fn run(self, pace: &Pace) -> Result<Reached, String> {
        match self {
            Self::PowerLoss => power_loss::run(pace),
            Self::Model => model::run(pace),
            Self::Zones => zones::run(pace),
            Self::Edges => edges::run(pace),
            Self::Kill => kill::run(Harm::Kill, pace),
            Self::Stop => kill::run(Harm::Stop, pace),
            Self::FullDisk => kill::run(Harm::FullDisk, pace),
            Self::Clock => kill::run(Harm::Clock, pace),
            Self::Faults => faults::run(pace),
            Self::Numbers => numbers::run(),
            Self::Backups => backups::run(pace.count().unwrap_or(1)),
        }
    }
}

fn main() -> ExitCode {
    let words = Words::parse();
    let name = &*words.campaign.name(words.count);
    let pace = Pace::new(words.seed.unwrap_or_else(another_seed), words.count.ok_or(words.seconds));
    println!("{name}: from seed {}", pace.first);
    match words.campaign.run(&pace) {
        Ok(reached) => {
            println!("{name}: {} in {} s", reached.sentence(), pace.passed_s());
            if reached.count < words.floor {
                println!("{name}: fewer than the {} that are asked for", words.floor);
                return ExitCode::FAILURE;
            }
            let recorded = if words.record { record::write(name, &reached, &pace) } else { Ok(()) };
            recorded.map_or_else(|error| failed(name, &error.to_string()), |()| ExitCode::SUCCESS)
        }
        Err(error) => failed(name, &error),
    }
}

fn failed(name: &str, error: &str) -> ExitCode {
    println!("{name}: {error}");
    ExitCode::FAILURE
}

#[expect(clippy::disallowed_methods, reason = "each run tries other things where no seed is given, and says which")]
fn another_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(now.subsec_nanos()) + now.as_secs() % 100_000 * 1_000_000_000
}

//! What is done to a host while it works.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use weighbridge_outage::Chance;

use crate::site::{Around, Serving, Signal, Site, send, told};

/// A call of a connector may take 30 seconds.
const PAST_DEADLINE: Duration = Duration::from_secs(33);

const HOUR_S: i64 = 3_600;

/// A host ends so when nobody knows whether a commit is durable.
const UNKNOWN: i32 = 5;
/// And so when another one has the store.
const IN_USE: i32 = 4;

/// What is done to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// SIGKILL at any moment, also while it starts.
    Kill,
    /// SIGSTOP for longer than a call may take, then SIGCONT.
    Stop,
    /// Its files cannot grow behind a place, or be written behind it.
    FullDisk,
    /// Its clock jumps an hour, one way or the other.
    Clock,
}

/// How a cycle ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harmed {
    /// Before the host was ready.
    Early,
    /// While it was at work.
    Working,
    /// By the host itself.
    ByItself,
}

/// A harm with what it needs.
#[derive(Clone, Debug)]
pub struct Ready {
    harm: Harm,
    library: PathBuf,
}

impl Harm {
    /// The campaign's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Stop => "stop",
            Self::FullDisk => "full-disk",
            Self::Clock => "clock",
        }
    }

    /// So many cycles are of one data folder; then all is compared.
    pub const fn round(self) -> u64 {
        if matches!(self, Self::Stop) { 4 } else { 10 }
    }

    /// So many hosts go side by side at most: one that stands still costs nothing but time.
    pub const fn lanes(self) -> u64 {
        if matches!(self, Self::Stop) { 6 } else { 2 }
    }

    /// What is done, for the record.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Kill => "SIGKILL up to 1.5 seconds after the host was ready, one time in four while it starts.",
            Self::Stop => {
                "SIGSTOP for 33 seconds, where a call may take 30; a second host that is started meanwhile is refused the store."
            }
            Self::FullDisk => {
                "RLIMIT_FSIZE at 95 to 245 % of the store's file (EFBIG, also in the middle of the file), which needs no privileges."
            }
            Self::Clock => {
                "A library loaded before all others moves the wall clock by an hour either way, twice in each process; the steady clock goes on. Then SIGKILL."
            }
        }
    }

    /// Builds what it needs.
    pub fn ready(self, site: &Site) -> Result<Ready, String> {
        let library = site.path("clock.so");
        if self == Self::Clock {
            let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/kill/clock.c");
            let mut compiler = Command::new("cc");
            compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source);
            let output = compiler.output().map_err(told)?;
            if !output.status.success() {
                return Err(format!("cc: {}", String::from_utf8_lossy(&output.stderr)));
            }
        }
        Ok(Ready { harm: self, library })
    }
}

impl Ready {
    /// One process, from its start to its end.
    pub fn cycle(&self, site: &Site, chance: &mut Chance) -> Result<Harmed, String> {
        match self.harm {
            Harm::Kill => kill(site, chance),
            Harm::Stop => stop(site, chance),
            Harm::FullDisk => full_disk(site, chance),
            Harm::Clock => self.clock(site, chance),
        }
    }

    fn clock(&self, site: &Site, chance: &mut Chance) -> Result<Harmed, String> {
        let offset = site.path("clock");
        let mut now: i64 = fs::read_to_string(&offset).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        // A clock that is read meanwhile finds the one or the other, and never half of one.
        let set = |now: i64| {
            let next = site.path("clock.next");
            fs::write(&next, now.to_string()).and_then(|()| fs::rename(&next, &offset)).map_err(told)
        };
        set(now)?;
        let mut host = site.serve(&Around::Clock { library: self.library.clone(), offset: offset.clone() })?;
        ready(&mut host, site)?;
        for _ in 0..2 {
            pause(chance, 900);
            // It comes back in the end, as clocks do.
            let back = if now == 0 { chance.percent(50) } else { now > 0 };
            now += if back { -HOUR_S } else { HOUR_S };
            set(now)?;
        }
        pause(chance, 900);
        alive(&mut host, site)?;
        host.kill()?;
        Ok(Harmed::Working)
    }
}

fn pause(chance: &mut Chance, below_ms: u64) {
    std::thread::sleep(Duration::from_millis(chance.below(below_ms)));
}

fn last_line(site: &Site) -> String {
    site.logged().lines().last().unwrap_or("it said nothing").to_owned()
}

fn ready(host: &mut Serving, site: &Site) -> Result<(), String> {
    let none = || format!("a host does not begin: {}", last_line(site));
    host.ready().map(|_| ()).ok_or_else(none)
}

fn alive(host: &mut Serving, site: &Site) -> Result<(), String> {
    host.ended().map_or(Ok(()), |code| Err(format!("a host ended by itself with {code}: {}", last_line(site))))
}

fn kill(site: &Site, chance: &mut Chance) -> Result<Harmed, String> {
    let mut host = site.serve(&Around::Nothing)?;
    if chance.percent(25) {
        pause(chance, 500);
        alive(&mut host, site)?;
        host.kill()?;
        return Ok(Harmed::Early);
    }
    ready(&mut host, site)?;
    pause(chance, 1_500);
    alive(&mut host, site)?;
    host.kill()?;
    Ok(Harmed::Working)
}

fn stop(site: &Site, chance: &mut Chance) -> Result<Harmed, String> {
    let mut host = site.serve(&Around::Nothing)?;
    ready(&mut host, site)?;
    pause(chance, 1_500);
    send(host.id(), Signal::Stop)?;
    // A host that stands still has its store: another one must not begin beside it.
    let mut other = site.serve(&Around::Nothing)?;
    let begun = other.ready().is_some();
    let code = other.ended();
    std::thread::sleep(PAST_DEADLINE);
    send(host.id(), Signal::Continue)?;
    pause(chance, 1_500);
    alive(&mut host, site)?;
    host.kill()?;
    if begun || code != Some(IN_USE) {
        return Err(format!("a second host beside one that stands still: began {begun}, ended {code:?}"));
    }
    Ok(Harmed::Working)
}

fn full_disk(site: &Site, chance: &mut Chance) -> Result<Harmed, String> {
    let size = fs::metadata(site.data().join("store.redb")).map_err(told)?.len();
    let kib = size * (95 + chance.below(150)) / 100 / 1_024;
    let mut host = site.serve(&Around::FileMax(kib))?;
    let began = host.ready().is_some();
    if began {
        std::thread::sleep(Duration::from_millis(500));
        pause(chance, 2_000);
    }
    let by_itself = host.ended();
    host.kill()?;
    Ok(match (began, by_itself) {
        (false, Some(UNKNOWN)) => Harmed::Early,
        (true, Some(UNKNOWN)) => Harmed::ByItself,
        (true, None) => Harmed::Working,
        (_, code) => return Err(format!("on a full disk a host ended with {code:?}: {}", last_line(site))),
    })
}

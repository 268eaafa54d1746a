//! Numbers of the real binary: 10,000 schedules stored, 1,000 of them in one second, 1,000 runs cut off, `append` beside `upsert`.

pub mod crowd;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge_model::run::Cause;
use weighbridge_model::time::Timestamp;

use self::crowd::{Crowd, STORED, TOGETHER};
use crate::pace::Reached;
use crate::platform::{Kind, Platform};
use crate::site::{Around, Rows, Serving, Site, TRANSFERS, name_of, told};

/// CPU at rest is measured for so long.
const REST: Duration = Duration::from_secs(60);
/// From the schedule's writing to its instant, in which a host starts.
const AHEAD_MS: i64 = 8_000;
/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(600);
/// Records of one transfer of the schedules.
const SMALL: u64 = 20;
/// Records of one transfer in the comparison of ways to write, in batches of twenty.
const MANY: u64 = 2_000;

/// Measures all of it, one thing after the other.
pub fn run() -> Result<Reached, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(told)?;
    let platform = Platform::start(TRANSFERS)?;
    let site = Site::settled(&platform)?;
    site.schedule(&platform, None)?;
    platform.state().sources.iter_mut().for_each(|one| one.last = SMALL);
    let crowd = runtime.block_on(Crowd::gather(&site))?;
    let mut lines = vec![(u64::try_from(STORED).unwrap_or(0), "schedules stored")];
    let mut tell = |more: Lines| {
        more.iter().for_each(|(number, words)| println!("numbers: {number} {words}"));
        lines.extend(more);
    };
    tell(lateness(&site, &crowd, &runtime)?);
    tell(recovery(&site, &platform, &crowd, &runtime)?);
    tell(at_rest(&site)?);
    tell(ways(&site, &platform)?);
    let with = if cfg!(debug_assertions) { "A dev build." } else { "A release build." };
    Ok(Reached {
        count: 1,
        lines,
        with: vec![
            with.into(),
            "Both platforms, on loopback, are in the measuring process of the same machine.".into(),
        ],
        untested: &["Disks and machines other than this one."],
    })
}

pub type Lines = Vec<(u64, &'static str)>;

pub fn store_of(site: &Site) -> PathBuf {
    site.data().join("store.redb")
}

pub fn ready(site: &Site) -> Result<Serving, String> {
    let mut host = site.serve(&Around::Nothing)?;
    host.ready().ok_or("a host does not begin")?;
    Ok(host)
}

/// Waits for something; how long that took.
pub fn wait(mut is_there: impl FnMut() -> Result<bool, String>) -> Result<Duration, String> {
    let begun = Instant::now();
    while !is_there()? {
        if begun.elapsed() > PATIENCE {
            return Err("what is measured does not come to its end".into());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(begun.elapsed())
}

/// CPU of a host that has nothing to do, in millionths of a core.
fn at_rest(site: &Site) -> Result<Lines, String> {
    let host = ready(site)?;
    std::thread::sleep(Duration::from_secs(5));
    let (before, begun) = (ticks(host.id())?, Instant::now());
    std::thread::sleep(REST);
    let (used, passed) = (ticks(host.id())? - before, begun.elapsed());
    let memory = memory_mib(host.id(), "VmRSS:")?;
    host.terminate()?;
    // The kernel counts in hundredths of a second.
    let share = u128::from(used) * 10_000_000 / passed.as_millis().max(1);
    Ok(vec![
        (u64::try_from(share).unwrap_or(0), "millionths of a core at rest, over 60 s of nothing to do"),
        (memory, "MiB of memory at rest, with 10,000 schedules"),
    ])
}

/// What a process has of the machine's memory (`VmRSS:`), or had at most (`VmHWM:`).
pub fn memory_mib(process: u32, line: &str) -> Result<u64, String> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).map_err(told)?;
    let kib = status.lines().find_map(|text| text.strip_prefix(line)).and_then(|rest| rest.split_whitespace().next());
    Ok(kib.ok_or("no status")?.parse::<u64>().map_err(told)? >> 10)
}

fn ticks(process: u32) -> Result<u64, String> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).map_err(told)?;
    let fields = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace();
    // User and system time are the twelfth and thirteenth field after the name.
    fields.skip(11).take(2).map(|field| field.parse::<u64>().map_err(told)).sum()
}

/// How late runs are that are all due in one second.
fn lateness(site: &Site, crowd: &Crowd, runtime: &tokio::runtime::Runtime) -> Result<Lines, String> {
    let at = SystemClock.now().plus_millis(AHEAD_MS);
    let at = runtime.block_on(crowd.fire_at(site, at))?;
    let host = ready(site)?;
    wait(|| Ok(crowd.ended(site, at)? >= TOGETHER))?;
    let memory = memory_mib(host.id(), "VmHWM:")?;
    host.terminate()?;
    let times = crowd.times(site, at)?;
    let [made, begun, ended] = times.map(|times| [share_of(&times, 50), share_of(&times, 99)]);
    Ok(vec![
        (made[0], "ms from the instant of 1,000 schedules until their runs are made, p50"),
        (made[1], "the same, p99"),
        (begun[0], "ms until their first batch is held (64 run at once), p50"),
        (begun[1], "the same, p99"),
        (ended[0], "ms until they ended, each after a batch of 20 records, p50"),
        (ended[1], "the same, p99"),
        (memory, "MiB of memory at most meanwhile, with 64 runs at once"),
    ])
}

fn share_of(times: &[i64], percent: usize) -> u64 {
    let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(index).and_then(|time| u64::try_from(*time).ok()).unwrap_or(0)
}

/// How long a host takes to bring runs to their end that another one left.
fn recovery(
    site: &Site,
    platform: &Platform,
    crowd: &Crowd,
    runtime: &tokio::runtime::Runtime,
) -> Result<Lines, String> {
    platform.state().slow_ms = 60_000;
    let at = runtime.block_on(crowd.fire_at(site, SystemClock.now().plus_millis(AHEAD_MS)))?;
    let host = ready(site)?;
    wait(|| Ok(crowd.made(site, at)? >= TOGETHER))?;
    host.kill()?;
    platform.state().slow_ms = 0;
    let left = TOGETHER.saturating_sub(crowd.ended(site, at)?);
    let begun = Instant::now();
    let mut host = site.serve(&Around::Nothing)?;
    let ready = host.ready().ok_or("a host does not begin")?;
    wait(|| Ok(crowd.ended(site, at)? >= TOGETHER))?;
    let passed = begun.elapsed();
    host.terminate()?;
    Ok(vec![
        (u64::try_from(left).unwrap_or(0), "runs cut off by `kill -9`, 64 of them in their batch"),
        (millis(ready), "ms from the start until the host answers"),
        (millis(passed), "ms from the start until all of them ended"),
    ])
}

pub fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Settled batches a second of eight transfers that add and of eight that write, in turns.
fn ways(site: &Site, platform: &Platform) -> Result<Lines, String> {
    platform.state().sources.iter_mut().filter(|source| !source.kind.is_incremental()).for_each(|one| one.last = MANY);
    let (host, mut rates) = (ready(site)?, [Vec::new(), Vec::new()]);
    for _ in 0..3 {
        for (kind, rates) in [Kind::AppendFull, Kind::UpsertFull].into_iter().zip(&mut rates) {
            rates.push(rate(site, kind)?);
        }
    }
    host.terminate()?;
    let [append, upsert] = rates.map(|mut rates| {
        rates.sort_unstable();
        rates[1]
    });
    Ok(vec![
        (append, "batches settled a second by 8 transfers that `append` (dispatched), median of 3"),
        (upsert, "the same that `upsert`, in turns with them"),
        (append * 100 / upsert.max(1), "percent of `upsert` that `append` reaches"),
    ])
}

fn rate(site: &Site, kind: Kind) -> Result<u64, String> {
    let since = SystemClock.now();
    let numbers: Vec<usize> = (0..TRANSFERS).filter(|number| Kind::of(*number) == kind).collect();
    for number in &numbers {
        let (customer, transfer) = name_of(*number);
        site.works(&["transfer", "start", &customer, &transfer])?;
    }
    wait(|| {
        std::thread::sleep(Duration::from_millis(200));
        let rows = Rows::read(&store_of(site))?;
        Ok(numbers.iter().all(|number| is_over(&rows, *number, since)))
    })?;
    let rows = Rows::read(&store_of(site))?;
    let moved = numbers.iter().filter_map(|number| rows.moved.get(number));
    let batches = moved.flat_map(|moved| &moved.batches).filter(|batch| batch.held_at >= since);
    let ends: Vec<(i64, i64)> =
        batches.filter_map(|batch| Some((batch.held_at.as_millis(), batch.ended_at?.as_millis()))).collect();
    let first = ends.iter().map(|(held, _)| *held).min().unwrap_or(0);
    let last = ends.iter().map(|(_, ended)| *ended).max().unwrap_or(0);
    let passed = u64::try_from(last - first).unwrap_or(0).max(1);
    Ok(ends.len() as u64 * 1_000 / passed)
}

fn is_over(rows: &Rows, number: usize, since: Timestamp) -> bool {
    let runs = rows.moved.get(&number).map_or(&[][..], |moved| &moved.runs);
    runs.iter().any(|run| run.cause == Cause::Manual && run.started_at >= since && run.ended_at.is_some())
}

//! Backups and restores of a store of some size, by the real binary: alone, and beside transfers that run.

mod fill;

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::numbers::{Lines, memory_mib, millis, store_of};
use crate::pace::Reached;
use crate::platform::{Kind, Platform};
use crate::site::{Around, Site, TRANSFERS, name_of, told};

/// What moves is counted for so long before a backup is taken beside it.
const BEFORE: Duration = Duration::from_secs(10);
/// Records of each transfer that runs meanwhile: more than there is time for.
const MANY: u64 = 10_000_000;

/// Measures all of it, one thing after the other.
pub fn run(gib: u64) -> Result<Reached, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(told)?;
    let platform = Platform::start(TRANSFERS)?;
    let site = Site::settled(&platform)?;
    site.schedule(&platform, None)?;
    let batches = runtime.block_on(fill::fill(&store_of(&site), gib << 30))?;
    let mut lines: Lines = vec![(gib, "GiB of the store's file, at least"), (batches, "batches settled in it")];
    let mut tell = |more: Lines| {
        more.iter().for_each(|(number, words)| println!("backups: {number} {words}"));
        lines.extend(more);
    };
    tell(alone(&site)?);
    let kept = site.path("kept");
    tell(beside(&site, &platform, &kept)?);
    tell(bring_back(&site, &kept)?);
    let with = if cfg!(debug_assertions) { "A dev build." } else { "A release build." };
    let of = "Ten records a settled batch, eight of them rejected and kept with 1 KiB each.";
    let disk = "Store and backups on one disk, and files of the size of the page cache or less.";
    Ok(Reached {
        count: gib,
        lines,
        with: vec![with.into(), of.into(), disk.into()],
        untested: &["Disks and machines other than this one."],
    })
}

/// A backup while no host has the store.
fn alone(site: &Site) -> Result<Lines, String> {
    let into = site.path("alone");
    let (folder, took) = take(site, &into)?;
    let bytes = size(&folder)?;
    fs::remove_dir_all(&into).map_err(told)?;
    Ok(vec![
        (live_mib(site)?, "MiB that the store's file takes up"),
        (bytes >> 20, "MiB that its backup takes up"),
        (millis(took), "ms to take it while no host serves, opened and added up"),
        (rate(bytes, took), "MiB/s of that"),
    ])
}

/// A backup while transfers run, and what it costs them.
fn beside(site: &Site, platform: &Platform, into: &Path) -> Result<Lines, String> {
    platform.state().sources.iter_mut().for_each(|source| source.last = MANY);
    let mut host = site.serve_configured(&Around::Nothing, &backups(into))?;
    host.ready().ok_or("a host does not begin")?;
    for number in (0..TRANSFERS).filter(|number| Kind::of(*number) == Kind::UpsertFull) {
        let (customer, transfer) = name_of(number);
        site.works(&["transfer", "start", &customer, &transfer])?;
    }
    std::thread::sleep(Duration::from_secs(2));
    let before = moving(site, || {
        std::thread::sleep(BEFORE);
        Ok(())
    })?;
    let rest = memory_mib(host.id(), "VmRSS:")?;
    let live = live_mib(site)?;
    let mut taken = None;
    let meanwhile = moving(site, || {
        let (_, took) = timed(|| site.works(&["backup", "take"]))?;
        taken = Some((only(into)?, took));
        Ok(())
    })?;
    let (folder, took) = taken.ok_or("no backup was taken")?;
    let most = memory_mib(host.id(), "VmHWM:")?;
    let grown = live_mib(site)?;
    host.terminate()?;
    let bytes = size(&folder)?;
    Ok(vec![
        (millis(took), "ms to take it beside 8 transfers that run"),
        (rate(bytes, took), "MiB/s of that"),
        (before, "records settled a second before it"),
        (meanwhile, "the same while it was taken"),
        (meanwhile * 100 / before.max(1), "percent of before"),
        (rest, "MiB of the host's memory before it"),
        (most, "MiB at most"),
        (live, "MiB that the live file takes up before it"),
        (grown, "MiB when it is taken"),
    ])
}

/// The machine is lost but for its keys; from the backup to a host that answers.
fn bring_back(site: &Site, kept: &Path) -> Result<Lines, String> {
    let folder = only(kept)?;
    let (_, checked) = timed(|| site.works(&["backup", "check", &folder.display().to_string()]))?;
    for lost in ["store.redb", "store.blobs", "packages"].map(|name| site.data().join(name)) {
        let removed = if lost.is_dir() { fs::remove_dir_all(&lost) } else { fs::remove_file(&lost) };
        removed.or_else(|error| if lost.exists() { Err(error) } else { Ok(()) }).map_err(told)?;
    }
    let bytes = size(&folder)?;
    let (_, restored) = timed(|| site.works(&["backup", "restore", &folder.display().to_string()]))?;
    let mut host = site.serve(&Around::Nothing)?;
    let ready = host.ready().ok_or("a restored host does not begin")?;
    host.terminate()?;
    Ok(vec![
        (millis(checked), "ms to check it"),
        (millis(restored), "ms to restore it, checked before and added up after"),
        (rate(bytes, restored), "MiB/s of that"),
        (millis(ready), "ms from the restored host's start until it answers"),
    ])
}

/// Takes a backup below a folder; where it is, and how long that took.
fn take(site: &Site, into: &Path) -> Result<(PathBuf, Duration), String> {
    let file = site.configure(&backups(into))?.display().to_string();
    let (_, took) = timed(|| site.works(&["backup", "take", "--config", &file]))?;
    Ok((only(into)?, took))
}

fn backups(into: &Path) -> String {
    format!("[backup]\nfolder = \"{}\"\n", into.display())
}

fn timed<T>(act: impl FnOnce() -> Result<T, String>) -> Result<(T, Duration), String> {
    let begun = Instant::now();
    let done = act()?;
    Ok((done, begun.elapsed()))
}

/// Records that were settled a second while something happened.
fn moving(site: &Site, act: impl FnOnce() -> Result<(), String>) -> Result<u64, String> {
    let (before, begun) = (settled(site)?, Instant::now());
    act()?;
    let (after, passed) = (settled(site)?, begun.elapsed());
    Ok((after - before) * 1_000 / millis(passed).max(1))
}

fn settled(site: &Site) -> Result<u64, String> {
    let usage: Value = serde_json::from_str(&site.works(&["usage"])?).map_err(told)?;
    let lines = usage["usage"].as_array().ok_or("no usage")?;
    let customers = lines.iter().filter(|line| line["customer"].is_string());
    Ok(customers.filter_map(|line| line["spent"]["records"].as_u64()).sum())
}

fn only(folder: &Path) -> Result<PathBuf, String> {
    let mut entries = fs::read_dir(folder).map_err(told)?;
    Ok(entries.next().ok_or("no backup is there")?.map_err(told)?.path())
}

fn size(folder: &Path) -> Result<u64, String> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let meta = entry.metadata().map_err(told)?;
        bytes += if meta.is_dir() { size(&entry.path())? } else { taken_up(&meta) };
    }
    Ok(bytes)
}

/// What a file takes up of the disk: it is longer than that, since the engine makes it grow by its own length.
pub fn taken_up(file: &Metadata) -> u64 {
    file.blocks() * 512
}

fn live_mib(site: &Site) -> Result<u64, String> {
    Ok(taken_up(&fs::metadata(store_of(site)).map_err(told)?) >> 20)
}

fn rate(bytes: u64, took: Duration) -> u64 {
    (bytes >> 20) * 1_000 / millis(took).max(1)
}

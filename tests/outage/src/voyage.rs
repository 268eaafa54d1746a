//! A file is written while the power may go, opened again, and gone on with while the power may go again.
//!
//! A *voyage* opens a file that was just made and commits to it. The disk remembers what it was told, so the power can go
//! before any step of it. What may be left then is opened and gone on with, and the power may go again while that happens.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::chance::Chance;
use crate::disk::{Disk, LOSSES, Replay, Told};

/// What changes together: a row under its key, or its removal.
pub type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// The rows of a file.
pub type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// The sealed files beside it, each whole or not there.
pub type Blobs = Arc<BTreeMap<[u8; 16], Vec<u8>>>;

/// How many images are made of one voyage.
pub const IMAGES: u64 = 20;

/// How often the power may go again while an image is opened and gone on with.
const AGAIN_MAX: u64 = 3;

/// What is left of a disk.
#[derive(Clone, Debug, Default)]
struct Image {
    /// The file.
    bytes: Vec<u8>,
    /// The blobs beside it.
    blobs: Blobs,
}

/// One commit as it was asked for.
#[derive(Clone, Debug)]
pub struct Commit {
    /// What changes together.
    pub changes: Changes,
    /// The blobs that were there when it began.
    pub blobs: Blobs,
}

/// What was found when a file was opened, and what was committed then.
#[derive(Debug)]
pub struct Log {
    /// The rows that were there.
    pub found: Rows,
    /// The commits after it.
    pub commits: Vec<Commit>,
}

/// Whoever opens a file and commits to it.
pub trait Sailor {
    /// Opens the file on the disk, makes about so many commits, and checks what it knows must hold. It marks on the disk when it
    /// has opened, and when each commit begins and is acknowledged.
    fn sail(&self, disk: &Disk, blobs: &Blobs, commits: usize, chance: &mut Chance) -> Result<Log, String>;
}

/// The mark of a file that is open, before its first commit. Each commit makes two more.
pub const OPENED: usize = 1;

/// How many commits were acknowledged, and how many had begun, when a mark was the last.
const fn commits_at(mark: usize) -> (usize, usize) {
    (mark.saturating_sub(OPENED) / 2, mark / 2)
}

/// What a voyage came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Images made and opened.
    pub images: u64,
    /// Of those, images that were left by a loss of power while another one was being opened.
    pub in_recovery: u64,
    /// Commits made.
    pub commits: u64,
    /// Commits that the power cut short, and that were there all the same.
    pub landed: u64,
}

/// One voyage and its images. An error says what did not hold.
pub fn voyage(sailor: &dyn Sailor, seed: u64, images: u64, tally: &mut Tally) -> Result<(), String> {
    let mut chance = Chance::seeded(seed);
    let (port, made) = make(sailor, &mut chance)?;
    let disk = Disk::holding(port.clone());
    let commits = 10 + chance.index(30);
    let log = attempt(|| sailor.sail(&disk, &Blobs::default(), commits, &mut chance))?;
    tally.commits += log.commits.len() as u64;
    let told = disk.told();
    let story = Story { log, may: vec![made], blobs: Blobs::default() };
    let mut steps: Vec<usize> = (0..images).map(|_| moment(&told, &mut chance)).collect();
    steps.sort_unstable();
    let mut replay = Replay::new(port, &told);
    for (number, step) in steps.into_iter().enumerate() {
        let loss = *chance.pick(&LOSSES);
        let bytes = replay.image(step, loss, &mut chance);
        let (may, blobs) = story.at(replay.mark);
        let said = |error| format!("image {number} ({loss:?} before step {step} of {}): {error}", told.len());
        survive(sailor, Image { bytes, blobs }, may, &mut chance, tally).map_err(said)?;
    }
    Ok(())
}

/// A file that was made whole, and its rows: a store takes its name only then.
fn make(sailor: &dyn Sailor, chance: &mut Chance) -> Result<(Vec<u8>, Rows), String> {
    let disk = Disk::default();
    let log = attempt(|| sailor.sail(&disk, &Blobs::default(), 0, chance))?;
    let mut rows = log.found;
    log.commits.iter().for_each(|commit| change(&mut rows, &commit.changes));
    Ok((disk.bytes(), rows))
}

/// What may be there after the power went in the middle of something.
struct Story {
    log: Log,
    /// What might have been there when it was opened.
    may: Vec<Rows>,
    blobs: Blobs,
}

impl Story {
    /// The states that are right where this mark was the last that was passed, and the blobs beside them.
    fn at(&self, mark: usize) -> (Vec<Rows>, Blobs) {
        if mark < OPENED {
            return (self.may.clone(), Arc::clone(&self.blobs));
        }
        let (acknowledged, begun) = commits_at(mark);
        let mut rows = self.log.found.clone();
        self.log.commits[..acknowledged].iter().for_each(|commit| change(&mut rows, &commit.changes));
        let mut may = vec![rows.clone()];
        if begun > acknowledged {
            change(&mut rows, &self.log.commits[acknowledged].changes);
            may.push(rows);
        }
        let blobs = begun.checked_sub(1).map_or(&self.blobs, |last| &self.log.commits[last].blobs);
        (may, Arc::clone(blobs))
    }
}

fn change(rows: &mut Rows, changes: &Changes) {
    for (key, row) in changes {
        match row {
            Some(row) => rows.insert(key.clone(), row.clone()),
            None => rows.remove(key),
        };
    }
}

/// Opens an image, goes on, and loses the power again, some times.
fn survive(
    sailor: &dyn Sailor,
    mut image: Image,
    mut may: Vec<Rows>,
    chance: &mut Chance,
    tally: &mut Tally,
) -> Result<(), String> {
    for again in 0..=chance.below(AGAIN_MAX + 1) {
        let (disk, commits) = (Disk::holding(image.bytes.clone()), chance.index(4));
        let log = attempt(|| sailor.sail(&disk, &image.blobs, commits, chance));
        let log = log.map_err(|error| format!("opened for time {}: {error}", again + 1))?;
        tally.images += 1;
        tally.in_recovery += u64::from(again > 0);
        tally.commits += log.commits.len() as u64;
        let found = may.iter().position(|rows| *rows == log.found);
        let found = found.ok_or_else(|| format!("opened for time {}: {}", again + 1, difference(&log.found, &may)))?;
        tally.landed += u64::from(found > 0);
        let told = disk.told();
        let opening = told.iter().position(|told| matches!(told, Told::Mark(_))).unwrap_or(told.len());
        let within = if chance.percent(60) { opening } else { told.len() };
        let (step, loss) = (moment(&told[..within], chance), *chance.pick(&LOSSES));
        let mut replay = Replay::new(image.bytes, &told);
        let bytes = replay.image(step, loss, chance);
        let story = Story { log, may, blobs: image.blobs };
        let blobs;
        (may, blobs) = story.at(replay.mark);
        image = Image { bytes, blobs };
    }
    Ok(())
}

/// A moment to lose the power at, every third one soon after the file grew or shrank.
fn moment(told: &[Told], chance: &mut Chance) -> usize {
    let lengths: Vec<usize> = (0..told.len()).filter(|step| matches!(told[*step], Told::Length(_))).collect();
    if lengths.is_empty() || chance.percent(67) {
        return chance.index(told.len() + 1);
    }
    (*chance.pick(&lengths) + 1 + chance.index(12)).min(told.len())
}

/// How what was found is none of what may be.
fn difference(found: &Rows, may: &[Rows]) -> String {
    let of = |rows: &Rows| {
        let lost = rows.iter().filter(|(key, _)| !found.contains_key(*key)).count();
        let other = rows.iter().filter(|(key, row)| found.get(*key).is_some_and(|there| there != *row)).count();
        let more = found.keys().filter(|key| !rows.contains_key(*key)).count();
        format!("{lost} rows lost, {other} other, {more} too many")
    };
    let compared: Vec<String> = may.iter().map(of).collect();
    format!("the rows are those of no commit that they may be of: {}", compared.join("; or "))
}

/// A panic is an error like another.
pub fn attempt<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Err(format!("it panicked: {}", said.unwrap_or_default()))
    })
}

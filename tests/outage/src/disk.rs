//! A disk in memory that remembers what it was told, and the images that a loss of power may leave of it.
//!
//! What was synced stays. Of what was written since, each sector may be as it was or as any of the writes left it, in no
//! order; the file's length may be any that was asked for. That is a disk (with its file system) at its worst that still keeps its word.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{io, mem};

use crate::chance::Chance;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// What the disk was told, in order.
#[derive(Clone, Debug)]
pub enum Told {
    /// Bytes from an offset on.
    Write(usize, Vec<u8>),
    /// A new length; what is new is zeros.
    Length(usize),
    /// Everything before is to be durable.
    Sync,
    /// A mark of whoever watches, which the disk does not see.
    Mark(usize),
}

#[derive(Debug, Default)]
struct Platter {
    bytes: Vec<u8>,
    told: Vec<Told>,
}

/// A disk; a clone is the same one.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    /// A disk that holds an image.
    pub fn holding(image: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(Platter { bytes: image, told: Vec::new() })))
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a mark among what the disk was told.
    pub fn mark(&self, mark: usize) {
        self.platter().told.push(Told::Mark(mark));
    }

    /// Everything the disk was told so far.
    pub fn told(&self) -> Vec<Told> {
        mem::take(&mut self.platter().told)
    }

    /// The file as it was written last.
    pub fn bytes(&self) -> Vec<u8> {
        self.platter().bytes.clone()
    }

    /// The length of the file.
    pub fn length(&self) -> u64 {
        self.platter().bytes.len() as u64
    }

    /// Reads what was written last.
    pub fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let offset = at(offset)?;
        let end = offset.saturating_add(out.len());
        out.copy_from_slice(self.platter().bytes.get(offset..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    /// Changes the length.
    pub fn set_len(&self, len: u64) -> io::Result<()> {
        let len = at(len)?;
        let mut platter = self.platter();
        platter.bytes.resize(len, 0);
        platter.told.push(Told::Length(len));
        Ok(())
    }

    /// Writes.
    pub fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let offset = at(offset)?;
        let mut platter = self.platter();
        overwrite(&mut platter.bytes, offset, data);
        platter.told.push(Told::Write(offset, data.to_vec()));
        Ok(())
    }

    /// Makes everything before durable.
    pub fn sync(&self) {
        self.platter().told.push(Told::Sync);
    }
}

fn at(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

fn overwrite(bytes: &mut Vec<u8>, offset: usize, data: &[u8]) {
    let end = offset + data.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset..end].copy_from_slice(data);
}

/// How what was not synced is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// All of it.
    Everything,
    /// Nothing: the power went after the last byte.
    Nothing,
    /// Whole writes, each by itself.
    Writes,
    /// Single sectors of any write.
    Sectors,
    /// Only one of the writes.
    One,
}

/// Every way to lose.
pub const LOSSES: [Loss; 5] = [Loss::Everything, Loss::Nothing, Loss::Writes, Loss::Sectors, Loss::One];

/// A disk told again step by step, to stop anywhere.
#[derive(Debug)]
pub struct Replay<'a> {
    told: &'a [Told],
    done: usize,
    durable: Vec<u8>,
    /// The last mark that was passed.
    pub mark: usize,
}

impl<'a> Replay<'a> {
    /// From an image on.
    pub fn new(image: Vec<u8>, told: &'a [Told]) -> Self {
        Self { told, done: 0, durable: image, mark: 0 }
    }

    /// Goes on to just before the step of this number.
    pub fn go_to(&mut self, step: usize) {
        let since = self.told[..step].iter().rposition(|told| matches!(told, Told::Sync)).map_or(0, |sync| sync + 1);
        for told in &self.told[self.done.min(since)..since] {
            match told {
                Told::Write(offset, data) => overwrite(&mut self.durable, *offset, data),
                Told::Length(len) => self.durable.resize(*len, 0),
                Told::Sync | Told::Mark(_) => {}
            }
        }
        self.done = self.done.max(since);
        let marks = self.told[..step].iter().rev();
        self.mark =
            marks.filter_map(|told| if let Told::Mark(mark) = told { Some(*mark) } else { None }).next().unwrap_or(0);
    }

    /// What may be left where the power goes just before this step.
    pub fn image(&mut self, step: usize, loss: Loss, chance: &mut Chance) -> Vec<u8> {
        self.go_to(step);
        let mut waiting: Vec<&Told> =
            self.told[self.done..step].iter().filter(|told| !matches!(told, Told::Mark(_))).collect();
        let mut image = self.durable.clone();
        match loss {
            Loss::Everything => return image,
            Loss::Nothing => {
                waiting.into_iter().for_each(|told| keep(&mut image, told));
                return image;
            }
            Loss::One if !waiting.is_empty() => drop(waiting.remove(chance.index(waiting.len()))),
            Loss::One => {}
            Loss::Writes | Loss::Sectors => {
                let kept = 10 + chance.below(81);
                waiting.retain(|_| chance.percent(kept));
                if chance.percent(50) {
                    shuffle(&mut waiting, chance);
                }
            }
        }
        let len = length(self.durable.len(), &waiting, chance);
        image.resize(len, 0);
        for told in waiting {
            if let Told::Write(offset, data) = told {
                let torn = loss == Loss::Sectors && chance.percent(50);
                keep_sectors(&mut image, *offset, data, torn.then_some(&mut *chance));
            }
        }
        image
    }
}

fn keep(image: &mut Vec<u8>, told: &Told) {
    match told {
        Told::Write(offset, data) => overwrite(image, *offset, data),
        Told::Length(len) => image.resize(*len, 0),
        Told::Sync | Told::Mark(_) => {}
    }
}

/// The length that the file system knows: the last that came through, or sometimes none of them.
fn length(durable: usize, waiting: &[&Told], chance: &mut Chance) -> usize {
    let asked = waiting.iter().filter_map(|told| if let Told::Length(len) = told { Some(*len) } else { None });
    let asked: Vec<usize> = asked.collect();
    if asked.is_empty() || chance.percent(20) { durable } else { *chance.pick(&asked) }
}

/// Writes what lies within the file, whole or by sectors of the disk.
fn keep_sectors(image: &mut [u8], offset: usize, data: &[u8], mut torn: Option<&mut Chance>) {
    let (mut from, last) = (offset, (offset + data.len()).min(image.len()));
    while from < last {
        let until = ((from / SECTOR + 1) * SECTOR).min(last);
        if torn.as_mut().is_none_or(|chance| chance.percent(50)) {
            image[from..until].copy_from_slice(&data[from - offset..until - offset]);
        }
        from = until;
    }
}

fn shuffle<T>(all: &mut [T], chance: &mut Chance) {
    for last in (1..all.len()).rev() {
        all.swap(last, chance.index(last + 1));
    }
}

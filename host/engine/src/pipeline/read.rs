//! Pages of the source, until a checkpoint at which the batch is large enough.

use std::time::{Duration, Instant};

use weighbridge_model::appetite::Appetite;
use weighbridge_model::batch::Batch;
use weighbridge_model::gate::{Level, Place, Refusal, RefusalCode};
use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::{Ended, Page, Stop};
use weighbridge_store::Committed;

use super::halt::Halt;
use super::open::Reading;
use super::replay;
use crate::engine::Host;

/// How long a source may say *nothing yet* before the run ends without more.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// What was read of one batch; its last page has a checkpoint, or is the last one that there is.
pub(super) struct Pages {
    pub(super) pages: Vec<Page>,
    /// How many records are left at the source, where the connector said so.
    pub(super) left: Option<u64>,
    pub(super) took: Duration,
}

/// Asks for no more than was held. Takes the hold as its proof that it may ask at all.
pub(super) async fn read(host: &Host, reading: &mut Reading, batch: Committed<&Batch>) -> Result<Pages, Halt> {
    let begun = Instant::now();
    reading.source.begin_batch();
    let pages = match reading.replays {
        Some(replayed) => vec![replay::page(host, reading, replayed, &batch)?],
        None => gather(reading, &batch, begun).await?,
    };
    Ok(Pages { left: reading.left.take(), pages, took: begun.elapsed() })
}

/// Pages up to the last checkpoint that the batch has room for. What a source gave beyond it is the beginning of the next batch.
/// One that fails for now is not asked again before what it gave is delivered: a platform that allows a few pages a minute would
/// be asked for the same ones for ever.
async fn gather(reading: &mut Reading, batch: &Batch, begun: Instant) -> Result<Vec<Page>, Halt> {
    if let Some(halt) = reading.tired.take() {
        return Err(halt);
    }
    let mut room = Room::of(batch);
    let mut pages = std::mem::take(&mut reading.beyond);
    if !pages.iter().all(|page| room.take(page)) {
        return Err(Halt::Renewed);
    }
    let (mut safe, mut idle) = (0, Idle::default());
    loop {
        let page = match next(reading, &room).await {
            Err(halt) if safe > 0 && halt.is_passing() => {
                reading.tired = Some(halt);
                pages.truncate(safe);
                return Ok(pages);
            }
            page => page?,
        };
        room.take(&page);
        let (last, is_safe, more, wait) = (count(&page), page.checkpoint.is_some(), page.more, page.wait_ms);
        pages.push(page);
        if !more {
            return Ok(pages);
        }
        if is_safe {
            safe = pages.len();
        } else if safe == 0 && room.is_full() {
            return Err(no_checkpoint(batch));
        }
        let wants_more = |appetite: Appetite| appetite.wants_more(room.read, last, begun.elapsed());
        let is_enough = wait.is_some() || room.is_full() || (is_safe && !reading.appetite.is_some_and(wants_more));
        if safe > 0 && is_enough {
            reading.beyond = pages.split_off(safe);
            return Ok(pages);
        }
        if let Some(wait) = wait {
            idle.wait(Duration::from_millis(wait.into()), last).await?;
        }
    }
}

async fn next(reading: &mut Reading, room: &Room) -> Result<Page, Halt> {
    let most = reading.appetite.map_or(u64::MAX, Appetite::records);
    // Where this is dropped, or the source is stopped, it stays so.
    reading.is_away = true;
    let page = reading.source.next(clamp(room.records.min(most)), clamp(room.bytes)).await;
    reading.is_away = matches!(page, Err(Ended::Stopped(_)));
    let page = page?;
    reading.check.check(&page).map_err(|stopped| Halt::from(Ended::Stopped(stopped)))?;
    reading.left = page.remaining;
    Ok(page)
}

/// What is left of what a batch may read.
struct Room {
    records: u64,
    bytes: u64,
    /// Records that were read.
    read: u64,
}

impl Room {
    const fn of(batch: &Batch) -> Self {
        Self { records: batch.reservation.hold().records, bytes: batch.limit.bytes, read: 0 }
    }

    /// Takes a page off, and answers whether there was room for it.
    fn take(&mut self, page: &Page) -> bool {
        let (records, bytes) = (count(page), (page.records.len() + page.removed.len()) as u64);
        let fits = records <= self.records && bytes <= self.bytes;
        self.records = self.records.saturating_sub(records);
        self.bytes = self.bytes.saturating_sub(bytes);
        self.read += records;
        fits
    }

    const fn is_full(&self) -> bool {
        self.records == 0 || self.bytes == 0
    }
}

const fn count(page: &Page) -> u64 {
    page.records_count + page.removed_count
}

/// How long a source has had nothing to give.
#[derive(Default)]
struct Idle(Duration);

impl Idle {
    async fn wait(&mut self, wait: Duration, last: u64) -> Result<(), Halt> {
        self.0 += wait;
        if self.0 > WAIT_MAX && last == 0 {
            let message = "the source had nothing to give for a minute and no checkpoint";
            return Err(Halt::failed(FailureClass::Transient, "source.idle", message));
        }
        tokio::time::sleep(wait).await;
        Ok(())
    }
}

/// A call carries at most so much as fits its types.
fn clamp(left: u64) -> u32 {
    u32::try_from(left).unwrap_or(u32::MAX)
}

/// The batch is full and nowhere is it safe to go on from.
fn no_checkpoint(batch: &Batch) -> Halt {
    if batch.reservation.by_quota() {
        let place = Place { level: Level::Quota, side: None };
        return Halt::Refused(Refusal::new(RefusalCode::QuotaTooSmall, place, None));
    }
    let stop = Stop::CheckpointMissing;
    Halt::failed(FailureClass::System, stop.code(), format!("{} {}", stop.sentence(), stop.next_step()))
}

//! Pages of the source, until a checkpoint.

use std::time::Duration;

use weighbridge_model::gate::{Level, Place, Refusal, RefusalCode};
use weighbridge_sandbox::{Page, Stop};
use weighbridge_store::Committed;
use weighbridge_store::verbs::Held;

use super::halt::Halt;
use super::open::Reading;
use weighbridge_model::run::FailureClass;

/// How long a source may say *nothing yet* before the run ends without more.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Asks for no more than was held. Takes the hold as its proof that it may ask at all.
pub(super) async fn read(reading: &mut Reading, held: &Committed<Box<Held>>) -> Result<Vec<Page>, Halt> {
    let (mut records_left, mut bytes_left) = (held.batch.reservation.hold().records, held.batch.limit.bytes);
    let mut pages = Vec::new();
    let mut waited = Duration::ZERO;
    loop {
        let page = reading.source.next(clamp(records_left), clamp(bytes_left)).await?;
        reading.check.check(&page).map_err(|stopped| Halt::from(weighbridge_sandbox::Ended::Stopped(stopped)))?;
        let count = page.records_count + page.removed_count;
        records_left = records_left.saturating_sub(count);
        bytes_left = bytes_left.saturating_sub((page.records.len() + page.removed.len()) as u64);
        let (safe, more, wait) = (page.checkpoint.is_some(), page.more, page.wait_ms);
        pages.push(page);
        if safe || !more {
            return Ok(pages);
        }
        if let Some(wait) = wait {
            let wait = Duration::from_millis(wait.into());
            waited += wait;
            if waited > WAIT_MAX && count == 0 {
                let message = "the source had nothing to give for a minute and no checkpoint";
                return Err(Halt::failed(FailureClass::Transient, "source.idle", message));
            }
            tokio::time::sleep(wait).await;
        }
        if records_left == 0 || bytes_left == 0 {
            return Err(no_checkpoint(held));
        }
    }
}

/// A call carries at most so much as fits its types.
fn clamp(left: u64) -> u32 {
    u32::try_from(left).unwrap_or(u32::MAX)
}

/// The batch is full and nowhere is it safe to go on from.
fn no_checkpoint(held: &Held) -> Halt {
    if held.batch.reservation.by_quota() {
        let place = Place { level: Level::Quota, side: None };
        return Halt::Refused(Refusal::new(RefusalCode::QuotaTooSmall, place, None));
    }
    let stop = Stop::CheckpointMissing;
    Halt::failed(FailureClass::System, stop.code(), format!("{} {}", stop.sentence(), stop.next_step()))
}

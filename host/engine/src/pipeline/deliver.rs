//! Hand the lines over under their derived keys, until all are dealt with.

use std::time::Duration;

use bytes::Bytes;
use weighbridge_model::meter::key::{self, Verb};
use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::{Assigned, Receipt};
use weighbridge_store::Committed;
use weighbridge_store::verbs::{Held, NewLink};

use super::halt::Halt;
use super::open::Sides;
use super::weigh::Load;
use crate::engine::Host;
use crate::texts::{Texts, customer_owner, record_hash};

/// Delivers removals, then records; answers the ids that the destination gave. A rejected record ends the run and leaves the
/// batch open: the next run sends it again under the same keys.
pub(super) async fn deliver(
    host: &Host,
    sides: &mut Sides,
    held: &Committed<Box<Held>>,
    load: &Load,
    unsent: &mut bool,
) -> Result<Vec<NewLink>, Halt> {
    *unsent &= load.is_empty();
    hand_over(sides, held, Verb::Remove, &load.remove).await?;
    let assigned = hand_over(sides, held, Verb::Write, &load.write).await?;
    assigned.into_iter().filter_map(|one| link(host, held, load, one).transpose()).collect()
}

async fn hand_over(
    sides: &mut Sides,
    held: &Committed<Box<Held>>,
    verb: Verb,
    lines: &Bytes,
) -> Result<Vec<Assigned>, Halt> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let key = key::delivery(held.batch.id, verb, lines);
    let (mut rest, mut first) = (lines.clone(), 0_u32);
    let (mut assigned, mut idle) = (Vec::new(), Idle::default());
    while !rest.is_empty() {
        let receipt = match verb {
            Verb::Write => sides.destination.write(&key, first, rest.clone()).await?,
            Verb::Remove => sides.destination.remove(&key, first, rest.clone()).await?,
        };
        refuse_rejected(&receipt)?;
        idle.see(&receipt)?;
        rest = after_lines(&rest, receipt.taken);
        first += receipt.taken;
        assigned.extend(receipt.assigned);
        if let Some(wait) = receipt.wait_ms.filter(|_| !rest.is_empty()) {
            tokio::time::sleep(Duration::from_millis(wait.into())).await;
        }
    }
    Ok(assigned)
}

/// How long a destination may take nothing before the run ends; its batch stays open.
const IDLE_MAX: Duration = Duration::from_secs(600);
/// And how often in a row.
const IDLE_RECEIPTS_MAX: u32 = 1_000;

/// How long a destination has taken nothing.
#[derive(Default)]
struct Idle {
    receipts: u32,
    waited: Duration,
}

impl Idle {
    fn see(&mut self, receipt: &Receipt) -> Result<(), Halt> {
        if receipt.taken > 0 {
            *self = Self::default();
            return Ok(());
        }
        self.receipts = self.receipts.saturating_add(1);
        self.waited += Duration::from_millis(receipt.wait_ms.unwrap_or(0).into());
        if self.waited <= IDLE_MAX && self.receipts <= IDLE_RECEIPTS_MAX {
            return Ok(());
        }
        let message = "the destination has taken nothing for ten minutes, or was asked a thousand times in vain; see whether it is \
                       well, and run again";
        Err(Halt::failed(FailureClass::System, "destination.idle", message))
    }
}

fn refuse_rejected(receipt: &Receipt) -> Result<(), Halt> {
    let Some(first) = receipt.rejected.first() else { return Ok(()) };
    let message = format!(
        "the destination rejected {} of {} records; the first is number {} of its batch: {} ({}). The batch stays open: \
         correct the record or the mapping and run again, or give it up with: weighbridge batch write-off BATCH",
        receipt.rejected.len(),
        receipt.taken,
        first.index,
        first.message,
        first.code,
    );
    Err(Halt::failed(FailureClass::Config, "record.rejected", message))
}

fn after_lines(lines: &Bytes, taken: u32) -> Bytes {
    let end = lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth((taken as usize).wrapping_sub(1));
    match (taken, end) {
        (0, _) => lines.clone(),
        (_, Some((index, _))) => lines.slice(index + 1..),
        (_, None) => Bytes::new(),
    }
}

/// A record without a primary key has nothing to be found by.
fn link(host: &Host, held: &Held, load: &Load, assigned: Assigned) -> Result<Option<NewLink>, Halt> {
    let Some(key) = load.keys.get(assigned.index as usize).filter(|key| !key.is_empty()) else { return Ok(None) };
    let Some(endpoint) = held.route.destination.endpoint().map(|side| side.endpoint.id) else { return Ok(None) };
    let record = record_hash(&host.ring, held.route.scope, key)?;
    let texts = Texts::new(&host.ring, customer_owner(held.route.scope), endpoint.as_bytes());
    Ok(Some(NewLink { endpoint, record, id: texts.seal("link", assigned.id)? }))
}

//! Hand the lines over under their derived keys, until all are dealt with.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::{Buf, Bytes};
use weighbridge_model::meter::key::{self, Verb};
use weighbridge_model::run::{Counts, FailureClass};
use weighbridge_sandbox::{Assigned, Receipt, Rejection};
use weighbridge_store::Committed;
use weighbridge_store::verbs::{Held, NewLink};

use super::halt::Halt;
use super::open::Writing;
use super::resend;
use super::weigh::Load;
use crate::dead_letters::{Form, Rejected};
use crate::engine::Host;
use crate::texts::{Texts, customer_owner, record_hash};

/// What became of the lines of a batch.
pub(super) struct Handed {
    delivered: u64,
    bytes: u64,
    /// What the destination would not have.
    pub(super) rejected: Vec<Rejected>,
    /// The ids that it gave.
    pub(super) links: Vec<NewLink>,
}

impl Handed {
    /// What became of all records of the batch: each was counted where it happened.
    pub(super) fn counts(&self, load: &Load) -> Counts {
        let dead_lettered = load.counts.dead_lettered + self.rejected.len() as u64;
        Counts { delivered: self.delivered, bytes: self.bytes, dead_lettered, ..load.counts }
    }
}

/// Delivers removals, then records. A record that the destination rejects is left out of the batch, which goes on.
pub(super) async fn deliver(
    host: &Host,
    writing: &mut Writing,
    held: &Committed<Box<Held>>,
    load: &Load,
    unsent: &mut bool,
) -> Result<Handed, Halt> {
    writing.destination.begin_batch();
    *unsent &= load.is_empty();
    let removed = hand_over(host, writing, held, Verb::Remove, &load.remove).await?;
    let written = hand_over(host, writing, held, Verb::Write, &load.write).await?;
    let links = written.assigned.into_iter().filter_map(|one| link(host, held, load, one).transpose());
    let links = links.collect::<Result<_, _>>()?;
    let mapped = writing.mapped;
    let mut rejected = rejections(removed.rejected, &load.origins.remove, mapped, Verb::Remove);
    rejected.extend(rejections(written.rejected, &load.origins.write, mapped, Verb::Write));
    let (delivered, bytes) = (removed.delivered + written.delivered, removed.bytes + written.bytes);
    Ok(Handed { delivered, bytes, rejected, links })
}

/// As they were read, where that is at hand.
fn rejections(rejected: BTreeMap<u32, Refused>, origins: &[Bytes], mapped: bool, verb: Verb) -> Vec<Rejected> {
    let keep = |(index, refused): (u32, Refused)| {
        let origin = origins.get(index as usize);
        let line = origin.unwrap_or(&refused.line);
        let form = Form { line, as_sent: mapped && origin.is_none(), removal: verb == Verb::Remove };
        Rejected::by_destination(refused.rejection, form)
    };
    rejected.into_iter().map(keep).collect()
}

async fn hand_over(
    host: &Host,
    writing: &mut Writing,
    held: &Committed<Box<Held>>,
    verb: Verb,
    lines: &Bytes,
) -> Result<Dealt, Halt> {
    let mut dealt = Dealt::default();
    if lines.is_empty() {
        return Ok(dealt);
    }
    let key = key::delivery(held.batch.id, verb, lines);
    send(writing, verb, &key, lines, &mut dealt).await?;
    resend::alone(host, writing, verb, &key, &mut dealt).await?;
    Ok(dealt)
}

/// A line that the destination would not have.
pub(super) struct Refused {
    pub(super) rejection: Rejection,
    pub(super) line: Bytes,
}

/// What the destination did with lines. Each is counted where a receipt tells of it.
#[derive(Default)]
pub(super) struct Dealt {
    pub(super) delivered: u64,
    pub(super) bytes: u64,
    pub(super) assigned: Vec<Assigned>,
    /// By their places.
    pub(super) rejected: BTreeMap<u32, Refused>,
}

/// Sends lines under one key until all of them are dealt with.
pub(super) async fn send(
    writing: &mut Writing,
    verb: Verb,
    key: &str,
    lines: &Bytes,
    dealt: &mut Dealt,
) -> Result<(), Halt> {
    let (mut rest, mut first, mut idle) = (lines.clone(), 0_u32, Idle::default());
    while !rest.is_empty() {
        let receipt = match verb {
            Verb::Write => writing.destination.write(key, first, rest.clone()).await?,
            Verb::Remove => writing.destination.remove(key, first, rest.clone()).await?,
        };
        idle.see(&receipt)?;
        let (taken, wait) = (receipt.taken, receipt.wait_ms);
        dealt.note(&mut rest, first, receipt);
        first += taken;
        if let Some(wait) = wait.filter(|_| !rest.is_empty()) {
            tokio::time::sleep(Duration::from_millis(wait.into())).await;
        }
    }
    Ok(())
}

impl Dealt {
    /// Counts the lines that a receipt tells of, and takes them off the rest.
    fn note(&mut self, rest: &mut Bytes, first: u32, receipt: Receipt) {
        let mut rejected: BTreeMap<_, _> = receipt.rejected.into_iter().map(|one| (one.index, one)).collect();
        self.assigned.extend(receipt.assigned.into_iter().filter(|one| !rejected.contains_key(&one.index)));
        let mut start = 0;
        for index in first..first.saturating_add(receipt.taken) {
            let line = memchr::memchr(b'\n', &rest[start..]).map_or(rest.len(), |at| start + at + 1);
            match rejected.remove(&index) {
                _ if line == start => break,
                Some(rejection) => {
                    self.rejected.insert(index, Refused { rejection, line: rest.slice(start..line) });
                }
                None => {
                    self.delivered += 1;
                    self.bytes += (line - start) as u64;
                }
            }
            start = line;
        }
        rest.advance(start);
    }
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

/// A record without a primary key has nothing to be found by.
fn link(host: &Host, held: &Held, load: &Load, assigned: Assigned) -> Result<Option<NewLink>, Halt> {
    let Some(key) = load.keys.get(assigned.index as usize).filter(|key| !key.is_empty()) else { return Ok(None) };
    let Some(endpoint) = held.route.destination.endpoint().map(|side| side.endpoint.id) else { return Ok(None) };
    let record = record_hash(&host.ring, held.route.scope, key)?;
    let texts = Texts::new(&host.ring, customer_owner(held.route.scope), endpoint.as_bytes());
    Ok(Some(NewLink { endpoint, record, id: texts.seal("link", assigned.id)? }))
}

//! Fills a store by its own verbs, so that all of it adds up.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge_model::id::{BatchId, DeadLetterId, KeyId, RunId, TransferId};
use weighbridge_model::name::Code;
use weighbridge_model::run::{Cause, Counts, RejectedBy};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::transfer::Transfer;
use weighbridge_store::tables::{DeadLetter, Transfers};
use weighbridge_store::verbs::{AttemptEnd, Begun, Delivered, Ending, Held, Intent, Next, Then, begin, end, settle};
use weighbridge_store::{Access, Committed, CustomerScope, Store};

use super::taken_up;
use crate::numbers::crowd::model;
use crate::site::told;

/// Transfers that settle at once.
const LANES: u64 = 128;
/// Batches of a run.
const BATCHES: u64 = 200;
/// Records of a batch, and those of them that are rejected.
const READ: u64 = 10;
const REJECTED: u64 = 8;
/// The sealed bytes of one.
const RECORD: usize = 1_024;

/// Runs copies of a transfer until the store's file is as large as that; how many batches were settled.
pub async fn fill(path: &Path, bytes: u64) -> Result<u64, String> {
    let store = Store::open(path, Access::Write).map_err(told)?;
    let (scope, like) = store.read(model).map_err(told)?.ok_or("there is no transfer to copy")?;
    let settled = Arc::new(AtomicU64::new(0));
    let mut lanes = tokio::task::JoinSet::new();
    for number in 0..LANES {
        let transfer = Transfer { id: id(number), ..like.clone() };
        let (id, path) = (transfer.id, path.to_owned());
        store.write(move |tx| tx.put::<Transfers>(&scope, &id, &transfer)).await.map_err(told)?;
        let lane = Lane { store: store.clone(), scope, transfer: id, settled: Arc::clone(&settled) };
        lanes.spawn(async move {
            while taken_up(&std::fs::metadata(&path).map_err(told)?) < bytes {
                lane.run().await?;
            }
            Ok::<(), String>(())
        });
    }
    while let Some(ended) = lanes.join_next().await {
        ended.map_err(told)??;
    }
    store.close().await.map_err(told)?;
    Ok(settled.load(Ordering::Relaxed))
}

fn id(number: u64) -> TransferId {
    let mut bytes = [0x7d; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    TransferId::from_bytes(bytes)
}

struct Lane {
    store: Store,
    scope: CustomerScope,
    transfer: TransferId,
    settled: Arc<AtomicU64>,
}

impl Lane {
    /// One run, from its beginning to its end.
    async fn run(&self) -> Result<(), String> {
        let now = SystemClock.now();
        let run = RunId::new(now, self.chance());
        let intent = Intent { transfer: self.transfer, cause: Cause::Manual, occurrence: None, run, by: None };
        let begun = begin(&self.store, self.scope, intent, now).await.map_err(told)?;
        let Begun::Read(mut held) = begun else { return Err(format!("a run does not begin: {begun:?}")) };
        let attempt = held.batch.reservation.attempt();
        for left in (0..BATCHES).rev() {
            match self.settle(held, if left == 0 { Then::Complete } else { Then::Next }).await? {
                Next::Held(next) => held = next,
                Next::Nothing => break,
                other => return Err(format!("a run does not go on: {other:?}")),
            }
        }
        let (transfer, ending) = (self.transfer, Ending::Succeeded);
        let ended =
            AttemptEnd { transfer, run, attempt, ending, unsent: false, requests: 0, log: None, if_suspended: None };
        end(&self.store, self.scope, ended, SystemClock.now()).await.map_err(told)?;
        Ok(())
    }

    async fn settle(&self, held: Committed<Box<Held>>, then: Then) -> Result<Next, String> {
        let delivered = READ - REJECTED;
        let counts = Counts { read: READ, delivered, dead_lettered: REJECTED, bytes: 2_000, ..Counts::default() };
        let dead_letters = (0..REJECTED).map(|place| self.letter(held.batch.id, place)).collect();
        let delivered =
            Delivered { counts, checkpoint: None, links: Vec::new(), dead_letters, left: None, grown: None, then };
        self.settled.fetch_add(1, Ordering::Relaxed);
        settle(&self.store, held, delivered, SystemClock.now()).await.map_err(told)
    }

    fn letter(&self, batch: BatchId, place: u64) -> (DeadLetterId, DeadLetter) {
        let (at, key) = (SystemClock.now(), KeyId::from_bytes([0; 16]));
        let letter = DeadLetter {
            batch,
            run: None,
            by: RejectedBy::Destination,
            code: Code::known("record.rejected"),
            message: Sealed::new(key, vec![0; 60]),
            record: Sealed::new(key, vec![u8::try_from(place).unwrap_or(0); RECORD]),
            as_sent: false,
            removal: false,
            at,
        };
        (DeadLetterId::new(at, self.chance()), letter)
    }

    /// Bytes that nobody else has, though anybody may guess them.
    fn chance<const N: usize>(&self) -> [u8; N] {
        static COUNTER: AtomicU64 = AtomicU64::new(1);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        std::array::from_fn(|index| *count.get(index.wrapping_sub(N - count.len().min(N))).unwrap_or(&0))
    }
}

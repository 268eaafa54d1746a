//! The store's verbs over a disk that loses power: transfers begin, grow, are dispatched, settled, ended and given up.

use std::collections::BTreeMap;

use tempfile::TempDir;
use tokio::runtime::Runtime;
use weighbridge_model::batch::{BatchState, Dispatch};
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{BatchId, BlobId, DeadLetterId, EndpointId, KeyId, RunId, TransferId};
use weighbridge_model::name::{Code, NameHash};
use weighbridge_model::run::{Cause, Counts, RejectedBy};
use weighbridge_model::schedule::Schedule;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::WriteMode;
use weighbridge_outage::{Blobs, Chance, Disk, Log, Sailor};
use weighbridge_stage::{NOW, TRANSFER, put_all, put_transfer, scope, sealed, tenant};
use weighbridge_store::tables::{Batches, DeadLetter, Schedules, Tenants};
use weighbridge_store::verbs::{
    AttemptEnd, Begun, Delivered, Ending, Held, Intent, NewLink, Next, Then, begin, check_ledger, dispatch, end,
    extend, fire, set_schedule, settle, write_off,
};
use weighbridge_store::{Access, Committed, Store, check_chain};

use super::engine::Marked;

/// Transfers that take turns: even ones append, odd ones upsert.
const TRANSFERS: u8 = 4;

/// Whoever moves records by the verbs of the store.
pub struct Ledger {
    runtime: Runtime,
    folder: TempDir,
}

impl Ledger {
    /// With a folder of its own for what the engine keeps beside its file.
    pub fn new() -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        Ok(Self { runtime, folder: TempDir::new()? })
    }
}

impl Sailor for Ledger {
    fn sail(&self, disk: &Disk, blobs: &Blobs, commits: usize, chance: &mut Chance) -> Result<Log, String> {
        let engine = Marked::open(disk, blobs, self.folder.path().join("blobs"))?;
        let found = engine.rows().map_err(said)?;
        let store = Store::over(engine.clone(), Access::Write).map_err(said)?;
        self.runtime.block_on(async {
            check(&store).await?;
            let mut crew = Crew { store: &store, held: BTreeMap::new(), clock: clock(&found), steps: 0 };
            crew.prepare().await?;
            while engine.commits().len() < commits && crew.steps < 4 * commits {
                crew.step(chance).await?;
            }
            check(&store).await?;
            store.close().await.map_err(said)
        })?;
        Ok(Log { found, commits: engine.commits() })
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Time goes on by what is there, so that every file has its own.
fn clock(found: &weighbridge_outage::Rows) -> Timestamp {
    NOW.plus_millis(i64::try_from(found.len()).unwrap_or(0) * 60_000)
}

/// The ledger balances, and what was dispatched has its blob.
async fn check(store: &Store) -> Result<(), String> {
    if let Some(fault) = store.read(check_chain).map_err(said)? {
        return Err(fault.to_string());
    }
    let (imbalances, dispatched) = store
        .read(|tx| {
            let batches = tx.scan::<Batches>(&scope(), None, usize::MAX)?;
            let open = batches.into_iter().filter(|(_, batch)| batch.state == BatchState::Dispatched);
            Ok((check_ledger(tx, tenant())?, open.collect::<Vec<_>>()))
        })
        .map_err(said)?;
    if !imbalances.is_empty() {
        return Err(format!("the ledger does not balance: {imbalances:?}"));
    }
    for (id, batch) in dispatched {
        lines_of(store, id, batch.dispatch.as_ref()).await?;
    }
    Ok(())
}

/// The lines of a batch that was dispatched, which are to be sent again byte for byte.
async fn lines_of(store: &Store, batch: BatchId, dispatched: Option<&Dispatch>) -> Result<(), String> {
    let dispatched = dispatched.ok_or_else(|| format!("{batch} was dispatched without lines"))?;
    let lines = store.get_blob(dispatched.blob).await.map_err(said)?;
    let lines = lines.ok_or_else(|| format!("the lines of {batch} are gone"))?;
    if Digest::of(&lines) == dispatched.digest { Ok(()) } else { Err(format!("the lines of {batch} are others")) }
}

struct Crew<'a> {
    store: &'a Store,
    held: BTreeMap<TransferId, Committed<Box<Held>>>,
    clock: Timestamp,
    steps: usize,
}

const fn transfer(number: u8) -> TransferId {
    let mut bytes = *TRANSFER.as_bytes();
    bytes[15] = number;
    TransferId::from_bytes(bytes)
}

const fn is_append(transfer: TransferId) -> bool {
    transfer.as_bytes()[15].is_multiple_of(2)
}

impl Crew<'_> {
    /// Writes what transfers hang on, where it is not there.
    async fn prepare(&self) -> Result<(), String> {
        if self.store.read(|tx| tx.get::<Tenants>(&tenant(), &())).map_err(said)?.is_some() {
            return Ok(());
        }
        let rows = self.store.write(|tx| {
            put_all(tx, WriteMode::Append)?;
            (0..TRANSFERS).map(transfer).try_for_each(|id| {
                put_transfer(tx, id, if is_append(id) { WriteMode::Append } else { WriteMode::Upsert })
            })
        });
        rows.await.map(|_| ()).map_err(said)
    }

    async fn step(&mut self, chance: &mut Chance) -> Result<(), String> {
        self.steps += 1;
        self.clock = self.clock.plus_millis(i64::try_from(chance.below(90_000)).unwrap_or(0));
        let transfer = transfer(u8::try_from(chance.below(TRANSFERS.into())).unwrap_or(0));
        let Some(held) = self.held.remove(&transfer) else {
            return if chance.percent(15) {
                self.schedule(transfer, chance).await
            } else {
                self.begin(transfer, chance).await
            };
        };
        match chance.below(12) {
            0 | 1 => {
                let (held, _) = extend(self.store, held, chance.below(10_000), self.clock).await.map_err(said)?;
                self.held.insert(transfer, held);
                Ok(())
            }
            2 | 3 if is_append(transfer) && held.batch.dispatch.is_none() => {
                self.dispatch(transfer, held, chance).await
            }
            2 => write_off(self.store, scope(), held.batch.id, self.clock).await.map(|_| ()).map_err(said),
            // As a process that died would leave it.
            3 => Ok(()),
            4 => {
                self.end(ids(&held), Ending::Interrupted(None), chance.percent(50) && held.batch.dispatch.is_none())
                    .await
            }
            _ => self.settle(transfer, held, chance).await,
        }
    }

    async fn begin(&mut self, transfer: TransferId, chance: &mut Chance) -> Result<(), String> {
        let run = RunId::new(self.clock, random(chance));
        let intent = Intent { transfer, cause: Cause::Manual, occurrence: None, run, by: None };
        match begin(self.store, scope(), intent, self.clock).await.map_err(said)? {
            Begun::Read(held) => drop(self.held.insert(transfer, held)),
            Begun::Resend(held) => {
                lines_of(self.store, held.batch.id, held.batch.dispatch.as_ref()).await?;
                self.held.insert(transfer, held);
            }
            Begun::Finish(route, run) => {
                let ids = (transfer, run.id, route.progress.attempt);
                return self.end(ids, Ending::Succeeded, false).await;
            }
            Begun::Refused(run) | Begun::Wished(run) | Begun::TooManyRejected(_, run) => {
                return Err(format!("nothing speaks against {:?}", run.id));
            }
        }
        Ok(())
    }

    async fn dispatch(
        &mut self,
        transfer: TransferId,
        held: Committed<Box<Held>>,
        chance: &mut Chance,
    ) -> Result<(), String> {
        let (blob, lines) = (BlobId::new(self.clock, random(chance)), random::<64>(chance).to_vec());
        let what =
            Dispatch { blob, digest: Digest::of(&lines), checkpoint: None, more: false, counts: Counts::default() };
        self.store.put_blob(blob, lines).await.map_err(said)?;
        let (held, refusal) = dispatch(self.store, held, what, self.clock).await.map_err(said)?;
        refusal.map_err(|refusal| format!("nothing speaks against it, and the gate said {refusal:?}"))?;
        self.held.insert(transfer, held);
        Ok(())
    }

    async fn settle(
        &mut self,
        transfer: TransferId,
        held: Committed<Box<Held>>,
        chance: &mut Chance,
    ) -> Result<(), String> {
        let (ids, blob) = (ids(&held), held.batch.dispatch.as_ref().map(|dispatched| dispatched.blob));
        let delivered = self.delivered(held.batch.id, chance);
        let ended = delivered.then == Then::Complete;
        let next = settle(self.store, held, delivered, self.clock).await.map_err(said)?;
        if let Some(blob) = blob {
            self.store.drop_blob(blob).await.map_err(said)?;
        }
        match next {
            Next::Held(held) => drop(self.held.insert(transfer, held)),
            Next::Nothing if ended && chance.percent(70) => return self.end(ids, Ending::Succeeded, false).await,
            Next::Nothing | Next::Wished => {}
            Next::Refused(refusal) => return Err(format!("nothing speaks against it, and the gate said {refusal:?}")),
            Next::TooManyRejected(counts) => return Err(format!("few were rejected, and it was too many: {counts:?}")),
        }
        Ok(())
    }

    /// Some records, some links, and now and then rejected records so large that the file grows within the commit.
    fn delivered(&self, batch: BatchId, chance: &mut Chance) -> Delivered {
        let rejected = if chance.percent(25) { 1 + chance.below(4) } else { 0 };
        // Never more than a run may have, which is half of them.
        let (delivered, filtered) = (rejected + chance.below(10 - rejected), chance.below(3));
        let read = delivered + filtered + rejected;
        let bytes = chance.below(1_000);
        let counts = Counts { read, delivered, filtered, bytes, dead_lettered: rejected, ..Counts::default() };
        let letter = |_| (DeadLetterId::new(self.clock, random(chance)), self.rejected(batch, chance));
        let dead_letters = (0..rejected).map(letter).collect();
        let links = (0..chance.below(5)).map(|_| link(chance)).collect();
        let then = *chance.pick(&[Then::Next, Then::Next, Then::Next, Then::Pause, Then::Complete]);
        Delivered {
            counts,
            checkpoint: chance.percent(80).then(sealed),
            links,
            dead_letters,
            left: None,
            grown: None,
            then,
        }
    }

    fn rejected(&self, batch: BatchId, chance: &mut Chance) -> DeadLetter {
        let record = vec![u8::try_from(chance.below(256)).unwrap_or(0); chance.index(200_000)];
        let (record, code) = (Sealed::new(KeyId::from_bytes([0; 16]), record), Code::known("record.rejected"));
        DeadLetter {
            batch,
            run: None,
            by: RejectedBy::Destination,
            code,
            message: sealed(),
            record,
            as_sent: false,
            removal: false,
            at: self.clock,
        }
    }

    async fn end(&self, ids: (TransferId, RunId, u64), ending: Ending, unsent: bool) -> Result<(), String> {
        let (transfer, run, attempt) = ids;
        let end_of =
            AttemptEnd { transfer, run, attempt, ending, unsent, requests: 3, log: Some(sealed()), if_suspended: None };
        end(self.store, scope(), end_of, self.clock).await.map(|_| ()).map_err(said)
    }

    /// Gives the transfer a schedule, or fires the one it has.
    async fn schedule(&self, transfer: TransferId, chance: &mut Chance) -> Result<(), String> {
        let row = self.store.read(|tx| tx.get::<Schedules>(&scope(), &transfer)).map_err(said)?;
        let (now, run) = (self.clock, RunId::new(self.clock, random(chance)));
        if let Some(due) = row.and_then(|row| row.due_at) {
            let fired = fire(self.store, scope(), (transfer, due), run, now.max(due)).await;
            return fired.map(|_| ()).map_err(said);
        }
        let schedule = Schedule::cron("*/5 * * * *", "Europe/Warsaw").map_err(said)?;
        let set = self
            .store
            .write(move |tx| {
                set_schedule(tx, scope(), transfer, Some((&schedule, weighbridge_store::verbs::Pause::default())), now)
            })
            .await;
        set.map(|_| ()).map_err(said)
    }
}

fn ids(held: &Held) -> (TransferId, RunId, u64) {
    (held.batch.transfer, held.run.id, held.batch.reservation.attempt())
}

fn link(chance: &mut Chance) -> NewLink {
    let record = NameHash::new(Digest::of(&random::<8>(chance)));
    NewLink { endpoint: EndpointId::from_bytes([7; 16]), record, id: sealed() }
}

fn random<const N: usize>(chance: &mut Chance) -> [u8; N] {
    std::array::from_fn(|_| u8::try_from(chance.below(256)).unwrap_or(0))
}

//! Ten thousand transfers with a schedule each, written into a store as rows.

use std::collections::BTreeMap;

use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::run::Run;
use weighbridge_model::schedule::Schedule;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::Transfer;
use weighbridge_store::tables::{Batches, Endpoints, Runs, Transfers};
use weighbridge_store::{Access, CustomerScope, HostScope, Store, Tx, TxError, verbs};

use super::store_of;
use crate::site::{Site, told};

/// Schedules that are stored.
pub const STORED: usize = 10_000;
/// Those of them that are due in the same second.
pub const TOGETHER: usize = 1_000;
/// Written in one transaction.
const STEP: usize = 100;
/// More than there are.
const ALL: usize = 100_000;
/// Due a long time from now.
const FAR: &str = "0 4 29 2 *";

/// Copies of one transfer that writes what it reads.
pub struct Crowd {
    scope: CustomerScope,
    like: Transfer,
}

fn id(number: usize) -> TransferId {
    let mut bytes = [0x7c; 16];
    bytes[8..].copy_from_slice(&(number as u64).to_be_bytes());
    TransferId::from_bytes(bytes)
}

impl Crowd {
    /// Writes all of them; no host may have the store.
    pub async fn gather(site: &Site) -> Result<Self, String> {
        let store = Store::open(&store_of(site), Access::Write).map_err(told)?;
        let (scope, like) = store.read(model).map_err(told)?.ok_or("there is no transfer to copy")?;
        let crowd = Self { scope, like };
        let far = Schedule::cron(FAR, "UTC").map_err(told)?;
        crowd.write(&store, 0..STORED, &far).await?;
        store.close().await.map_err(told)?;
        Ok(crowd)
    }

    /// Lets the first of them be due in the second after an instant; answers that second.
    pub async fn fire_at(&self, site: &Site, at: Timestamp) -> Result<Timestamp, String> {
        let seconds = at.as_millis().div_euclid(1_000) + 1;
        let civil = jiff::Timestamp::from_second(seconds).map_err(told)?.to_zoned(jiff::tz::TimeZone::UTC);
        let cron = format!("{} * *", civil.strftime("%-S %-M %-H %-d"));
        let store = Store::open(&store_of(site), Access::Write).map_err(told)?;
        self.write(&store, 0..TOGETHER, &Schedule::cron(&cron, "UTC").map_err(told)?).await?;
        store.close().await.map_err(told)?;
        Ok(Timestamp::from_millis(seconds * 1_000))
    }

    async fn write(&self, store: &Store, numbers: std::ops::Range<usize>, schedule: &Schedule) -> Result<(), String> {
        use weighbridge::clock::{Clock as _, SystemClock};
        let now = SystemClock.now();
        for first in numbers.clone().step_by(STEP) {
            let (scope, like, schedule, end) = (self.scope, self.like.clone(), schedule.clone(), numbers.end);
            let step = move |tx: &mut Tx<'_>| {
                (first..end.min(first + STEP)).try_for_each(|number| {
                    let transfer = Transfer { id: id(number), ..like.clone() };
                    tx.put::<Transfers>(&scope, &transfer.id, &transfer)?;
                    verbs::set_schedule(tx, scope, transfer.id, Some((&schedule, verbs::Pause::default())), now)
                })
            };
            store.write(step).await.map_err(told)?;
        }
        Ok(())
    }

    fn runs(&self, site: &Site, at: Timestamp) -> Result<Vec<Run>, String> {
        let store = Store::open(&store_of(site), Access::Read).map_err(told)?;
        let runs = store.read(|tx| tx.scan::<Runs>(&self.scope, None, ALL)).map_err(told)?;
        Ok(runs.into_iter().map(|(_, run)| run).filter(|run| run.occurrence == Some(at)).collect())
    }

    /// How many runs were made for an instant.
    pub fn made(&self, site: &Site, at: Timestamp) -> Result<usize, String> {
        self.runs(site, at).map(|runs| runs.len())
    }

    /// How many of them ended.
    pub fn ended(&self, site: &Site, at: Timestamp) -> Result<usize, String> {
        self.runs(site, at).map(|runs| runs.iter().filter(|run| run.ended_at.is_some()).count())
    }

    /// From the instant until runs were made, held their first batch, and ended; each in its order.
    pub fn times(&self, site: &Site, at: Timestamp) -> Result<[Vec<i64>; 3], String> {
        let runs = self.runs(site, at)?;
        let store = Store::open(&store_of(site), Access::Read).map_err(told)?;
        let batches = store.read(|tx| tx.scan::<Batches>(&self.scope, None, ALL)).map_err(told)?;
        let mut held: BTreeMap<RunId, Timestamp> = BTreeMap::new();
        for (_, batch) in batches {
            let first = held.entry(batch.run).or_insert(batch.held_at);
            *first = batch.held_at.min(*first);
        }
        let since = |then: Option<Timestamp>| then.map(|then| then.as_millis() - at.as_millis());
        let mut times = [
            runs.iter().filter_map(|run| since(Some(run.started_at))).collect::<Vec<_>>(),
            runs.iter().filter_map(|run| since(held.get(&run.id).copied())).collect(),
            runs.iter().filter_map(|run| since(run.ended_at)).collect(),
        ];
        times.iter_mut().for_each(|times| times.sort_unstable());
        Ok(times)
    }
}

/// The transfer to copy: one that writes all that it reads.
pub fn model(tx: &Tx<'_>) -> Result<Option<(CustomerScope, Transfer)>, TxError> {
    for (scope, id) in tx.keys::<Transfers>(HostScope::new(), None, ALL)? {
        let transfer = tx.need::<Transfers>(&scope, &id)?;
        let place = tx.need::<Endpoints>(&scope, &transfer.source)?.place;
        if place.is_some_and(|place| place.stream.as_str() == "r2") {
            return Ok(Some((scope, transfer)));
        }
    }
    Ok(None)
}

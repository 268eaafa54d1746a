//! A source of numbered orders.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Value, json};
use weighbridge::connector::{
    Connector, Doing, Ended, Failure, FailureClass, Hook, HookAnswer, Lifecycle, Page, ReadRequest, Setting, Side,
};
use weighbridge::model::package::{Manifest, Webhooks};
use weighbridge::model::time::Timestamp;

use crate::told::receive;
use crate::{Hold, Strike};

/// What a connector was told of its account, and the address of its webhooks.
pub type Told = (Lifecycle, Option<String>);

/// A shop; a clone is the same one.
#[derive(Clone)]
pub struct Shop {
    /// What it says of itself.
    pub manifest: Arc<Manifest>,
    /// What was ordered.
    pub orders: Arc<Mutex<Vec<Value>>>,
    /// So many orders are a page.
    pub page: usize,
    /// A checkpoint comes with every so many pages.
    pub checkpoint_every: usize,
    /// So many of the next calls find the shop busy.
    pub busy: Arc<Mutex<u32>>,
    /// Whether it is busy for whoever got a page, until that comes again.
    pub tires: bool,
    /// Whether it does not let its connector remove what that keeps there.
    pub refuses_to_part: Arc<Mutex<bool>>,
    /// What became of its connection, as it was told.
    pub told: Arc<Mutex<Vec<Told>>>,
    /// The checkpoints up to which all is delivered and settled, as it was told.
    pub settled: Arc<Mutex<Vec<String>>>,
    /// Whether it fails when it is told so.
    pub is_deaf: Arc<Mutex<bool>>,
    /// Where it is asked for pages.
    pub pages: Hold,
    /// Where it is told what is settled.
    pub tellings: Hold,
    /// Where the process that asks it dies.
    pub strike: Strike,
}

impl Shop {
    /// One with so many orders, numbered from 1.
    pub fn with_orders(count: u64) -> Self {
        let manifest = json!({
            "name": "test.shop", "version": "1.0.0", "publisher": "test", "title": "Shop", "summary": "Orders.",
            "contract": "0.1.0",
            "configuration": { "type": "object", "properties": { "place": { "type": "string" } } },
            "capabilities": [{
                "stream": "orders", "direction": "source", "modes": ["full_refresh", "incremental"],
                "primary_key": ["id"], "cursor_field": "id",
            }],
        });
        let orders = (1..=count).map(|id| json!({ "id": id, "total": id * 10, "note": format!("order {id}") }));
        Self {
            manifest: Arc::new(Manifest::parse(manifest.to_string().as_bytes()).unwrap()),
            orders: Arc::new(Mutex::new(orders.collect())),
            page: 3,
            checkpoint_every: 1,
            busy: Arc::default(),
            tires: false,
            refuses_to_part: Arc::default(),
            told: Arc::default(),
            settled: Arc::default(),
            is_deaf: Arc::default(),
            pages: Hold::default(),
            tellings: Hold::default(),
            strike: Strike::default(),
        }
    }
}

impl Shop {
    /// One that tells by webhooks what was ordered.
    pub fn with_webhooks() -> Self {
        Self::telling(Webhooks::default())
    }

    /// The same, where the setting `place` is filled in.
    pub fn with_webhooks_by_setting() -> Self {
        Self::telling(Webhooks { setting: Some("place".to_owned()), ..Webhooks::default() })
    }

    fn telling(webhooks: Webhooks) -> Self {
        let (shop, webhooks) = (Self::with_orders(0), Some(webhooks));
        Self { manifest: Arc::new(Manifest { webhooks, ..Manifest::clone(&shop.manifest) }), ..shop }
    }

    /// An order is gone.
    pub fn cancel(&self, id: u64) {
        self.orders.lock().unwrap().push(json!({ "id": id, "gone": true }));
    }

    /// So many of the next calls find it busy, and no more of those before.
    pub fn busy_for(&self, calls: u32) {
        *self.busy.lock().unwrap() = calls;
    }

    /// One more order.
    pub fn order(&self) {
        let mut orders = self.orders.lock().unwrap();
        let id = orders.len() + 1;
        orders.push(json!({ "id": id, "total": id * 10, "note": format!("order {id}") }));
    }
}

impl Connector for Shop {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn side(&self, setting: &Setting) -> Box<dyn Side> {
        let address = setting.configuration.get("webhook_address").and_then(Value::as_str).map(str::to_owned);
        Box::new(Reader { shop: self.clone(), at: 0, end: usize::MAX, pages: 0, address })
    }
}

/// Orders come every hour, the first one with the first hour of 2026; so many came before an instant.
fn ordered_before(instant: Timestamp) -> usize {
    let first = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    usize::try_from((instant.as_millis() - first.as_millis()) / 3_600_000).unwrap()
}

struct Reader {
    shop: Shop,
    at: usize,
    /// No order from this place on.
    end: usize,
    pages: usize,
    address: Option<String>,
}

impl Side for Reader {
    fn receive(&mut self, hook: Hook) -> Doing<'_, Result<HookAnswer, Ended>> {
        Box::pin(std::future::ready(receive(&hook)))
    }

    fn on(&mut self, event: Lifecycle) -> Doing<'_, Result<(), Ended>> {
        self.shop.told.lock().unwrap().push((event, self.address.clone()));
        let refuses = *self.shop.refuses_to_part.lock().unwrap();
        let (class, code, message) = (FailureClass::Transient, "shop.busy".into(), "kanarek-message".into());
        let failure = Failure { class, code, message, retry_after_ms: None };
        Box::pin(async move { if refuses { Err(Ended::Failure(failure)) } else { Ok(()) } })
    }

    fn open_reader(&mut self, request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        let start = request.start.map(|cursor| String::from_utf8(cursor.to_vec()).unwrap().parse().unwrap());
        let place = |at: &String| ordered_before(Timestamp::parse(at).unwrap());
        self.at = start.unwrap_or_else(|| request.since.as_ref().map_or(0, place));
        self.end = request.until.as_ref().map_or(usize::MAX, place);
        Box::pin(async {
            self.shop.strike.pass("the source is opened").await;
            Ok(())
        })
    }

    fn acknowledge(&mut self, checkpoint: Bytes) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.shop.strike.pass("the source is told").await;
            self.shop.tellings.pass().await;
            if *self.shop.is_deaf.lock().unwrap() {
                return Err(is_busy());
            }
            self.shop.settled.lock().unwrap().push(String::from_utf8(checkpoint.to_vec()).unwrap());
            Ok(())
        })
    }

    fn next(&mut self, records_max: u32, _bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        let mut busy = self.shop.busy.lock().unwrap();
        let left = busy.checked_sub(1);
        if left.is_some() || (self.shop.tires && self.pages > 0) {
            *busy = left.unwrap_or_default();
            return Box::pin(async { Err(is_busy()) });
        }
        let mut orders = self.shop.orders.lock().unwrap().clone();
        orders.truncate(self.end);
        let end = (self.at + self.shop.page.min(records_max as usize)).min(orders.len());
        let is_gone = |order: &&Value| order.get("gone").is_some();
        let (gone, there): (Vec<_>, Vec<_>) = orders[self.at..end].iter().partition(is_gone);
        let lines: String = there.iter().map(|order| format!("{order}\n")).collect();
        let keys: String = gone.iter().map(|order| format!("{}\n", json!({ "id": order["id"] }))).collect();
        let page = Page {
            records_count: there.len() as u64,
            records: lines.into(),
            removed: keys.into(),
            removed_count: gone.len() as u64,
            checkpoint: (self.pages + 1).is_multiple_of(self.shop.checkpoint_every).then(|| end.to_string().into()),
            more: end < orders.len(),
            remaining: Some((orders.len() - end) as u64),
            wait_ms: None,
        };
        (self.at, self.pages) = (end, self.pages + 1);
        Box::pin(async {
            self.shop.strike.pass("a page is read").await;
            self.shop.pages.pass().await;
            Ok(page)
        })
    }
}

fn is_busy() -> Ended {
    let (class, code, message) = (FailureClass::RateLimited, "shop.busy".into(), "busy".into());
    Ended::Failure(Failure { class, code, message, retry_after_ms: Some(1) })
}

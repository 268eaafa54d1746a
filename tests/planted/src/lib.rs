//! A connector that does everything right but for one fault, which its settings name. The conformance suite is judged by
//! whether it finds each of them.

use serde::Deserialize;
use serde_json::Value;
use weighbridge_sdk::catalog::{Catalog, Mode, Stream};
use weighbridge_sdk::destination::{Batch, ChunkSize, Outcome, Receipt, WriteRequest, Writer};
use weighbridge_sdk::source::{Limit, Page, ReadRequest, Reader};
use weighbridge_sdk::{Connector, Failure, clock, http};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The last record of the last page stays behind.
    DroppedLast,
    /// A checkpoint says one place too far.
    CursorOffByOne,
    /// Pages are of three records, whatever is asked for.
    IgnoredLimit,
    /// `until` is not looked at.
    IgnoredUntil,
    /// What failed is sent again under another key.
    DoubledRetry,
    /// A refused credential counts as a stumble.
    AuthTransient,
    /// A text of the schema comes as a number.
    LyingSchema,
    /// Records have a random field.
    Nondeterministic,
    /// Every record of an answer is kept a hundred times.
    Hoards,
    /// An answer that cannot be read ends it.
    Crashes,
}

/// The settings of a connection.
#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    base_url: String,
    #[serde(default)]
    fault: Fault,
}

/// A connection to the platform.
pub struct Planted(Settings);

impl Connector for Planted {
    type Config = Settings;

    fn new(settings: Settings) -> Result<Self, Failure> {
        Ok(Self(settings))
    }

    fn check(&self) -> Result<(), Failure> {
        self.0.get(0, 1)?;
        Ok(())
    }

    fn discover(&self) -> Result<Catalog, Failure> {
        let mut orders = Stream::source("orders", &[Mode::FullRefresh, Mode::Incremental]).keyed_by(&["id"]);
        orders.cursor_field = Some("id".into());
        Ok(Catalog { streams: vec![orders, Stream::destination("orders", &[Mode::Append])] })
    }

    fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
        let after = request.start.map_or(Ok(0), |start| serde_json::from_slice(&start))?;
        let until = request.until.filter(|_| self.0.fault != Fault::IgnoredUntil);
        let until = until.map(|until| until.parse()).transpose();
        let until = until.map_err(|_| Failure::config("planted.until", "`until` is an id here"))?;
        Ok(Box::new(Orders { settings: self.0.clone(), after, until }))
    }

    fn write(&self, _request: WriteRequest) -> Result<Box<dyn Writer>, Failure> {
        Ok(Box::new(Desk(self.0.clone())))
    }
}

impl Settings {
    fn get(&self, after: u64, limit: u32) -> Result<Vec<Value>, Failure> {
        let url = format!("{}/orders", self.base_url);
        let answer = http::get(url).query("after", after).query("limit", limit).auth("token").send()?;
        if answer.status() == 401 && self.fault == Fault::AuthTransient {
            return Err(Failure::transient("planted.stumbled", "the platform stumbled"));
        }
        let answer = answer.ok()?;
        if self.fault == Fault::Crashes {
            let bytes = answer.bytes()?;
            return Ok(serde_json::from_slice(&bytes).unwrap_or_else(|_| unreadable()));
        }
        let orders: Vec<Value> = answer.json()?;
        if self.fault == Fault::Hoards {
            let hoard: Vec<Vec<Value>> = orders.iter().map(|order| vec![order.clone(); 100]).collect();
            return Ok(hoard.into_iter().filter_map(|mut copies| copies.pop()).collect());
        }
        Ok(orders)
    }

    fn spoiled(&self, mut order: Value) -> Value {
        match self.fault {
            Fault::LyingSchema => order["total"] = 1.into(),
            Fault::Nondeterministic => order["seen"] = clock::random(1)[0].into(),
            _ => {}
        }
        order
    }
}

/// # Panics
///
/// Always: that is the fault.
fn unreadable() -> Vec<Value> {
    panic!("nobody expected that answer")
}

struct Orders {
    settings: Settings,
    after: u64,
    until: Option<u64>,
}

impl Reader for Orders {
    fn next(&mut self, limit: Limit) -> Result<Page, Failure> {
        let fault = self.settings.fault;
        let asked = if fault == Fault::IgnoredLimit { 3 } else { limit.records.min(100) };
        let mut orders = self.settings.get(self.after, asked)?;
        let mut page = Page { more: orders.len() >= asked as usize, ..Page::default() };
        if fault == Fault::DroppedLast && !page.more {
            orders.pop();
        }
        for order in orders {
            let id = order["id"].as_u64().ok_or_else(|| Failure::system("planted.no_id", "an order has no id"))?;
            if self.until.is_some_and(|until| id >= until) {
                page.more = false;
                break;
            }
            let order = self.settings.spoiled(order);
            if fault != Fault::IgnoredLimit && !limit.admits(&page.records, order.to_string().len()) {
                page.more = true;
                break;
            }
            page.records.push(&order)?;
            self.after = id;
        }
        let told = self.after + u64::from(fault == Fault::CursorOffByOne && page.more);
        page.checkpoint = Some(serde_json::to_vec(&told)?);
        Ok(page)
    }
}

struct Desk(Settings);

impl Desk {
    fn post(&self, key: &str, lines: &[u8]) -> Result<(), Failure> {
        let url = format!("{}/orders", self.0.base_url);
        let request = http::post(url).auth("token").header("idempotency-key", key);
        request.body("application/x-ndjson", lines.to_vec()).send()?.ok()?;
        Ok(())
    }
}

impl Writer for Desk {
    fn write(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        batch.send(ChunkSize { records: 2, bytes: 1 << 20 }, |chunk| {
            match self.post(&chunk.key, chunk.lines) {
                Err(_) if self.0.fault == Fault::DoubledRetry => {
                    self.post(&format!("{}-again", chunk.key), chunk.lines)?;
                }
                other => other?,
            }
            Ok(Outcome::default())
        })
    }
}

weighbridge_sdk::export_connector!(Planted);

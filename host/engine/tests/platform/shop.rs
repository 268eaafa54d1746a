//! A source of numbered orders.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use weighbridge::connector::{Connector, Doing, Ended, Failure, FailureClass, Page, ReadRequest, Setting, Side};
use weighbridge::model::package::Manifest;

#[derive(Clone)]
pub struct Shop {
    pub manifest: Arc<Manifest>,
    pub orders: Arc<Mutex<Vec<Value>>>,
    pub page: usize,
    /// A checkpoint comes with every so many pages.
    pub checkpoint_every: usize,
    /// So many of the next calls find the shop busy.
    pub busy: Arc<Mutex<u32>>,
    /// Whether it does not let its connector remove what that keeps there.
    pub refuses_to_part: Arc<Mutex<bool>>,
}

impl Shop {
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
            refuses_to_part: Arc::default(),
        }
    }
}

impl Connector for Shop {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn side(&self, _setting: &Setting) -> Box<dyn Side> {
        Box::new(Reader { shop: self.clone(), at: 0, pages: 0 })
    }
}

struct Reader {
    shop: Shop,
    at: usize,
    pages: usize,
}

impl Side for Reader {
    fn on_deleted(&mut self) -> Doing<'_, Result<(), Ended>> {
        let refuses = *self.shop.refuses_to_part.lock().unwrap();
        let (class, code, message) = (FailureClass::Transient, "shop.busy".into(), "kanarek-message".into());
        let failure = Failure { class, code, message, retry_after_ms: None };
        Box::pin(async move { if refuses { Err(Ended::Failure(failure)) } else { Ok(()) } })
    }

    fn open_reader(&mut self, request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        let start = request.start.map(|cursor| String::from_utf8(cursor.to_vec()).unwrap().parse().unwrap());
        self.at = start.unwrap_or(0);
        Box::pin(async { Ok(()) })
    }

    fn next(&mut self, records_max: u32, _bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        let mut busy = self.shop.busy.lock().unwrap();
        if let Some(left) = busy.checked_sub(1) {
            *busy = left;
            let class = FailureClass::RateLimited;
            let (code, message) = ("shop.busy".into(), "busy".into());
            return Box::pin(
                async move { Err(Ended::Failure(Failure { class, code, message, retry_after_ms: Some(1) })) },
            );
        }
        let orders = self.shop.orders.lock().unwrap().clone();
        let end = (self.at + self.shop.page.min(records_max as usize)).min(orders.len());
        let lines: String = orders[self.at..end].iter().map(|order| format!("{order}\n")).collect();
        let page = Page {
            records_count: (end - self.at) as u64,
            records: lines.into(),
            removed: Default::default(),
            removed_count: 0,
            checkpoint: (self.pages + 1).is_multiple_of(self.shop.checkpoint_every).then(|| end.to_string().into()),
            more: end < orders.len(),
            remaining: None,
            wait_ms: None,
        };
        (self.at, self.pages) = (end, self.pages + 1);
        Box::pin(async { Ok(page) })
    }
}

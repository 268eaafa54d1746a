//! A source of changes: orders that come, change and go, read page by page.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use weighbridge::connector::{Connector, Doing, Ended, Failure, FailureClass, Page, ReadRequest, Setting, Side};
use weighbridge::model::package::Manifest;

/// Something that happened to an order.
#[derive(Clone)]
pub enum Event {
    Changed(u64, &'static str),
    Gone(u64),
}

/// Where the next reading stands still for good, as in a process that is killed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hang {
    /// Before it gave a page.
    Reading,
    /// When it is told that the page is settled, which is before anybody is answered.
    Acknowledging,
}

#[derive(Default)]
pub struct Book {
    pub events: Vec<Event>,
    pub hang: Option<Hang>,
    /// So many of the next pages are refused.
    pub busy: u32,
    /// A checkpoint comes with every so many records; 0 with every page.
    pub checkpoint_every: u64,
    /// How often it was asked for a page.
    pub asked: u64,
    /// What readings asked for by `since`.
    pub since: Vec<Option<String>>,
    /// Milliseconds that each page takes.
    pub slow_ms: u64,
}

/// The connector.
#[derive(Clone)]
pub struct Register {
    manifest: Arc<Manifest>,
    pub book: Arc<Mutex<Book>>,
}

impl Register {
    pub fn with_orders(count: u64) -> Self {
        let capability = json!({
            "stream": "orders", "direction": "source", "modes": ["full_refresh", "incremental"],
            "primary_key": ["id"], "cursor_field": "at",
            "schema": { "properties": { "at": { "type": "string" }, "id": { "type": "integer" } } },
        });
        Self::of(capability, count)
    }

    /// A stream that another capability describes.
    pub fn of(capability: Value, count: u64) -> Self {
        let manifest = json!({
            "name": "test.register", "version": "1.0.0", "publisher": "test", "title": "Register", "summary": "Orders.",
            "contract": "0.1.0", "capabilities": [capability],
        });
        let events = (1..=count).map(|id| Event::Changed(id, "new")).collect();
        Self {
            manifest: Arc::new(Manifest::parse(manifest.to_string().as_bytes()).unwrap()),
            book: Arc::new(Mutex::new(Book { events, ..Book::default() })),
        }
    }

    pub fn happens(&self, event: Event) {
        self.book.lock().unwrap().events.push(event);
    }

    pub fn asked(&self) -> u64 {
        self.book.lock().unwrap().asked
    }
}

impl Connector for Register {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn side(&self, _setting: &Setting) -> Box<dyn Side> {
        Box::new(Reader { register: self.clone(), at: 0, since_checkpoint: 0 })
    }
}

struct Reader {
    register: Register,
    at: usize,
    since_checkpoint: u64,
}

impl Reader {
    fn page(&mut self, records_max: u32) -> Result<Page, Ended> {
        let mut book = self.register.book.lock().unwrap();
        book.asked += 1;
        if let Some(left) = book.busy.checked_sub(1) {
            book.busy = left;
            let (code, message) = ("register.busy".into(), "a secret of the platform".into());
            let class = FailureClass::RateLimited;
            return Err(Ended::Failure(Failure { class, code, message, retry_after_ms: Some(7_000) }));
        }
        let step = if book.checkpoint_every == 0 { usize::MAX } else { 2 };
        let end = self.at.saturating_add(step.min(records_max as usize)).min(book.events.len());
        let (mut records, mut removed, mut counts) = (String::new(), String::new(), [0, 0]);
        for (index, event) in book.events[self.at..end].iter().enumerate() {
            match event {
                Event::Changed(id, note) => {
                    let at = format!("2026-01-01T00:{:02}:{:02}Z", (self.at + index) / 60 % 60, (self.at + index) % 60);
                    let at = if self.at + index < 3_600 { at } else { "2026-01-01T01:00:00Z".into() };
                    records += &format!("{}\n", json!({ "id": id, "at": at, "note": note }));
                    counts[0] += 1;
                }
                Event::Gone(id) => {
                    removed += &format!("{}\n", json!({ "id": id }));
                    counts[1] += 1;
                }
            }
        }
        self.since_checkpoint += (end - self.at) as u64;
        let more = end < book.events.len();
        let is_safe = self.since_checkpoint >= book.checkpoint_every || !more;
        if is_safe {
            self.since_checkpoint = 0;
        }
        self.at = end;
        Ok(Page {
            records: records.into(),
            records_count: counts[0],
            removed: removed.into(),
            removed_count: counts[1],
            checkpoint: is_safe.then(|| end.to_string().into()),
            more,
            remaining: None,
            wait_ms: None,
        })
    }
}

impl Side for Reader {
    fn open_reader(&mut self, request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        self.register.book.lock().unwrap().since.push(request.since);
        let start = request.start.map(|cursor| String::from_utf8(cursor.to_vec()).unwrap().parse().unwrap());
        self.at = start.unwrap_or(0);
        Box::pin(async { Ok(()) })
    }

    fn next(&mut self, records_max: u32, _bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        Box::pin(async move {
            let (hang, slow_ms) = {
                let book = self.register.book.lock().unwrap();
                (book.hang, book.slow_ms)
            };
            if hang == Some(Hang::Reading) {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(std::time::Duration::from_millis(slow_ms)).await;
            self.page(records_max)
        })
    }

    fn acknowledge(&mut self, _checkpoint: bytes::Bytes) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            if self.register.book.lock().unwrap().hang == Some(Hang::Acknowledging) {
                std::future::pending::<()>().await;
            }
            Ok(())
        })
    }
}

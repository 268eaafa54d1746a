//! A destination that honours keys: a known key with another body is an error, and a repeated one has no effect.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::Notify;
use weighbridge::connector::{
    Assigned, Connector, Doing, Ended, Failure, FailureClass, Receipt, Rejection, Setting, Side, WriteRequest,
};
use weighbridge::model::package::Manifest;

use crate::{Hold, Strike};

/// What goes wrong at a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call never answers, before anything is taken.
    HangBefore,
    /// The call never answers, after all was taken.
    HangAfter,
    /// The platform is busy.
    Busy,
    /// The first line is rejected, and the others are taken.
    Reject,
    /// The first line is rejected for now.
    RejectForNow,
    /// All lines are rejected.
    RejectAll,
    /// All lines are rejected, and the call never answers.
    RejectAllAndHang,
    /// Nothing is taken, this time.
    TakeNothing,
}

/// What a warehouse has.
#[derive(Debug, Default)]
pub struct Stock {
    /// What came under each key, and what was rejected of it: a key that comes again gets the same answer.
    pub by_key: BTreeMap<String, (Vec<u8>, Vec<Rejection>)>,
    /// Every record, in the order it was first taken.
    pub records: Vec<Value>,
    /// Generations as they were opened, made whole, and given up.
    pub generations: [Vec<String>; 3],
    /// What was removed.
    pub removed: Vec<Value>,
    /// How often each key came.
    pub calls: Vec<String>,
    /// What goes wrong at the call of this number, from 0.
    pub faults: BTreeMap<usize, Fault>,
}

/// A warehouse; a clone is the same one.
#[derive(Clone)]
pub struct Warehouse {
    manifest: Arc<Manifest>,
    /// What it has.
    pub stock: Arc<Mutex<Stock>>,
    /// Where lines come in.
    pub writes: Hold,
    hung: Arc<Notify>,
    strike: Strike,
}

impl Warehouse {
    /// One that has nothing.
    pub fn empty() -> Self {
        let manifest = json!({
            "name": "test.warehouse", "version": "1.0.0", "publisher": "test", "title": "Warehouse", "summary": "Lines.",
            "contract": "0.1.0",
            "capabilities": [{ "stream": "lines", "direction": "destination", "modes": ["append", "overwrite", "upsert"], "primary_key": ["id"] }],
        });
        let manifest = Arc::new(Manifest::parse(manifest.to_string().as_bytes()).unwrap());
        Self {
            manifest,
            stock: Arc::default(),
            writes: Hold::default(),
            hung: Arc::default(),
            strike: Strike::default(),
        }
    }

    /// One of a process that may die.
    pub(crate) fn under(strike: &Strike) -> Self {
        Self { strike: strike.clone(), ..Self::empty() }
    }

    /// What goes wrong at the call of this number, from 0.
    pub fn fault(&self, call: usize, fault: Fault) {
        self.stock.lock().unwrap().faults.insert(call, fault);
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.stock.lock().unwrap().calls.len()
    }

    /// What goes wrong at calls from now on, and nothing else.
    pub fn goes_wrong(&self, faults: BTreeMap<usize, Fault>) {
        self.stock.lock().unwrap().faults = faults;
    }

    /// Comes back when a call hangs.
    pub async fn hangs(&self) {
        self.hung.notified().await;
    }

    async fn hang(&self) {
        self.hung.notify_one();
        std::future::pending().await
    }

    /// The ids of all records taken, in order.
    pub fn ids(&self) -> Vec<u64> {
        self.stock.lock().unwrap().records.iter().map(|record| record["id"].as_u64().unwrap()).collect()
    }
}

impl Connector for Warehouse {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn side(&self, _setting: &Setting) -> Box<dyn Side> {
        Box::new(Writer(self.clone()))
    }
}

struct Writer(Warehouse);

impl Side for Writer {
    fn abandon<'a>(&'a mut self, _stream: &'a str, generation: &'a str) -> Doing<'a, Result<(), Ended>> {
        self.0.stock.lock().unwrap().generations[2].push(generation.to_owned());
        Box::pin(async { Ok(()) })
    }

    fn finish(&mut self) -> Doing<'_, Result<(), Ended>> {
        let mut stock = self.0.stock.lock().unwrap();
        let whole = stock.generations[0].last().cloned();
        stock.generations[1].extend(whole);
        Box::pin(async { Ok(()) })
    }

    fn open_writer(&mut self, request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        self.0.stock.lock().unwrap().generations[0].extend(request.generation);
        Box::pin(async {
            self.0.strike.pass("the destination is opened").await;
            Ok(())
        })
    }

    fn write<'a>(&'a mut self, key: &'a str, first: u32, records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            self.0.strike.pass("before the first byte").await;
            self.0.writes.pass().await;
            let fault = {
                let mut stock = self.0.stock.lock().unwrap();
                let call = stock.calls.len();
                stock.calls.push(key.to_owned());
                stock.faults.remove(&call)
            };
            match fault {
                Some(Fault::HangBefore) => self.0.hang().await,
                Some(Fault::Busy) => {
                    return Err(Ended::Failure(Failure {
                        class: FailureClass::RateLimited,
                        code: "warehouse.busy".into(),
                        message: "busy".into(),
                        retry_after_ms: Some(1),
                    }));
                }
                Some(Fault::TakeNothing) => return Ok(Receipt { wait_ms: Some(0), ..Receipt::default() }),
                _ => {}
            }
            let taken = count(&records);
            let rejected = self.take(key, first, &records, rejections(first..first + taken, fault.as_ref()));
            self.0.strike.pass("after the last byte").await;
            if matches!(fault, Some(Fault::HangAfter | Fault::RejectAllAndHang)) {
                self.0.hang().await;
            }
            let assigned = (first..first + taken).map(|index| Assigned { index, id: format!("w{index}") }).collect();
            Ok(Receipt { taken, rejected, assigned, ..Receipt::default() })
        })
    }

    fn remove<'a>(&'a mut self, _key: &'a str, _first: u32, keys: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        let removed = serde_json::Deserializer::from_slice(&keys).into_iter::<Value>().map(Result::unwrap);
        self.0.stock.lock().unwrap().removed.extend(removed);
        Box::pin(async move { Ok(Receipt { taken: count(&keys), ..Receipt::default() }) })
    }
}

fn count(lines: &Bytes) -> u32 {
    u32::try_from(lines.iter().filter(|byte| **byte == b'\n').count()).unwrap()
}

fn rejections(lines: Range<u32>, fault: Option<&Fault>) -> Vec<Rejection> {
    let retryable = fault == Some(&Fault::RejectForNow);
    let count = match fault {
        Some(Fault::Reject | Fault::RejectForNow) => 1,
        Some(Fault::RejectAll | Fault::RejectAllAndHang) => lines.len(),
        _ => 0,
    };
    let rejection = |index| Rejection { index, code: "line.bad".into(), message: "no".into(), retryable };
    lines.take(count).map(rejection).collect()
}

impl Writer {
    /// Takes what is not rejected; of a key that is known, nothing more.
    fn take(&self, key: &str, first: u32, bytes: &[u8], rejected: Vec<Rejection>) -> Vec<Rejection> {
        let mut stock = self.0.stock.lock().unwrap();
        if let Some((before, answer)) = stock.by_key.get(&format!("{key}-{first}")) {
            assert_eq!(before, bytes, "a known key came with other bytes");
            return answer.clone();
        }
        stock.by_key.insert(format!("{key}-{first}"), (bytes.to_vec(), rejected.clone()));
        let lines = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>().map(Result::unwrap);
        let is_taken = |index: &u32| !rejected.iter().any(|one| one.index == *index);
        stock.records.extend((first..).zip(lines).filter(|(index, _)| is_taken(index)).map(|(_, line)| line));
        rejected
    }
}

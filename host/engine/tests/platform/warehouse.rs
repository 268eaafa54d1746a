//! A destination that honours keys: a known key with another body is an error, and a repeated one has no effect.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Value, json};
use weighbridge::connector::{
    Assigned, Connector, Doing, Ended, Failure, FailureClass, Receipt, Rejection, Setting, Side, WriteRequest,
};
use weighbridge::model::package::Manifest;

/// What goes wrong at a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The call never answers, before anything is taken.
    HangBefore,
    /// The call never answers, after all was taken.
    HangAfter,
    /// The platform is busy.
    Busy,
    /// The first line is rejected.
    Reject,
    /// Nothing is taken, this time.
    TakeNothing,
}

#[derive(Default)]
pub struct Stock {
    /// What was taken under each key.
    pub by_key: BTreeMap<String, Vec<u8>>,
    /// Every record, in the order it was first taken.
    pub records: Vec<Value>,
    /// How often each key came.
    pub calls: Vec<String>,
    /// What goes wrong at the call of this number, from 0.
    pub faults: BTreeMap<usize, Fault>,
}

#[derive(Clone)]
pub struct Warehouse {
    manifest: Arc<Manifest>,
    pub stock: Arc<Mutex<Stock>>,
}

impl Warehouse {
    pub fn empty() -> Self {
        let manifest = json!({
            "name": "test.warehouse", "version": "1.0.0", "publisher": "test", "title": "Warehouse", "summary": "Lines.",
            "contract": "0.1.0",
            "capabilities": [{ "stream": "lines", "direction": "destination", "modes": ["append", "upsert"], "primary_key": ["id"] }],
        });
        let manifest = Arc::new(Manifest::parse(manifest.to_string().as_bytes()).unwrap());
        Self { manifest, stock: Arc::default() }
    }

    pub fn fault(&self, call: usize, fault: Fault) {
        self.stock.lock().unwrap().faults.insert(call, fault);
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
    fn open_writer(&mut self, _request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    fn write<'a>(&'a mut self, key: &'a str, first: u32, records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            let fault = {
                let mut stock = self.0.stock.lock().unwrap();
                let call = stock.calls.len();
                stock.calls.push(key.to_owned());
                stock.faults.remove(&call)
            };
            match fault {
                Some(Fault::HangBefore) => std::future::pending().await,
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
            let lines: Vec<Value> =
                serde_json::Deserializer::from_slice(&records).into_iter().map(Result::unwrap).collect();
            let taken = u32::try_from(lines.len()).unwrap();
            if fault == Some(Fault::Reject) {
                let rejection = Rejection { index: first, code: "bad".into(), message: "no".into(), retryable: false };
                return Ok(Receipt { taken, rejected: vec![rejection], ..Receipt::default() });
            }
            self.take(key, first, &records, lines);
            if fault == Some(Fault::HangAfter) {
                std::future::pending::<()>().await;
            }
            let assigned = (first..first + taken).map(|index| Assigned { index, id: format!("w{index}") }).collect();
            Ok(Receipt { taken, assigned, ..Receipt::default() })
        })
    }
}

impl Writer {
    fn take(&self, key: &str, first: u32, bytes: &[u8], lines: Vec<Value>) {
        let mut stock = self.0.stock.lock().unwrap();
        match stock.by_key.get(&format!("{key}-{first}")) {
            Some(before) => assert_eq!(before, bytes, "a known key came with other bytes"),
            None => {
                stock.by_key.insert(format!("{key}-{first}"), bytes.to_vec());
                stock.records.extend(lines);
            }
        }
    }
}

//! Settled batches per second with 1, 8 and 64 transfers at once: over a disk whose sync takes 8 ms, and over this one.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use serde_json::json;
use weighbridge::connector::{Connector, Doing, Ended, Page, ReadRequest, Receipt, Setting, Side, WriteRequest};
use weighbridge::document::Document;
use weighbridge::model::package::Manifest;
use weighbridge::{Engine, Options};
use weighbridge_store::engine::{FileEngine, FileSettings};
use weighbridge_store::{Access, Store};

const SYNC: Duration = Duration::from_millis(8);
const BATCHES: usize = 20;

/// A file whose every sync takes its time.
#[derive(Debug)]
struct SlowDisk(FileBackend);

impl StorageBackend for SlowDisk {
    fn len(&self) -> std::io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.0.set_len(len)
    }

    /// The file's own sync is left out, so that only the given time counts.
    fn sync_data(&self) -> std::io::Result<()> {
        std::thread::sleep(SYNC);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.0.write(offset, data)
    }

    fn try_lock_range(&self, start: std::ops::Bound<u64>, end: std::ops::Bound<u64>) -> Result<bool, BackendError> {
        self.0.try_lock_range(start, end)
    }
}

/// Gives one record a batch, or takes it; does nothing else.
struct Ends(Manifest);

impl Ends {
    fn both() -> Vec<Arc<dyn Connector>> {
        let of = |name: &str, direction: &str, modes: &[&str]| {
            let manifest = json!({
                "name": name, "version": "1.0.0", "publisher": "bench", "title": name, "summary": name, "contract": "0.1.0",
                "capabilities": [{ "stream": "s", "direction": direction, "modes": modes, "primary_key": ["id"] }],
            });
            Arc::new(Self(Manifest::parse(manifest.to_string().as_bytes()).unwrap())) as Arc<dyn Connector>
        };
        vec![of("bench.source", "source", &["full_refresh"]), of("bench.sink", "destination", &["upsert"])]
    }
}

impl Connector for Ends {
    fn manifest(&self) -> &Manifest {
        &self.0
    }

    fn side(&self, _setting: &Setting) -> Box<dyn Side> {
        Box::new(End(0))
    }
}

struct End(usize);

impl Side for End {
    fn open_reader(&mut self, _request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    fn next(&mut self, _records_max: u32, _bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        self.0 += 1;
        let records = Bytes::from(format!("{{\"id\":{}}}\n", self.0));
        let page = Page {
            records,
            records_count: 1,
            removed: Bytes::new(),
            removed_count: 0,
            checkpoint: Some(self.0.to_string().into()),
            more: self.0 < BATCHES,
            remaining: None,
            wait_ms: None,
        };
        Box::pin(async { Ok(page) })
    }

    fn open_writer(&mut self, _request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    fn write<'a>(&'a mut self, _key: &'a str, _first: u32, _records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async { Ok(Receipt { taken: 1, ..Receipt::default() }) })
    }
}

fn document(transfers: usize) -> String {
    let mut text = String::from(
        "[tenant]\nname = \"t\"\n[[integration]]\nname = \"source\"\nconnector = \"bench.source\"\n\
         [[integration]]\nname = \"sink\"\nconnector = \"bench.sink\"\n\
         [[connection]]\nname = \"source\"\nintegration = \"source\"\n\
         [[connection]]\nname = \"sink\"\nintegration = \"sink\"\n",
    );
    for number in 0..transfers {
        text += &format!(
            "[[customer]]\nname = \"c{number}\"\nstatus = \"active\"\n\
             [[customer.endpoint]]\nname = \"from\"\ndescription = \"d\"\ndirection = \"source\"\n\
             connection = \"source\"\nstream = \"s\"\n\
             [[customer.endpoint]]\nname = \"to\"\ndescription = \"d\"\ndirection = \"destination\"\n\
             connection = \"sink\"\nstream = \"s\"\n\
             [[customer.transfer]]\nname = \"t\"\nsource = \"from\"\ndestination = \"to\"\nsync = \"full_refresh\"\n"
        );
    }
    text
}

async fn open(folder: &Path, slow: bool) -> Engine {
    Engine::init(&Options::at(folder)).await.unwrap();
    let options = Options { connectors: Ends::both(), ..Options::at(folder) };
    if !slow {
        return Engine::open(options).await.unwrap();
    }
    let file = std::fs::File::options().read(true).write(true).create_new(true).open(folder.join("slow.redb")).unwrap();
    let disk = SlowDisk(FileBackend::new(file).unwrap());
    let engine = FileEngine::with_backend(disk, folder.join("slow.blobs"), FileSettings::default()).unwrap();
    Engine::over_store(options, Store::over(engine, Access::Write).unwrap()).await.unwrap()
}

async fn settled_per_second(transfers: usize, slow: bool) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path(), slow).await;
    engine.apply(&Document::parse(&document(transfers)).unwrap(), Path::new(".")).await.unwrap();
    let begun = Instant::now();
    let runs: Vec<_> = (0..transfers)
        .map(|number| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.run(&format!("c{number}/t")).await.unwrap().run.batches })
        })
        .collect();
    let mut batches = 0;
    for run in runs {
        batches += run.await.unwrap();
    }
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(batches, (transfers * BATCHES) as u64);
    engine.close(Duration::from_secs(5)).await.unwrap();
    batches as f64 / seconds
}

pub async fn measure() {
    for (slow, disk) in [(true, "sync of 8 ms"), (false, "this disk")] {
        let mut rates = Vec::new();
        for transfers in [1, 8, 64] {
            rates.push(settled_per_second(transfers, slow).await);
        }
        println!(
            "settled batches/s, {disk}: {:.0} with 1 transfer, {:.0} with 8, {:.0} with 64 (×{:.1} of 1)",
            rates[0],
            rates[1],
            rates[2],
            rates[2] / rates[0]
        );
    }
}

//! The signed connector in its sandbox, against the real server.

use std::path::Path;

use bytes::Bytes;
use serde_json::{Value, json};
use weighbridge_forge::{BuildArgs, KeygenArgs, build, keygen};
use weighbridge_model::package::{NamePattern, TrustStore, UnverifiedPackage, VerifiedPackage};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::{SyncMode, WriteMode};
use weighbridge_sandbox::{ArtefactStore, Connector, Guest, Limits, ReadRequest, Sandbox, Settings, WriteRequest};

use super::install::DATABASE;
use super::outside::Outside;
use super::server::Tryton;
use crate::platforms::wanted;

/// The connector, compiled, and everything a guest of it needs.
struct Bench {
    package: VerifiedPackage,
    sandbox: Sandbox,
    connector: Connector,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let package = package(folder.path());
        let sandbox = Sandbox::new(&Settings::default()).unwrap();
        let artefacts = ArtefactStore::open(folder.path().join("artefacts"), [7; 32]).unwrap();
        let connector = sandbox.load(&package, &artefacts).await.unwrap();
        Self { package, sandbox, connector }
    }

    async fn guest(&self, tryton: &Tryton) -> Guest {
        let configuration = json!({"base_url": tryton.base_url(), "database": DATABASE});
        let outside = Outside::new(self.package.manifest(), &configuration);
        self.sandbox.start(&self.connector, Limits::default(), Box::new(outside)).await.unwrap()
    }

    /// Reads subdivisions from a checkpoint to the end of the walk.
    async fn subdivisions(&self, tryton: &Tryton, start: Option<Bytes>) -> (Vec<Value>, Option<Bytes>) {
        let mut guest = self.guest(tryton).await;
        let (stream, mode) = ("subdivisions".to_owned(), SyncMode::Incremental);
        guest.open_reader(ReadRequest { stream, mode, start, since: None, until: None }).await.unwrap();
        let mut records = Vec::new();
        loop {
            let page = guest.next(1000, 4 << 20).await.unwrap();
            records
                .extend(serde_json::Deserializer::from_slice(&page.records).into_iter::<Value>().map(Result::unwrap));
            if !page.more {
                return (records, page.checkpoint);
            }
        }
    }
}

#[tokio::test]
async fn reads_all_subdivisions_and_then_exactly_those_that_changed() {
    if !wanted("Tryton") {
        return;
    }
    let (tryton, bench) = (Tryton::start(), Bench::new().await);
    bench.guest(&tryton).await.check().await.unwrap();
    let (all, place) = bench.subdivisions(&tryton, None).await;
    let count = tryton.call("model.country.subdivision.search_count", json!([[], {}]));
    assert_eq!(Some(all.len() as u64), count.as_u64());

    let ids: Vec<u64> = all.iter().step_by(500).take(10).map(|record| record["id"].as_u64().unwrap()).collect();
    tryton.call("model.country.subdivision.write", json!([ids, {"type": "city"}, {}]));
    let (changed, place) = bench.subdivisions(&tryton, place).await;
    assert_eq!(changed.iter().map(|record| record["id"].as_u64().unwrap()).collect::<Vec<_>>(), ids);
    assert!(changed.iter().all(|record| record["type"] == "city"));
    assert!(bench.subdivisions(&tryton, place).await.0.is_empty());
}

#[tokio::test]
async fn upserts_parties_under_the_same_ids_however_often() {
    if !wanted("Tryton") {
        return;
    }
    let (tryton, bench) = (Tryton::start(), Bench::new().await);
    let lines: String =
        (0..100).map(|number| format!("{{\"code\":\"C{number}\",\"name\":\"Customer {number}\"}}\n")).collect();
    let mut ids = Vec::new();
    for key in ["first", "again"] {
        let mut guest = bench.guest(&tryton).await;
        let (stream, schema) = ("parties".to_owned(), "{}".to_owned());
        guest.open_writer(WriteRequest { stream, mode: WriteMode::Upsert, schema, generation: None }).await.unwrap();
        let receipt = guest.write(key, 0, Bytes::from(lines.clone())).await.unwrap();
        assert_eq!((receipt.taken, receipt.rejected.len(), receipt.assigned.len()), (100, 0, 100));
        ids.push(receipt.assigned);
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(tryton.call("model.party.party.search_count", json!([[], {}])), 100);
}

fn package(folder: &Path) -> VerifiedPackage {
    let keys = keygen(&KeygenArgs { path: folder.join("publisher.key") }).unwrap();
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/tryton");
    let args = BuildArgs {
        folder: crate_folder,
        out: folder.to_owned(),
        key: Some(keys.secret_path),
        target: None,
        locked: false,
    };
    let built = build(&args, &mut |step| println!("{step}")).unwrap();
    let mut trust = TrustStore::default();
    let names = [NamePattern::parse("weighbridge.*").unwrap()];
    trust.add_key("weighbridge", names, keys.public, Window::ALWAYS).unwrap();
    let bytes = std::fs::read(built.package).unwrap();
    UnverifiedPackage::new(bytes).verify(&trust, Timestamp::from_millis(0)).unwrap()
}

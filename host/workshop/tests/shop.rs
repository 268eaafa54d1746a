//! A platform of seven orders, in this process: what a connector asks is answered without a network.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{Mutex, OnceCell};
use weighbridge_forge::{BuildArgs, build};
use weighbridge_sandbox::{Answer, SyncMode, WriteMode};
use weighbridge_workshop::{
    Answered, Asked, Bench, Body, Cassette, Drill, Header, Platform, ReadDrill, Venue, WriteDrill, record,
};

/// How many requests it was asked.
#[derive(Clone, Default)]
pub struct Shop(pub Arc<std::sync::Mutex<Vec<Asked>>>);

impl Venue for Shop {
    fn open(&self) -> Box<dyn Platform> {
        Box::new(self.clone())
    }
}

impl Platform for Shop {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        self.0.lock().unwrap().push(asked.clone());
        let body = if asked.method == "POST" { json!({"taken": true}) } else { orders(&asked.url) };
        Box::pin(std::future::ready(Some(answered(&body))))
    }
}

pub fn answered(body: &Value) -> Answered {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Answered::Response { status: 200, headers, body: Body::Text(body.to_string()) }
}

/// The orders after one of them.
pub fn orders(url: &str) -> Value {
    let number = |name: &str| {
        let query = url.split_once('?').unwrap().1;
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).map_or(0, |text| text.parse().unwrap())
    };
    let after = number("after");
    let ids = (1..=7_u64).filter(|id| *id > after).take(number("limit") as usize);
    ids.map(|id| json!({"id": id, "total": format!("{id}.00")})).collect()
}

/// The connector, built and put up once.
pub async fn bench() -> &'static Bench {
    static BENCH: OnceCell<Bench> = OnceCell::const_new();
    BENCH.get_or_init(async || built(&repository().join("tests/planted"), "planted").await).await
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A connector, built and put up; what is unchanged is not built again.
pub async fn built(folder: &Path, name: &str) -> Bench {
    static BUILDING: Mutex<()> = Mutex::const_new(());
    let _one_at_a_time = BUILDING.lock().await;
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let (folder, out) = (folder.to_owned(), scratch.clone());
    let asked = BuildArgs { folder, out, key: None, target: None, locked: false };
    let built = build(&asked, &mut drop).unwrap();
    Bench::open(std::fs::read(built.package).unwrap(), &scratch.join("artefacts")).await.unwrap()
}

pub fn header(fault: &str, drill: Drill) -> Header {
    let configuration = json!({"base_url": "https://shop.example.com", "fault": fault});
    Header {
        version: 1,
        case: format!("{}-{fault}", drill.stream()),
        connector: "weighbridge.planted".into(),
        now_ms: 1_700_000_000_000,
        seed: 7,
        configuration: configuration.as_object().unwrap().clone(),
        drill,
    }
}

pub fn reading() -> Drill {
    let (stream, mode) = ("orders".to_owned(), SyncMode::FullRefresh);
    Drill::Read(ReadDrill { stream, mode, records: 3, pages: 20, since: None, until: None })
}

pub fn writing() -> Drill {
    let records = (1..=5).map(|id| serde_json::value::to_raw_value(&json!({ "id": id })).unwrap()).collect();
    Drill::Write(WriteDrill { stream: "orders".into(), mode: WriteMode::Append, records })
}

/// A recording that the connector with this fault made.
pub async fn recorded(fault: &str, drill: Drill) -> Cassette {
    record(bench().await, header(fault, drill), &Shop::default()).await.unwrap()
}

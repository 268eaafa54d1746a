//! The recordings that connectors of this repository come with: made by the connector itself, against platforms in this
//! process, compared with the files, and held to the contract.

use std::path::Path;

use serde_json::{Value, json};
use weighbridge_forge::{Language, NewArgs, Pattern, new};
use weighbridge_sandbox::{Answer, SyncMode, WriteMode};
use weighbridge_workshop::conformance::conform;
use weighbridge_workshop::{
    Answered, Asked, Bench, Cassette, Drill, Header, Platform, ReadDrill, Venue, WriteDrill, record,
};

use crate::shop::{Shop, answered, built, orders, repository};
use crate::shopify::Shops;
use crate::tryton::Tryton;

/// A shop whose lists are wrapped, as the demo's are.
struct Wrapped;

impl Venue for Wrapped {
    fn open(&self) -> Box<dyn Platform> {
        Box::new(Self)
    }
}

impl Platform for Wrapped {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        if asked.method == "POST" {
            return Box::pin(std::future::ready(Some(answered(&json!({"repeated": false})))));
        }
        let listed = orders(&asked.url);
        let last = listed.as_array().unwrap().last().map(|order| order["id"].clone()).unwrap_or_default();
        let next = if last == 7 { Value::Null } else { json!(last.to_string()) };
        Box::pin(std::future::ready(Some(answered(&json!({"data": listed, "next": next})))))
    }
}

fn header(connector: &str, case: &str, configuration: &Value, drill: Drill) -> Header {
    let configuration = configuration.as_object().unwrap().clone();
    let (connector, case) = (connector.to_owned(), case.to_owned());
    Header { version: 1, case, connector, now_ms: 1_774_746_000_000, seed: 7, configuration, drill }
}

fn reading(stream: &str, mode: SyncMode) -> Drill {
    Drill::Read(ReadDrill { stream: stream.into(), mode, records: 3, pages: 20, since: None, until: None })
}

fn writing(stream: &str, mode: WriteMode, records: &[Value]) -> Drill {
    let records = records.iter().map(|record| serde_json::value::to_raw_value(record).unwrap()).collect();
    Drill::Write(WriteDrill { stream: stream.into(), mode, records })
}

/// Records the cases anew, compares them with the files, and holds the connector to the contract with them.
async fn check(bench: &Bench, folder: &Path, headers: Vec<Header>, venue: &dyn Venue) {
    let mut cassettes = Vec::new();
    for header in headers {
        let path = folder.join(format!("{}.jsonl", header.case));
        let wanted = record(bench, header, venue).await.unwrap();
        if std::env::var_os("WEIGHBRIDGE_BLESS").is_some_and(|value| value == "1") {
            wanted.save(&path).unwrap();
        }
        let found = Cassette::open(&path).unwrap();
        let bless = "write it anew by WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-workshop recordings";
        assert!(found.to_text() == wanted.to_text(), "{} is not what the connector does; {bless}", path.display());
        cassettes.push(found);
    }
    let report = conform(bench, &cassettes).await.unwrap();
    assert!(report.is_good(false), "{report:#?}");
}

#[tokio::test]
async fn those_of_the_rest_connector_are_what_it_does() {
    let bench = built(&repository().join("plugins/rest"), "rest").await;
    let configuration = json!({"base_url": "https://shop.example.com", "auth": "bearer", "streams": {"orders": {
        "primary_key": ["id"],
        "read": {
            "path": "/orders", "records": "/data", "page_size": 3, "size_parameter": "limit",
            "pagination": {"kind": "cursor", "parameter": "after", "pointer": "/next"},
        },
        "create": {"method": "POST", "path": "/lines", "body": "lines", "records": 2},
    }}});
    let records: Vec<Value> = (1..=5).map(|id| json!({"id": id, "note": "ż"})).collect();
    let headers = vec![
        header("weighbridge.rest", "orders", &configuration, reading("orders", SyncMode::FullRefresh)),
        header("weighbridge.rest", "lines", &configuration, writing("orders", WriteMode::Append, &records)),
    ];
    check(&bench, &repository().join("plugins/rest/cassettes"), headers, &Wrapped).await;
}

#[tokio::test]
async fn those_of_the_tryton_connector_are_what_it_does() {
    let bench = built(&repository().join("plugins/tryton"), "tryton").await;
    let configuration = json!({"base_url": "https://erp.example.com", "database": "erp", "page_records": 3});
    let records: Vec<Value> = (1..=3).map(|id| json!({"code": format!("P{id}"), "name": "New"})).collect();
    let headers = vec![
        header("weighbridge.tryton", "parties", &configuration, reading("parties", SyncMode::FullRefresh)),
        header("weighbridge.tryton", "changed", &configuration, reading("parties", SyncMode::Incremental)),
        header("weighbridge.tryton", "written", &configuration, writing("parties", WriteMode::Upsert, &records)),
    ];
    check(&bench, &repository().join("plugins/tryton/cassettes"), headers, &Tryton).await;
}

#[tokio::test]
async fn those_of_the_shopify_connector_are_what_it_does() {
    let bench = built(&repository().join("plugins/shopify"), "shopify").await;
    let configuration = json!({"shop": "example-shop", "page_records": 3});
    let products: Vec<Value> = (1..=3).map(|id| json!({"handle": format!("p-{id}"), "title": "New"})).collect();
    let level = |id| {
        json!({"inventory_item_id": format!("gid://shopify/InventoryItem/{id}"),
            "location_id": "gid://shopify/Location/1", "available": 5})
    };
    let name = "weighbridge.shopify";
    let headers = vec![
        header(name, "orders", &configuration, reading("orders", SyncMode::FullRefresh)),
        header(name, "changed", &configuration, reading("orders", SyncMode::Incremental)),
        header(name, "levels", &configuration, reading("inventory_levels", SyncMode::FullRefresh)),
        header(name, "products", &configuration, writing("products", WriteMode::Upsert, &products)),
        header(name, "stock", &configuration, writing("inventory_levels", WriteMode::Upsert, &[level(1), level(3)])),
    ];
    check(&bench, &repository().join("plugins/shopify/cassettes"), headers, &Shops).await;
}

/// Its file stands beside the template of connectors without code.
#[tokio::test]
async fn that_of_the_declared_scaffold_is_what_it_does_with_the_component_of_a_package() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("shop");
    built(&repository().join("plugins/rest"), "rest").await;
    let package = std::fs::read_dir(Path::new(env!("CARGO_TARGET_TMPDIR")).join("rest")).unwrap();
    let package =
        package.map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some_and(|end| end == "wbc"));
    new(&NewArgs {
        folder: folder.clone(),
        name: "acme.shop".into(),
        from: Pattern::Declared,
        language: Language::Rust,
        component: package,
        sdk: None,
    })
    .unwrap();
    let bench = built(&folder, "declared").await;
    let configuration = json!({"server": "https://shop.example.com"});
    let headers = vec![header("@NAME@", "orders", &configuration, reading("orders", SyncMode::FullRefresh))];
    check(&bench, &repository().join("sdk/forge/src/template/declared"), headers, &Wrapped).await;
}

/// Its file stands beside the template, which `weighbridge connector new` writes with the name of the connector in it.
#[tokio::test]
async fn that_of_the_scaffold_is_what_its_connector_does() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("shop");
    let sdk = Some(repository().join("sdk"));
    new(&NewArgs {
        folder: folder.clone(),
        name: "acme.shop".into(),
        from: Pattern::Rest,
        language: Language::Rust,
        component: None,
        sdk,
    })
    .unwrap();
    let bench = built(&folder, "scaffold").await;
    let configuration = json!({"base_url": "https://shop.example.com"});
    let headers = vec![header("@NAME@", "orders", &configuration, reading("orders", SyncMode::FullRefresh))];
    check(&bench, &repository().join("sdk/forge/src/template/cassettes"), headers, &Shop::default()).await;
}

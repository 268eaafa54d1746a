//! Documents of several tenants, and what of one is planned before any of it is done.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;
use weighbridge::document::Document;
use weighbridge::{ChangeKind, Engine, Options};
use weighbridge_store::engine::{Changes, Counts, Engine as Rows, EngineError, MemoryEngine, Snapshot};
use weighbridge_store::{Access, Store};

use weighbridge_native::{House, Shop};

const SEVERAL: &str = r#"
[[tenant]]
name = "First"
currency = "PLN"
[[tenant.integration]]
name = "shop"
connector = "test.shop"
[[tenant.customer]]
name = "acme"
labels = ["gold"]
external_id = "4711"
contact = { email = "office@acme.example" }
[[tenant.customer.connection]]
name = "shop"
integration = "shop"

[[tenant]]
name = "Second"
[[tenant.customer]]
name = "beta"
"#;

fn document(text: &str) -> Document {
    Document::parse(text).unwrap()
}

fn here() -> &'static Path {
    Path::new(".")
}

/// Rows whose commits fail, and nothing of them is there, once so many were made.
#[derive(Clone, Default)]
struct Scarce {
    rows: MemoryEngine,
    commits_left: Arc<AtomicUsize>,
}

impl Rows for Scarce {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        self.rows.snapshot()
    }

    fn apply(&self, changes: Changes) -> Result<(), EngineError> {
        let left = self.commits_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map_err(|_| EngineError("the machine stopped".into()))?;
        self.rows.apply(changes)
    }

    fn counts(&self) -> Result<Counts, EngineError> {
        self.rows.counts()
    }

    fn put_blob(&self, id: weighbridge_model::id::BlobId, bytes: &[u8]) -> Result<(), EngineError> {
        self.rows.put_blob(id, bytes)
    }

    fn blobs(&self) -> Result<Vec<weighbridge_model::id::BlobId>, EngineError> {
        self.rows.blobs()
    }

    fn get_blob(&self, id: weighbridge_model::id::BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        self.rows.get_blob(id)
    }

    fn drop_blob(&self, id: weighbridge_model::id::BlobId) -> Result<(), EngineError> {
        self.rows.drop_blob(id)
    }

    fn close(&self) -> Result<(), EngineError> {
        self.rows.close()
    }
}

async fn open(folder: &TempDir, rows: &Scarce) -> Engine {
    rows.commits_left.store(usize::MAX, Ordering::SeqCst);
    let store = Store::over(rows.clone(), Access::Write).unwrap();
    let connectors = vec![Arc::new(Shop::with_orders(1)) as _];
    Engine::over_store(Options { connectors, ..Options::at(folder.path()) }, store).await.unwrap()
}

async fn begin() -> (TempDir, Scarce, Engine) {
    let (folder, rows) = (tempfile::tempdir().unwrap(), Scarce::default());
    Engine::init(&Options::at(folder.path())).await.unwrap();
    let engine = open(&folder, &rows).await;
    (folder, rows, engine)
}

/// What becomes of each thing, by its tenant.
async fn apply(engine: &Engine, text: &str) -> Vec<(String, &'static str, ChangeKind)> {
    let changes = engine.apply(&document(text), here()).await.unwrap();
    changes.into_iter().map(|one| (one.tenant.unwrap(), one.what, one.kind)).collect()
}

#[tokio::test]
async fn makes_several_tenants_and_is_finished_by_applying_again_after_a_crash_between_two() {
    let (folder, rows, engine) = begin().await;
    rows.commits_left.store(1, Ordering::SeqCst);
    let stopped = engine.apply(&document(SEVERAL), here()).await.unwrap_err();
    assert!(stopped.to_string().contains("store"), "{stopped}");
    drop(engine);
    let engine = open(&folder, &rows).await;
    let again = apply(&engine, SEVERAL).await;
    let first = again.iter().filter(|(tenant, ..)| tenant == "First");
    assert!(first.clone().count() == 4 && first.clone().all(|(.., kind)| *kind == ChangeKind::Unchanged), "{again:?}");
    let second: Vec<_> = again.iter().filter(|(tenant, ..)| tenant == "Second").collect();
    assert!(second.len() == 2 && second.iter().all(|(.., kind)| *kind == ChangeKind::Created), "{again:?}");
    let last = apply(&engine, SEVERAL).await;
    assert!(last.iter().all(|(.., kind)| *kind == ChangeKind::Unchanged), "{last:?}");
}

#[tokio::test]
async fn writes_no_tenant_where_one_of_them_cannot_be_planned() {
    let (_folder, _rows, engine) = begin().await;
    let wrong = SEVERAL.replace("name = \"Second\"", "name = \"Second\"\nzone = \"Mars\"");
    let error = engine.apply(&document(&wrong), here()).await.unwrap_err().to_string();
    assert!(error.contains("tenant[1].zone"), "{error}");
    let twice = SEVERAL.replace("name = \"Second\"", "name = \"First\"");
    let error = engine.apply(&document(&twice), here()).await.unwrap_err().to_string();
    assert!(error.contains("tenant[1].name"), "{error}");
    let planned = engine.plan_document(&document(SEVERAL), here()).await.unwrap();
    assert!(planned.changes.iter().all(|one| one.kind == ChangeKind::Created), "{planned:?}");
}

#[test]
fn refuses_both_forms_in_one_document_with_the_line() {
    let cases = [
        ("[tenant]\nname = \"a\"\n[[tenant]]\nname = \"b\"\n", "line 3"),
        ("[[tenant]]\nname = \"a\"\n\n[[customer]]\nname = \"b\"\n", "customer (line 4)"),
        ("[tenant]\nname = \"a\"\n[[tenant.customer]]\nname = \"b\"\n", "tenant.customer (line 3)"),
        ("[[tenant]]\nname = \"a\"\n[[tenant.customer]]\nname = \"b\"\nzone = \"x\"\n", "line 5"),
        (r#"{ "tenant": [{ "name": "a" }], "customer": [{ "name": "b" }] }"#, "customer"),
        ("tenant = \"a\"\n", "tenant (line 1)"),
    ];
    for (text, place) in cases {
        let error = Document::parse(text).unwrap_err().to_string();
        assert!(error.contains("document.malformed") && error.contains(place), "{text}: {error}");
    }
    Document::parse(r#"{ "tenant": [{ "name": "a", "customer": [{ "name": "b" }] }] }"#).unwrap();
}

#[tokio::test]
async fn plans_without_a_trace_and_names_fields_and_no_secret() {
    let house = House::new(Shop::with_orders(1), "").await;
    let text = "[tenant]\nname = \"Partner\"\ncurrency = \"PLN\"\n[[integration]]\nname = \"shop\"\nconnector = \"test.shop\"\n\
        oauth_client = { id = \"known\", secret = \"hunter2-the-secret\" }\n[[customer]]\nname = \"new\"\n";
    let keys = || std::fs::read(house.engine_folder().join("keys.json")).unwrap_or_default();
    let before = keys();
    let first = house.engine.plan_document(&document(text), here()).await.unwrap();
    assert_eq!(keys(), before, "a plan keeps no data key");
    assert_eq!(first, house.engine.plan_document(&document(text), here()).await.unwrap());
    let told = format!("{first:?}");
    assert!(
        told.contains("oauth_client (replaced)") && told.contains("currency") && !told.contains("hunter2"),
        "{told}"
    );
    let made = house.engine.apply(&document(text), here()).await.unwrap();
    assert_eq!(made, first.changes, "nothing of it was made by planning it");
}

#[tokio::test]
async fn applies_what_was_planned_and_refuses_after_any_change() {
    let house = House::new(Shop::with_orders(1), "schedule = { every = \"1h\" }").await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "one").unwrap();
    let text = "[tenant]\nname = \"Partner\"\n[[integration]]\nname = \"shop\"\nconnector = \"test.shop\"\n\
        oauth_client = { id = \"known\", secret = { file = \"secret\" } }\n[[customer]]\nname = \"acme\"\nlabels = [\"x\"]\n";
    let hash = async || house.engine.plan_document(&document(text), folder.path()).await.unwrap().hash;
    let first = hash().await;
    let refused = async |text: &str, hash: &str| {
        let error = house.engine.apply_as_planned(&document(text), folder.path(), hash).await.unwrap_err().to_string();
        assert!(error.starts_with("document.plan_changed"), "{error}");
    };
    refused(&format!("{text}external_id = \"1\"\n"), &first).await;
    std::fs::write(&secret, "two").unwrap();
    refused(text, &first).await;
    let second = hash().await;
    house.customer("window = { end = \"2031-01-01\" }").await;
    refused(text, &second).await;
    let third = hash().await;
    assert_eq!(third, hash().await);
    let made = house.engine.apply_as_planned(&document(text), folder.path(), &third).await.unwrap();
    assert_eq!(made.iter().filter(|one| one.kind == ChangeKind::Changed).count(), 2, "{made:?}");
    refused(text, &third).await;
}

#[tokio::test]
async fn turns_self_management_on_only_when_what_it_costs_is_acknowledged() {
    let (_folder, _rows, engine) = begin().await;
    let text = |line: &str| {
        format!(
            "[tenant]\nname = \"First\"\nself_managed = {{ policy = \"allow\", text = \"Ask us.\"{line} }}\n\
             [[integration]]\nname = \"shop\"\nconnector = \"test.shop\"\nself_managed = true\nprice = \"9 PLN\"\n"
        )
    };
    let error = engine.apply(&document(&text("")), here()).await.unwrap_err().to_string();
    assert!(error.contains("tenant.self_managed.acknowledged") && error.contains("shop: 9 PLN"), "{error}");
    let made = apply(&engine, &text(", acknowledged = true")).await;
    assert!(made.contains(&("First".into(), "setting", ChangeKind::Changed)), "{made:?}");
    let again = apply(&engine, &text("")).await;
    assert!(again.iter().all(|(.., kind)| *kind == ChangeKind::Unchanged), "{again:?}");
}

//! Documents: what they make, and what they may not.

use std::path::Path;
use std::sync::Arc;

use weighbridge::document::Document;
use weighbridge::model::package::Manifest;
use weighbridge::{Change, ChangeKind};

use weighbridge_native::{House, Shop};

const START: &str = "[tenant]\nname = \"Partner\"\n";

async fn error(house: &House, text: &str) -> String {
    match Document::parse(text) {
        Err(error) => error.to_string(),
        Ok(document) => house.engine.apply(&document, Path::new(".")).await.unwrap_err().to_string(),
    }
}

#[tokio::test]
async fn changes_nothing_when_applied_again() {
    let house = House::new(Shop::with_orders(1), "").await;
    let text = format!("{START}[[customer]]\nname = \"acme\"\nwindow = {{ end = \"2030-01-01\" }}\n");
    let document = Document::parse(&text).unwrap();
    let kinds = |changes: Vec<Change>| changes.iter().map(|change| change.kind).collect::<Vec<_>>();
    let first = house.engine.apply(&document, Path::new(".")).await.unwrap();
    assert_eq!(kinds(first), [ChangeKind::Unchanged, ChangeKind::Changed]);
    let second = house.engine.apply(&document, Path::new(".")).await.unwrap();
    assert_eq!(kinds(second), [ChangeKind::Unchanged, ChangeKind::Unchanged]);
}

#[tokio::test]
async fn refuses_with_the_place_and_changes_nothing() {
    let house = House::new(Shop::with_orders(1), "").await;
    let customer = "[[customer]]\nname = \"acme\"\n";
    let cases = [
        ("[tenant]\nname = \"Partner\"\nzone = \"Mars\"\n".to_owned(), "tenant.zone"),
        (format!("{START}colour = \"red\"\n"), "unknown field `colour`"),
        (format!("{START}[[integration]]\nname = \"x\"\nconnector = \"a.b\"\n"), "integration[0].connector"),
        (format!("{START}[[customer]]\nname = \"a/b\"\n"), "customer[0].name"),
        (format!("{START}{customer}window = {{ start = \"tomorrow\" }}\n"), "customer[0].window.start"),
        (
            format!("{START}{customer}window = {{ start = \"2026-02-01\", end = \"2026-02-01\" }}\n"),
            "nothing lies inside",
        ),
        (format!("{START}{customer}[[customer.endpoint]]\nname = \"x\"\n"), "customer[0].endpoint[0].direction"),
        (
            format!("{START}{customer}[[customer.endpoint]]\nname = \"x\"\ndirection = \"source\"\n"),
            "customer[0].endpoint[0].description",
        ),
        (
            format!("{START}{customer}[[customer.mapping]]\nname = \"m\"\nrules = [{{ copy = \"id\" }}]\n"),
            "customer[0].mapping[0]/rules/0/copy",
        ),
        (
            format!("{START}{customer}[[customer.transfer]]\nname = \"orders\"\nsource = \"lines\"\n"),
            "customer[0].transfer[0].source",
        ),
        (
            format!(
                "{START}{customer}[[customer.transfer]]\nname = \"orders\"\nlimit = {{ records = 0, bytes = 1 }}\n"
            ),
            "customer[0].transfer[0].limit",
        ),
    ];
    for (text, expected) in cases {
        let found = error(&house, &text).await;
        assert!(found.starts_with("document.") && found.contains(expected), "{found}");
    }
    house.run_to_the_end().await;
}

#[tokio::test]
async fn refuses_a_way_to_read_that_the_source_has_not_and_takes_one_that_it_has() {
    let mut shop = Shop::with_orders(1);
    let manifest = serde_json::to_string(&*shop.manifest)
        .unwrap()
        .replace(r#"["full_refresh","incremental"]"#, r#"["full_refresh"]"#);
    shop.manifest = Arc::new(Manifest::parse(manifest.as_bytes()).unwrap());
    let house = House::new(shop, "sync = \"full_refresh\"").await;
    let read = |sync: &str| {
        format!("{START}[[customer]]\nname = \"acme\"\n[[customer.transfer]]\nname = \"orders\"\nsync = \"{sync}\"\n")
    };
    let refused = error(&house, &read("incremental")).await;
    assert!(refused.contains("customer[0].transfer[0].sync"), "{refused}");
    house.apply(&read("full_refresh")).await;
}

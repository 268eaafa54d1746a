//! How integrations leave: what a document may say of it, and what the audit log keeps.

use std::path::Path;

use weighbridge::document::Document;

use weighbridge_native::{House, Shop};

const AUTHORITY: &str = include_str!("../../egress/tests/tls/authority.pem");
const CERTIFICATE: &str = include_str!("../../egress/tests/tls/platform.pem");
const KEY: &str = include_str!("../../egress/tests/tls/platform.key.pem");

fn document(lines: &str) -> String {
    format!("[tenant]\nname = \"Partner\"\n[[integration]]\nname = \"shop\"\nconnector = \"test.shop\"\n{lines}\n")
}

fn ca(pem: &str) -> String {
    format!("ca = '''{pem}'''")
}

fn certificate(certificate: &str, key: &str) -> String {
    format!("client_certificate = {{ certificate = '''{certificate}''', key = '''{key}''' }}")
}

async fn refused(house: &House, lines: &str) -> String {
    let document = Document::parse(&document(lines)).unwrap();
    house.engine.apply(&document, Path::new(".")).await.unwrap_err().to_string()
}

/// What the audit log says of the integration's way out, without what each line begins with.
fn changes(house: &House) -> Vec<String> {
    let lines = house.engine.audit_of_tenant(None, "shop").unwrap();
    let changes = lines.into_iter().filter(|line| line.act.as_str() == "integration.egress_changed");
    changes.map(|line| line.detail.strip_prefix("integration shop: ").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_change_of_what_an_integration_may_reach_is_audited_with_before_and_after() {
    let house = House::new(Shop::with_orders(1), "").await;
    assert!(changes(&house).is_empty(), "what is as it is for everyone needs no line");
    for lines in [
        "networks = [\"10.1.0.0/16\"]",
        "networks = [\"10.1.0.0/16\", \"10.2.0.0/16\"]\nhosts = [\"erp.example.com\"]",
        "proxy = \"direct\"",
        &ca(AUTHORITY),
        "networks = []",
        "folders = [\"inbox:read=/srv/in\", \"done:write=/srv/done\"]",
        "folders = []",
        "ca = \"\"",
    ] {
        house.apply(&document(lines)).await;
    }
    let changes = changes(&house);
    let own = changes[3].strip_prefix("ca none → ").unwrap().to_owned();
    assert!(own.contains("sha256 "), "{own}");
    let wanted = [
        "networks none → 10.1.0.0/16".to_owned(),
        "hosts all of the manifest → erp.example.com; networks 10.1.0.0/16 → 10.1.0.0/16, 10.2.0.0/16".to_owned(),
        "proxy configured → direct".to_owned(),
        format!("ca none → {own}"),
        "networks 10.1.0.0/16, 10.2.0.0/16 → none".to_owned(),
        "folders none → inbox:read=/srv/in, done:write=/srv/done".to_owned(),
        "folders inbox:read=/srv/in, done:write=/srv/done → none".to_owned(),
        format!("ca {own} → none"),
    ];
    assert_eq!(changes, wanted);
}

#[tokio::test]
async fn what_is_applied_again_changes_nothing_and_is_not_audited() {
    let house = House::new(Shop::with_orders(1), "").await;
    let lines = format!("{}\n{}\nnetworks = [\"10.1.0.0/16\"]", ca(AUTHORITY), certificate(CERTIFICATE, KEY));
    for _ in 0..3 {
        house.apply(&document(&lines)).await;
    }
    house.apply(&document("switch = \"off\"")).await;
    assert_eq!(changes(&house).len(), 1);
}

#[tokio::test]
async fn a_client_certificate_is_audited_by_its_name_and_never_with_its_key() {
    let house = House::new(Shop::with_orders(1), "").await;
    house.apply(&document(&certificate(CERTIFICATE, KEY))).await;
    house.apply(&document(&certificate("", ""))).await;
    let changes = changes(&house).join("\n");
    let secret = KEY.lines().nth(1).unwrap();
    assert!(changes.contains("client certificate none → ") && changes.ends_with(") → none"), "{changes}");
    assert!(!changes.contains("PRIVATE") && !changes.contains(secret), "{changes}");
}

#[tokio::test]
async fn refuses_what_is_no_way_out_and_changes_nothing() {
    let house = House::new(Shop::with_orders(1), "").await;
    for (lines, wanted) in [
        (ca("hello"), "integration[0].ca: "),
        (ca(KEY), "egress.authorities"),
        ("ca = { file = \"absent.pem\" }".to_owned(), "absent.pem"),
        (certificate(CERTIFICATE, ""), "egress.client_certificate"),
        (certificate(AUTHORITY, KEY), "integration[0].client_certificate: "),
        (certificate(KEY, CERTIFICATE), "egress.client_certificate"),
        ("folders = [\"inbox=/srv/in\"]".to_owned(), "integration[0].folders[0]: "),
        ("folders = [\"in:read=/srv/in\", \"in:read=/srv/in\"]".to_owned(), "integration[0].folders[1]: "),
        ("folders = [\"in:read=/srv/../etc\"]".to_owned(), "absolute and has no `..`"),
        ("folders = [\"in:read=srv\"]".to_owned(), "absolute"),
        ("folders = [\"In:read=/srv\"]".to_owned(), "lower-case word"),
    ] {
        let error = refused(&house, &lines).await;
        assert!(error.contains(wanted) && !error.contains("PRIVATE"), "{error}");
    }
    assert!(Document::parse(&document("proxy = \"sometimes\"")).is_err());
    assert!(changes(&house).is_empty());
}

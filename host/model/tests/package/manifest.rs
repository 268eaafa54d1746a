//! Manifests that are read and manifests that are refused.

use serde_json::{Value, json};
use weighbridge_model::folder::FolderAccess;
use weighbridge_model::package::{CONTRACT, Direction, Manifest};

use super::sample::manifest;

fn refusal(at: &str, value: Value) -> String {
    let mut document = manifest();
    match document.pointer_mut(at) {
        Some(place) => *place = value,
        None => document[&at[1..]] = value,
    }
    Manifest::parse(document.to_string().as_bytes()).unwrap_err().to_string()
}

#[test]
fn reads_what_it_wrote() {
    let read = Manifest::parse(manifest().to_string().as_bytes()).unwrap();
    assert_eq!(Manifest::parse(&read.to_canonical_json()).unwrap(), read);
    assert!(read.capability("orders", Direction::Source).is_some());
    assert!(read.capability("orders", Direction::Destination).is_none());
    assert_eq!(read.scheme("key").unwrap().secret_names(), ["token"]);
}

#[test]
fn fills_in_the_defaults_of_the_configuration() {
    let read = Manifest::parse(manifest().to_string().as_bytes()).unwrap();
    let configuration = json!({"shop": "north"});
    let filled = read.with_defaults(configuration.as_object().unwrap());
    assert_eq!(Value::Object(filled), json!({"shop": "north", "size": 50}));
}

#[test]
fn takes_webhooks_where_the_setting_that_describes_them_is_filled_in() {
    let takes = |webhooks: Value, configuration: Value| {
        let mut manifest = manifest();
        manifest["webhooks"] = webhooks;
        let read = Manifest::parse(manifest.to_string().as_bytes()).unwrap();
        read.webhooks_of(configuration.as_object().unwrap()).is_some()
    };
    assert!(takes(json!({}), json!({})), "always, where no setting is named");
    assert!(takes(json!({"setting": "shop"}), json!({"shop": "north"})));
    assert!(!takes(json!({"setting": "shop"}), json!({})));
    assert!(!takes(json!({"setting": "shop"}), json!({"shop": null})));
    assert!(takes(json!({"setting": "size"}), json!({})), "its default fills it in");
    let read = Manifest::parse(manifest().to_string().as_bytes()).unwrap();
    assert!(read.webhooks_of(json!({"shop": "north"}).as_object().unwrap()).is_none(), "the connector takes none");
}

#[test]
fn a_folder_is_asked_for_by_its_name_or_as_one_that_settings_name() {
    let mut manifest = manifest();
    manifest["folders"] = json!([{ "name": "*", "access": "read" }, { "name": "out", "access": "write" }]);
    let read = Manifest::parse(manifest.to_string().as_bytes()).unwrap();
    let asked = ["out", "inbox"].map(|name| read.folder_access(name));
    assert_eq!(asked, [Some(FolderAccess::Write), Some(FolderAccess::Read)]);
    manifest["folders"] = json!([{ "name": "out", "access": "write" }]);
    let read = Manifest::parse(manifest.to_string().as_bytes()).unwrap();
    assert_eq!(read.folder_access("inbox"), None);
}

#[test]
fn refuses_folders_without_a_name_of_their_own() {
    let folder = |name: &str| json!({ "name": name, "access": "read" });
    for folders in [json!([folder("../etc")]), json!([folder("In")]), json!([folder("in"), folder("in")])] {
        assert!(refusal("/folders", folders.clone()).contains("/name"), "{folders}");
    }
}

#[test]
fn refuses_unknown_keys_at_every_level() {
    for (at, value) in [
        ("/colour", json!(1)),
        ("/limits", json!({"memory": 1})),
        ("/auth/0/apply", json!({"kind": "bearer", "token": "x"})),
        ("/auth/0/apply", json!({"kind": "none", "token": "x"})),
        ("/capabilities/0", json!({"stream": "a", "direction": "source", "modes": ["full_refresh"], "colour": 1})),
    ] {
        assert!(refusal(at, value).contains("unknown field"), "{at}");
    }
}

#[test]
fn refuses_repeated_keys_deep_inside() {
    let text = manifest().to_string().replacen(r#""type":"object""#, r#""type":"object","type":"object""#, 1);
    let error = Manifest::parse(text.as_bytes()).unwrap_err();
    assert_eq!(error.reason, "the key `type` is given twice");
}

#[test]
fn refuses_what_cannot_work_and_says_where() {
    for (at, value, place) in [
        ("/name", json!("Acme.shop"), "/name"),
        ("/publisher", json!("a.b"), "/publisher"),
        ("/configuration", json!(true), "/configuration"),
        ("/capabilities/0/modes", json!(["upsert"]), "/capabilities/0/modes"),
        ("/capabilities/0/modes", json!([]), "/capabilities/0/modes"),
        ("/auth/0/hosts", json!(["evil.example.com"]), "/auth/0/hosts"),
        ("/auth/0/hosts", json!([]), "/auth/0/hosts"),
        ("/webhooks", json!({"setting": "colour"}), "/webhooks/setting"),
    ] {
        assert!(refusal(at, value).contains(&format!("`{place}`")), "{at}");
    }
}

#[test]
fn refuses_a_rate_that_allows_nothing_or_everything() {
    for limit in [serde_json::json!({"requests": 0, "per_ms": 1000}), serde_json::json!({"requests": 5, "per_ms": 0})] {
        let mut manifest = manifest();
        manifest["rate_limits"] = serde_json::json!([{"requests": 5, "per_ms": 1000}, limit]);
        let error = Manifest::parse(manifest.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.place, "/rate_limits/1", "{error}");
    }
}

#[test]
fn the_contract_that_is_kept_is_the_one_of_the_published_files() {
    let world = include_str!("../../../../schemas/wit/world.wit");
    assert!(world.starts_with(&format!("package weighbridge:connector@{CONTRACT};")));
}

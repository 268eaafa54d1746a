//! What is remarked of a manifest, and what is not.

use serde_json::{Value, json};
use weighbridge_forge::lint;
use weighbridge_model::package::Manifest;

fn sound() -> Value {
    json!({
        "name": "acme.shop", "version": "0.2.0", "publisher": "acme", "title": "Shop", "summary": "Orders.",
        "contract": "0.1.0", "licence": "Apache-2.0", "documentation": "https://acme.example/shop",
        "hosts": ["{base_url}", "{shop}.example.com"],
        "capabilities": [{
            "stream": "orders", "direction": "source", "modes": ["full_refresh"], "primary_key": ["id"],
            "schema": {"type": "object"}, "purpose": "Reads orders.", "category": "commerce",
        }],
        "configuration": {"type": "object", "properties": {
            "base_url": {}, "shop": {}, "token_url": {}, "key_header": {}, "client_id": {}, "keyword": {},
        }},
    })
}

/// The codes for a manifest that differs from the sound one.
fn codes(changes: &[(&str, Value)], older: Option<&str>) -> Vec<&'static str> {
    let mut text = sound();
    for (place, value) in changes {
        *text.pointer_mut(place).unwrap() = value.clone();
    }
    let manifest = Manifest::parse(text.to_string().as_bytes()).unwrap();
    let older = older.map(|older| older.parse().unwrap());
    lint(&manifest, older.as_ref()).into_iter().map(|remark| remark.code).collect()
}

#[test]
fn says_nothing_of_a_manifest_that_is_as_it_should_be() {
    assert!(codes(&[], Some("0.1.9")).is_empty());
}

#[test]
fn remarks_each_thing_under_its_own_code() {
    let one = |place: &str, value: Value, code: &str| assert_eq!(codes(&[(place, value)], None), [code], "{place}");
    one("/hosts/0", json!("*.example.com"), "lint.host_wide");
    one("/hosts/0", json!("http://example.com"), "lint.host_plain");
    one("/licence", Value::Null, "lint.no_licence");
    one("/documentation", Value::Null, "lint.no_documentation");
    one("/capabilities/0/category", json!(""), "lint.no_category");
    one("/capabilities/0/purpose", json!(""), "lint.no_purpose");
    one("/capabilities/0/schema", Value::Null, "lint.no_schema");
    one("/capabilities/0/primary_key", json!([]), "lint.no_primary_key");
    for secret in ["password", "client_secret", "api_key", "access_token"] {
        one("/configuration/properties", json!({ secret: {} }), "lint.secret_setting");
    }
    assert_eq!(codes(&[], Some("0.2.0")), ["lint.version_not_raised"]);
    assert_eq!(codes(&[], Some("1.0.0")), ["lint.version_not_raised"]);
}

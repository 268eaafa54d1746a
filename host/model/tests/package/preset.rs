//! Fixed settings: what they give the component, and that they widen nothing.

use serde_json::{Value, json};
use weighbridge_model::package::{Difference, Manifest};

use super::sample::manifest;

/// The sample with a preset over settings that are always there.
fn declared(preset: Value) -> Value {
    let mut document = manifest();
    document["configuration"]["required"] = json!(["shop"]);
    document["configuration"]["properties"]["tags"] = json!({"type": "array"});
    document["preset"] = preset;
    document
}

fn parse(document: &Value) -> Manifest {
    Manifest::parse(document.to_string().as_bytes()).unwrap()
}

fn refusal(preset: Value) -> String {
    Manifest::parse(declared(preset).to_string().as_bytes()).unwrap_err().to_string()
}

#[track_caller]
fn check(preset: Value, own: Value, wanted: Value) {
    let manifest = parse(&declared(preset));
    let own = manifest.with_defaults(own.as_object().unwrap());
    assert_eq!(Value::Object(manifest.given(own)), wanted);
}

#[test]
fn a_manifest_without_one_gives_the_configuration_as_it_is() {
    check(json!({}), json!({"shop": "north"}), json!({"shop": "north", "size": 50}));
}

#[test]
fn settings_take_their_places_and_the_others_stand_beside() {
    check(
        json!({"url": "https://{shop}.example.com/v1", "streams": {"a": {"n": "{size}", "path": ["/x/{shop}", "{id}"]}}}),
        json!({"shop": "north", "tags": ["x"]}),
        json!({"url": "https://north.example.com/v1", "streams": {"a": {"n": 50, "path": ["/x/north", "{id}"]}}, "tags": ["x"]}),
    );
}

#[test]
fn what_hosts_and_sign_ins_name_is_used_up_there() {
    check(json!({"a": 1}), json!({"shop": "north", "size": 5}), json!({"a": 1, "size": 5}));
}

#[test]
fn what_a_person_fills_in_is_one_step_of_a_path_and_never_a_place() {
    for (value, step) in [
        ("ada@example.com", "ada%40example.com"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("a/../../b?c#d", "a%2F..%2F..%2Fb%3Fc%23d"),
        ("{size}", "%7Bsize%7D"),
        ("é%2F", "%C3%A9%252F"),
    ] {
        check(
            json!({"path": "/boxes/{shop}/mail", "note": "of {shop}!"}),
            json!({"shop": value}),
            json!({"path": format!("/boxes/{step}/mail"), "note": format!("of {value}!"), "size": 50}),
        );
    }
    check(json!({"u": "{shop}/v1/{shop}"}), json!({"shop": "a/b"}), json!({"u": "a/b/v1/a%2Fb", "size": 50}));
}

#[test]
fn a_setting_is_fixed_or_filled_in_and_not_both() {
    assert!(refusal(json!({"size": 1})).contains("`/preset/size`: `size` is a setting of the form too"));
    assert!(refusal(json!({"partition": "x"})).contains("/preset/partition"));
    assert!(refusal(json!([1])).contains("expected a map"));
}

#[test]
fn hosts_and_sign_ins_cannot_be_moved_into_a_preset() {
    let mut document = declared(json!({"place": "evil.example"}));
    document["hosts"] = json!(["{shop}.example.com", "{place}"]);
    let error = Manifest::parse(document.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.place, "/preset/place");
    let mut document = declared(json!({"header": "X-Key"}));
    document["auth"][0]["apply"] = json!({"kind": "api_key", "in": "header", "name": "{header}"});
    let error = Manifest::parse(document.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.place, "/preset/header");
}

#[test]
fn a_setting_that_may_be_left_empty_has_no_place_in_a_preset() {
    assert!(refusal(json!({"a": "/{tags}"})).contains("`/configuration/properties/tags`"));
}

#[test]
fn another_preset_is_a_note_and_no_grant() {
    let (old, new) = (parse(&declared(json!({"a": 1}))), parse(&declared(json!({"a": 2}))));
    let difference = Difference::between(Some(&old), &new);
    assert!(difference.is_empty());
    assert_eq!(difference.notes, ["its fixed settings are other ones"]);
    assert!(Difference::between(Some(&old), &old).notes.is_empty());
}

#[test]
fn a_preset_is_written_down_with_the_manifest() {
    let read = parse(&declared(json!({"z": 1, "a": {"c": "{shop}"}})));
    assert_eq!(Manifest::parse(&read.to_canonical_json()).unwrap(), read);
    assert!(!String::from_utf8(parse(&manifest()).to_canonical_json()).unwrap().contains("preset"));
}

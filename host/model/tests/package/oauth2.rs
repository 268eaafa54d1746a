//! What a manifest says of OAuth 2.

use serde_json::{Map, Value, json};
use weighbridge_model::package::{AuthMethod, Difference, Manifest, OAuth2};

use super::sample::manifest;

fn with(apply: Value) -> Value {
    let mut manifest = manifest();
    let host = manifest["hosts"][0].clone();
    manifest["auth"] = json!([{ "name": "oauth", "hosts": [host], "apply": apply }]);
    manifest
}

fn parse(apply: Value) -> Result<OAuth2, String> {
    let manifest = Manifest::parse(with(apply).to_string().as_bytes()).map_err(|error| error.to_string())?;
    match manifest.auth[0].apply.clone() {
        AuthMethod::Oauth2(oauth2) => Ok(*oauth2),
        other => panic!("{other:?}"),
    }
}

fn code(more: &[(&str, Value)]) -> Value {
    let mut apply = json!({
        "kind": "oauth2", "authorize_url": "https://login.example.com/authorize", "token_url": "https://login.example.com/token",
    });
    more.iter().for_each(|(name, value)| apply[name] = value.clone());
    apply
}

#[test]
fn a_person_needs_an_address_and_a_client_does_not() {
    assert!(parse(code(&[])).is_ok());
    let nobody = json!({ "kind": "oauth2", "token_url": "https://login.example.com/token" });
    assert!(parse(nobody.clone()).unwrap_err().contains("/auth/0/apply/authorize_url"));
    let mut client = nobody;
    client["flow"] = json!("client_credentials");
    assert!(parse(client).is_ok());
}

#[test]
fn what_the_host_sets_is_not_the_manifests_to_set() {
    assert!(parse(code(&[("parameters", json!({ "prompt": "consent" }))])).is_ok());
    for name in ["state", "redirect_uri", "code_challenge", "code_challenge_method", "client_id", "scope"] {
        let refused = parse(code(&[("parameters", json!({ name: "x" }))])).unwrap_err();
        assert!(refused.contains("set by the host alone"), "{name}: {refused}");
    }
    assert!(parse(code(&[("token_parameters", json!({ "expiring": "1" }))])).is_ok());
    for name in ["grant_type", "code", "code_verifier", "refresh_token", "client_secret"] {
        let refused = parse(code(&[("token_parameters", json!({ name: "x" }))])).unwrap_err();
        assert!(refused.contains("/auth/0/apply/token_parameters") && refused.contains("set by the host"), "{refused}");
    }
}

#[test]
fn a_token_may_go_under_a_header_of_the_platforms_own_that_is_one() {
    assert!(parse(code(&[("header", json!("X-Access-Token"))])).is_ok());
    for name in ["", "X Token", "x:y", "a\r\nb"] {
        assert!(parse(code(&[("header", json!(name))])).unwrap_err().contains("/auth/0/apply/header"), "{name:?}");
    }
}

#[test]
fn scopes_may_come_from_the_configuration() {
    let oauth2 = parse(code(&[("scopes", json!(["read", "{more}"]))])).unwrap();
    let configured: Map<_, _> = json!({ "more": "write  admin" }).as_object().unwrap().clone();
    assert_eq!(oauth2.scopes(&configured), ["read", "write", "admin"]);
    assert_eq!(oauth2.scopes(&Map::new()), ["read"]);
}

#[test]
fn settings_that_say_where_tokens_come_from_are_told_from_those_that_name_one_label() {
    let placed = |url: &str| parse(code(&[("token_url", json!(url))])).unwrap().is_placed_by_configuration();
    assert!(placed("{token_url}") && placed("{base}/token"));
    assert!(!placed("https://{shop}.example.com/token") && !placed("https://login.example.com/{realm}/token"));
}

#[test]
fn another_place_of_tokens_is_something_to_approve() {
    let read = |apply| Manifest::parse(with(apply).to_string().as_bytes()).unwrap();
    let (old, new) = (read(code(&[])), read(code(&[("revoke_url", json!("https://other.example.com/revoke"))])));
    let asked: Vec<_> = Difference::between(Some(&old), &new).additions.iter().map(ToString::to_string).collect();
    assert!(asked.contains(&"signs in by `oauth` at https://other.example.com/revoke".to_owned()), "{asked:?}");
    assert!(!asked.iter().any(|text| text.contains("login.example.com")), "{asked:?}");
}

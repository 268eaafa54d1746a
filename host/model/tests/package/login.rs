//! Signing in by the manifest's templates.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use weighbridge_model::package::{Login, LoginError, Template, TemplateError, Values};

fn login() -> Login {
    serde_json::from_value(json!({
        "request": {
            "url": "{base_url}/{database}/",
            "body": {"method": "common.db.login", "params": ["{secret.username}", {"password": "{secret.password}"}, "{size}"]},
        },
        "capture": {"user_id": "/0", "session": "/1"},
        "send": {"template": "Session {base64({secret.username}:{capture.user_id}:{capture.session})}"},
        "refused": {"statuses": [403], "pointer": "/error"},
    }))
    .unwrap()
}

fn configuration() -> Map<String, Value> {
    json!({"base_url": "http://localhost:8000/", "database": "a/../b", "size": 5}).as_object().unwrap().clone()
}

fn text(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn fills_in_the_request() {
    let (configuration, none) = (configuration(), BTreeMap::new());
    let secrets = text(&[("username", "admin"), ("password", r#"q"uote"#)]);
    let values = Values { configuration: &configuration, secrets: &secrets, captures: &none };
    let request = login().request(&values).unwrap();
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "http://localhost:8000/a%2F..%2Fb/"));
    let body: Value = serde_json::from_slice(&request.body.unwrap()).unwrap();
    assert_eq!(body["params"], json!(["admin", {"password": r#"q"uote"#}, 5]));
    assert_eq!(request.headers, [("content-type".to_owned(), "application/json".to_owned())]);
}

#[test]
fn sends_what_it_captured() {
    let (configuration, secrets) = (configuration(), text(&[("username", "admin")]));
    let captures = login().captures(200, br#"[7, "abc", null]"#).unwrap();
    let values = Values { configuration: &configuration, secrets: &secrets, captures: &captures };
    let (name, value) = login().header(&values).unwrap();
    assert_eq!((name.as_str(), value.as_str()), ("Authorization", "Session YWRtaW46NzphYmM="));
}

#[test]
fn refuses_the_credential_when_the_answer_says_so() {
    for (status, body) in [(403, "x"), (200, "null"), (200, "[null]"), (200, r#"{"error": "no"}"#)] {
        let refused = login().captures(status, body.as_bytes());
        assert!(matches!(refused, Err(LoginError::Refused { .. })), "{status} {body}");
    }
}

#[test]
fn asks_again_later_when_the_answer_is_not_understood() {
    for (status, body) in [(500, "x"), (200, "<html>")] {
        let unexpected = login().captures(status, body.as_bytes());
        assert!(matches!(unexpected, Err(LoginError::Unexpected { .. })), "{status} {body}");
    }
}

#[test]
fn refuses_a_value_that_would_break_out_of_its_header() {
    let mut login = login();
    login.send.template = Template::parse("{secret.username}").unwrap();
    let (configuration, secrets, none) = (Map::new(), text(&[("username", "a\r\nX: y")]), BTreeMap::new());
    let values = Values { configuration: &configuration, secrets: &secrets, captures: &none };
    assert!(matches!(login.header(&values), Err(LoginError::Header { .. })));
}

#[test]
fn knows_the_secrets_it_needs() {
    assert_eq!(login().secret_names(), ["password", "username"]);
}

#[test]
fn refuses_malformed_templates() {
    for text in ["{", "}", "{}", "{a", "{x.y}", "{base64(a}", "{base64({base64(a)})}", "{a b}"] {
        assert!(Template::parse(text).is_err(), "{text}");
    }
}

#[test]
fn writes_braces_that_are_doubled() {
    let (configuration, none) = (Map::new(), BTreeMap::new());
    let values = Values { configuration: &configuration, secrets: &none, captures: &none };
    assert_eq!(Template::parse("{{a}}{base64(x)}").unwrap().render(&values).unwrap(), "{a}eA==");
}

#[test]
fn refuses_a_value_that_would_climb_out_of_its_path() {
    let none = BTreeMap::new();
    for (template, value) in
        [("/v1/{a}/x", ".."), ("/v1/{a}", "."), ("/v1/.{a}/x", "."), ("/v1/{a}{a}", "."), ("{a}/x", "/..")]
    {
        let configuration = Map::from_iter([("a".to_owned(), json!(value))]);
        let values = Values { configuration: &configuration, secrets: &none, captures: &none };
        let refused = Template::parse(template).unwrap().render_url(&values);
        assert!(matches!(refused, Err(TemplateError::Climbs { .. })), "{template}: {refused:?}");
    }
}

#[test]
fn lets_dots_stand_that_lead_nowhere() {
    let none = BTreeMap::new();
    for (template, value, url) in [("/v1/{a}", "..."), ("/v1/x{a}", ".."), ("/v1?q={a}", "..")]
        .map(|(template, value)| (template, value, template.replace("{a}", value)))
    {
        let configuration = Map::from_iter([("a".to_owned(), json!(value))]);
        let values = Values { configuration: &configuration, secrets: &none, captures: &none };
        assert_eq!(Template::parse(template).unwrap().render_url(&values), Ok(url));
    }
}

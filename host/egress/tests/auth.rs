//! Credentials go where they belong, and nowhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use serde_json::{Map, Value, json};
use weighbridge_egress::{Client, Credential, Refusal, Request, Secret, Secrets};

use super::platform::{Answer, Platform, Seen, full};

pub(crate) fn credential(platform: &Platform, apply: Value, secrets: &[(&str, &str)]) -> Credential {
    let scheme = json!({ "name": "main", "hosts": [platform.pattern()], "apply": apply });
    let secrets: Secrets = secrets.iter().map(|(name, text)| (*name, Secret::new(*text))).collect();
    let configuration = Map::from_iter([("base_url".into(), platform.pattern().into()), ("db".into(), "shop".into())]);
    Credential::new(serde_json::from_value(scheme).unwrap(), secrets, configuration)
}

pub(crate) fn request(platform: &Platform) -> Request {
    Request { method: "GET".into(), url: platform.url("/orders?a=1"), auth: Some("main".into()), ..Request::default() }
}

async fn seen(apply: Value, secrets: &[(&str, &str)]) -> Seen {
    let platform = Platform::start(|_| full(200, "{}")).await;
    let client = platform.client(vec![credential(&platform, apply, secrets)]);
    client.send(request(&platform)).await.unwrap();
    platform.seen().remove(0)
}

#[tokio::test]
async fn puts_a_key_into_a_header() {
    let apply = json!({ "kind": "api_key", "in": "header", "name": "X-Key", "prefix": "Token " });
    assert_eq!(seen(apply, &[("key", "sesame-open-up")]).await.headers["x-key"], "Token sesame-open-up");
}

#[tokio::test]
async fn puts_a_key_into_the_query() {
    let apply = json!({ "kind": "api_key", "in": "query", "name": "key" });
    assert_eq!(seen(apply, &[("key", "a&b c")]).await.path, "/orders?a=1&key=a%26b+c");
}

#[tokio::test]
async fn sends_a_name_and_a_password() {
    let seen = seen(json!({ "kind": "basic" }), &[("username", "ann"), ("password", "pass:word")]).await;
    assert_eq!(seen.headers["authorization"], "Basic YW5uOnBhc3M6d29yZA==");
}

#[tokio::test]
async fn sends_a_token() {
    let seen = seen(json!({ "kind": "bearer" }), &[("token", "t0ken")]).await;
    assert_eq!(seen.headers["authorization"], "Bearer t0ken");
}

#[tokio::test]
async fn sends_nothing_where_there_is_nothing_to_send() {
    assert!(!seen(json!({ "kind": "none" }), &[]).await.headers.contains_key("authorization"));
}

async fn refusal(apply: Value, secrets: &[(&str, &str)], change: impl FnOnce(&mut Request)) -> &'static str {
    let platform = Platform::start(|_| full(200, "{}")).await;
    let client = platform.client(vec![credential(&platform, apply, secrets)]);
    let mut request = request(&platform);
    change(&mut request);
    let refusal = client.send(request).await.unwrap_err();
    assert_eq!(platform.seen().len(), 0);
    refusal.code()
}

#[tokio::test]
async fn refuses_a_scheme_that_nobody_has() {
    let other = |request: &mut Request| request.auth = Some("other".into());
    assert_eq!(refusal(json!({ "kind": "none" }), &[], other).await, "egress.scheme_unknown");
}

#[tokio::test]
async fn refuses_a_scheme_that_puts_nothing_on_requests() {
    let apply = json!({ "kind": "hmac", "algorithm": "sha256" });
    assert_eq!(refusal(apply, &[("key", "k")], |_| ()).await, "egress.scheme_unsupported");
}

#[tokio::test]
async fn refuses_a_guests_header_in_the_place_of_a_credential() {
    let apply = json!({ "kind": "api_key", "in": "header", "name": "X-Key" });
    let change = |request: &mut Request| request.headers.push(("x-key".into(), "mine".into()));
    assert_eq!(refusal(apply, &[("key", "k")], change).await, "egress.header");
}

#[tokio::test]
async fn refuses_secrets_that_are_missing_or_break_out_of_their_header() {
    assert_eq!(refusal(json!({ "kind": "bearer" }), &[], |_| ()).await, "egress.credential");
    assert_eq!(refusal(json!({ "kind": "bearer" }), &[("token", "a\r\nb")], |_| ()).await, "egress.credential");
    let name = [("username", "a:b"), ("password", "c")];
    assert_eq!(refusal(json!({ "kind": "basic" }), &name, |_| ()).await, "egress.credential");
}

#[tokio::test]
async fn sends_a_credential_only_to_the_hosts_of_its_scheme() {
    let (own, other) = (Platform::start(|_| full(200, "")).await, Platform::start(|_| full(200, "")).await);
    let mut parts = own.parts(vec![credential(&own, json!({ "kind": "bearer" }), &[("token", "t0ken")])]);
    parts.reach.manifest.push(super::platform::rule(&other.pattern()));
    let client = Client::new(parts);
    let refused = client.send(request(&other)).await.unwrap_err();
    assert_eq!(refused.code(), "egress.credential_place");
    client.send(Request { auth: None, ..request(&other) }).await.unwrap();
    assert!(!other.seen()[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn hands_no_answer_on_that_carries_the_credential_back() {
    let platform = Platform::start(|seen| {
        let token = seen.headers["authorization"].to_str().unwrap().to_owned();
        let mut answer = full(200, format!("{}{token}{}", "x".repeat(5000), "y".repeat(5000)));
        if seen.path.starts_with("/header") {
            answer.headers_mut().insert("x-echo", token.parse().unwrap());
        }
        answer
    })
    .await;
    let client =
        platform.client(vec![credential(&platform, json!({ "kind": "bearer" }), &[("token", "0123456789ab")])]);
    let mut response = client.send(request(&platform)).await.unwrap();
    assert_eq!(response.body.read_all().await.unwrap_err(), Refusal::SecretEchoed);
    let request = Request { url: platform.url("/header"), ..request(&platform) };
    assert_eq!(client.send(request).await.unwrap_err(), Refusal::SecretEchoed);
}

#[tokio::test]
async fn hands_a_long_answer_on_whole_while_it_watches() {
    let text: String = (0..50_000).map(|index| format!("{index},")).collect();
    let sent = text.clone();
    let platform = Platform::start(move |_| full(200, sent.clone())).await;
    let client =
        platform.client(vec![credential(&platform, json!({ "kind": "bearer" }), &[("token", "not in there")])]);
    let mut response = client.send(request(&platform)).await.unwrap();
    assert_eq!(response.body.read_all().await.unwrap(), text);
}

#[tokio::test]
async fn keeps_cookies_of_a_session_to_itself() {
    let platform = Platform::start(|_| {
        let mut answer = full(200, "");
        answer.headers_mut().insert("set-cookie", "session=1".parse().unwrap());
        answer
    })
    .await;
    let client = platform.client(vec![credential(&platform, json!({ "kind": "bearer" }), &[("token", "t")])]);
    assert!(client.send(request(&platform)).await.unwrap().headers.iter().all(|(name, _)| name != "set-cookie"));
    let plain = client.send(Request { auth: None, ..request(&platform) }).await.unwrap();
    assert!(plain.headers.iter().any(|(name, _)| name == "set-cookie"));
}

#[test]
fn shows_no_secret_to_whoever_prints_it() {
    let secrets: Secrets = [("token", Secret::new("t0ken"))].into_iter().collect();
    assert_eq!(format!("{secrets:?}"), r#"Secrets({"token": Secret(…)})"#);
}

/// As Tryton signs in: a list comes back, and its parts make the header.
fn login() -> Value {
    json!({
        "kind": "login",
        "request": {
            "url": "{base_url}/{db}/login",
            "body": { "method": "login", "params": ["{secret.username}", { "password": "{secret.password}" }] },
        },
        "capture": { "user": "/0", "session": "/1" },
        "send": { "template": "Session {base64({secret.username}:{capture.user}:{capture.session})}" },
        "expired": [401],
        "refused": { "statuses": [403] },
    })
}

const SECRETS: &[(&str, &str)] = &[("username", "ann"), ("password", "correct horse")];

/// Counts logins; a session is good for as long as its number is the last one.
async fn session_platform(logins: Arc<AtomicU32>, answer: fn(u32) -> Answer) -> Platform {
    Platform::start(move |seen| {
        if seen.path == "/shop/login" {
            return answer(logins.fetch_add(1, SeqCst) + 1);
        }
        let expected = format!("ann:7:session-{}", logins.load(SeqCst));
        let expected = format!("Session {}", data_encoding::BASE64.encode(expected.as_bytes()));
        let fits = seen.headers.get("authorization").is_some_and(|value| value == expected.as_str());
        full(if fits { 200 } else { 401 }, "{}")
    })
    .await
}

#[tokio::test]
async fn signs_in_once_and_sends_the_session_with_each_request() {
    let logins = Arc::new(AtomicU32::new(0));
    let platform = session_platform(logins.clone(), |n| full(200, format!("[7, \"session-{n}\", null]"))).await;
    let client = platform.client(vec![credential(&platform, login(), SECRETS)]);
    for _ in 0..3 {
        assert_eq!(client.send(request(&platform)).await.unwrap().status, 200);
    }
    assert_eq!(logins.load(SeqCst), 1);
    let sent: Value = serde_json::from_slice(&platform.seen()[0].body).unwrap();
    assert_eq!(sent["params"], json!(["ann", { "password": "correct horse" }]));
}

#[tokio::test]
async fn many_requests_at_once_wait_for_one_login() {
    let logins = Arc::new(AtomicU32::new(0));
    let platform = session_platform(logins.clone(), |n| full(200, format!("[7, \"session-{n}\"]"))).await;
    let client = platform.client(vec![credential(&platform, login(), SECRETS)]);
    let sending = (0..16).map(|_| {
        let (client, request) = (client.clone(), request(&platform));
        tokio::spawn(async move { client.send(request).await.unwrap().status })
    });
    for sent in sending.collect::<Vec<_>>() {
        assert_eq!(sent.await.unwrap(), 200);
    }
    assert_eq!(logins.load(SeqCst), 1);
}

#[tokio::test]
async fn signs_in_anew_once_when_the_session_is_over() {
    let logins = Arc::new(AtomicU32::new(0));
    let platform = session_platform(logins.clone(), |n| full(200, format!("[7, \"session-{n}\"]"))).await;
    let client = platform.client(vec![credential(&platform, login(), SECRETS)]);
    client.send(request(&platform)).await.unwrap();
    logins.fetch_add(1, SeqCst);
    assert_eq!(client.send(request(&platform)).await.unwrap().status, 200);
    assert_eq!(logins.load(SeqCst), 3);
}

#[tokio::test]
async fn hands_the_status_on_when_a_new_session_does_not_help_either() {
    let logins = Arc::new(AtomicU32::new(0));
    let platform = session_platform(logins.clone(), |_| full(200, "[7, \"never-right\"]")).await;
    let client = platform.client(vec![credential(&platform, login(), SECRETS)]);
    assert_eq!(client.send(request(&platform)).await.unwrap().status, 401);
    assert_eq!(logins.load(SeqCst), 2);
}

async fn check_sign_in(answer: fn(u32) -> Answer, code: &str, logins_after_two_requests: u32) {
    let logins = Arc::new(AtomicU32::new(0));
    let platform = session_platform(logins.clone(), answer).await;
    let client = platform.client(vec![credential(&platform, login(), SECRETS)]);
    for _ in 0..2 {
        assert_eq!(client.send(request(&platform)).await.unwrap_err().code(), code);
    }
    assert_eq!(logins.load(SeqCst), logins_after_two_requests);
    assert_eq!(client.sign_in_refused().is_some(), logins_after_two_requests == 1);
}

#[tokio::test]
async fn does_not_ask_again_with_a_credential_that_was_refused() {
    check_sign_in(|_| full(403, ""), "egress.sign_in_refused", 1).await;
    check_sign_in(|_| full(200, "[7, null]"), "egress.sign_in_refused", 1).await;
}

#[tokio::test]
async fn asks_again_after_an_answer_that_is_not_understood() {
    check_sign_in(|_| full(500, ""), "egress.unreachable", 2).await;
    check_sign_in(|_| full(200, "<html>"), "egress.unreachable", 2).await;
}

#[tokio::test]
async fn shows_no_session_to_the_guest() {
    let platform = Platform::start(|seen| match seen.path.as_str() {
        "/shop/login" => full(200, "[7, \"0123456789abcdef\"]"),
        _ => full(200, "{\"session\":\"0123456789abcdef\"}"),
    })
    .await;
    let client = platform.client(vec![credential(&platform, login(), SECRETS)]);
    let mut response = client.send(request(&platform)).await.unwrap();
    assert_eq!(response.body.read_all().await.unwrap_err(), Refusal::SecretEchoed);
}

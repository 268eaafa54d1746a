//! A redirect is an answer like any other, and nobody follows it.

use serde_json::{Value, json};
use tokio::net::TcpListener;
use weighbridge_egress::{Client, Request};

use super::auth::{credential, request};
use super::platform::{Platform, full, rule};

const SECRETS: &[(&str, &str)] = &[
    ("token", "0123456789abcdef"),
    ("username", "somebody"),
    ("password", "correct horse"),
    ("key", "0123456789abcdef"),
    ("access_key_id", "AKID"),
    ("secret_access_key", "0123456789abcdef"),
];

fn schemes() -> Vec<Value> {
    let send = json!({ "sign": "{target}", "headers": { "x-signature": "{signature}" } });
    vec![
        json!({ "kind": "none" }),
        json!({ "kind": "bearer" }),
        json!({ "kind": "basic" }),
        json!({ "kind": "api_key", "in": "header", "name": "x-key" }),
        json!({ "kind": "api_key", "in": "query", "name": "key" }),
        json!({ "kind": "hmac", "algorithm": "sha256", "send": send }),
        json!({ "kind": "aws_sigv4", "region": "r", "service": "s3" }),
    ]
}

async fn redirecting(status: u16, location: String) -> Platform {
    Platform::start(move |_| {
        let mut answer = full(status, "moved");
        answer.headers_mut().insert("location", location.parse().unwrap());
        answer
    })
    .await
}

/// Asks by every scheme, and gets the redirect itself each time.
async fn check(location: String, also_granted: &[String]) {
    for status in [301, 302, 303, 307, 308] {
        let platform = redirecting(status, location.clone()).await;
        let schemes = schemes();
        let requests = schemes.len();
        for apply in schemes {
            let mut parts = platform.parts(vec![credential(&platform, apply, SECRETS)]);
            parts.reach.manifest.extend(also_granted.iter().map(|pattern| rule(pattern)));
            let method = if status == 307 { "POST" } else { "GET" };
            let request = Request { method: method.into(), ..request(&platform) };
            let mut response = Client::new(parts).send(request).await.unwrap();
            assert_eq!(response.status, status);
            assert!(response.headers.contains(&("location".into(), location.clone())));
            assert_eq!(response.body.read_all().await.unwrap(), "moved");
        }
        assert_eq!(platform.seen().len(), requests, "one request each");
    }
}

#[tokio::test]
async fn a_redirect_to_another_granted_host_gets_no_request_and_no_credential() {
    let other = Platform::start(|_| full(200, "")).await;
    check(other.url("/orders"), &[other.pattern()]).await;
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_a_private_address_gets_no_request_and_no_credential() {
    let inside = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let place = format!("http://{}", inside.local_addr().unwrap());
    check(format!("{place}/latest/meta-data/"), std::slice::from_ref(&place)).await;
    let came = tokio::time::timeout(std::time::Duration::from_millis(50), inside.accept()).await;
    assert!(came.is_err());
}

#[tokio::test]
async fn a_redirect_to_the_same_host_is_not_followed_either() {
    check("/elsewhere".into(), &[]).await;
    check("//evil.test/".into(), &[]).await;
    check("javascript:alert(1)".into(), &[]).await;
}

#[tokio::test]
async fn a_sign_in_that_is_redirected_sends_its_password_nowhere_else() {
    let other = Platform::start(|_| full(200, r#"{"session":"0123456789abcdef"}"#)).await;
    let platform = redirecting(307, other.url("/login")).await;
    let login = json!({
        "kind": "login",
        "request": { "url": "{base_url}/login", "body": { "password": "{secret.password}" } },
        "capture": { "session": "/session" },
        "send": { "template": "Bearer {capture.session}" },
    });
    let mut parts = platform.parts(vec![credential(&platform, login, SECRETS)]);
    parts.reach.manifest.push(rule(&other.pattern()));
    let refused = Client::new(parts).send(request(&platform)).await.unwrap_err();
    assert_eq!(refused.code(), "egress.unreachable");
    assert!(!refused.to_string().contains("correct horse"));
    assert_eq!(other.connections(), 0);
}

//! Access tokens: one new one after a 401, and no more.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Map, json};
use tokio::time::Instant;
use weighbridge_egress::{
    Client, Credential, Denial, Issuing, Parts, Reach, Refusal, Request, Secret, Secrets, Tokens,
};

use super::platform::{Platform, full, now, trusted};

/// Hands out `access-token-0`, `access-token-1` and so on, up to the last one, after which the grant is refused.
#[derive(Debug)]
struct Grant {
    rejections: Mutex<usize>,
    rejections_max: usize,
}

impl Grant {
    fn lasting(rejections_max: usize) -> Arc<Self> {
        Arc::new(Self { rejections: Mutex::new(0), rejections_max })
    }

    fn token(&self) -> Result<Secret, Refusal> {
        let rejections = *self.rejections.lock().unwrap();
        match self.refused() {
            Some(reason) => Err(Denial::SignIn { reason }.into()),
            None => Ok(Secret::new(format!("access-token-{rejections}"))),
        }
    }
}

impl Tokens for Grant {
    fn current(&self, _: Instant) -> Issuing<'_> {
        Box::pin(async { self.token() })
    }

    fn rejected<'a>(&'a self, _: &'a Secret, _: Instant) -> Issuing<'a> {
        *self.rejections.lock().unwrap() += 1;
        Box::pin(async { self.token() })
    }

    fn refused(&self) -> Option<String> {
        (*self.rejections.lock().unwrap() > self.rejections_max).then(|| "invalid_grant".into())
    }
}

fn credential(platform: &Platform) -> Credential {
    credential_with(platform, &json!({}))
}

fn credential_with(platform: &Platform, more: &serde_json::Value) -> Credential {
    let mut apply = json!({
        "kind": "oauth2",
        "authorize_url": "https://platform.test/authorize",
        "token_url": "https://platform.test/token",
    });
    more.as_object().unwrap().iter().for_each(|(name, value)| apply[name] = value.clone());
    let scheme = json!({ "name": "main", "hosts": [platform.pattern()], "apply": apply });
    Credential::new(serde_json::from_value(scheme).unwrap(), Secrets::default(), Map::new())
}

fn request(platform: &Platform) -> Request {
    let (url, auth) = (platform.url("/orders"), Some("main".into()));
    Request { method: "POST".into(), url, auth, body: Some(Bytes::from_static(b"{}")), ..Request::default() }
}

/// A platform that takes one token only.
async fn platform_that_takes(token: &'static str) -> Platform {
    Platform::start(move |seen| {
        let fits = seen.headers["authorization"] == format!("Bearer {token}");
        full(if fits { 200 } else { 401 }, "{}")
    })
    .await
}

#[tokio::test]
async fn sends_the_present_token() {
    let platform = platform_that_takes("access-token-0").await;
    let client = platform.client(vec![credential(&platform).with_tokens(Grant::lasting(0))]);
    assert_eq!(client.send(request(&platform)).await.unwrap().status, 200);
    assert_eq!(platform.seen().len(), 1);
}

#[tokio::test]
async fn sends_it_under_the_platforms_own_header_which_no_guest_may_set() {
    let platform = Platform::start(|seen| {
        let fits = seen.headers["x-access-token"] == "access-token-0" && !seen.headers.contains_key("authorization");
        full(if fits { 200 } else { 401 }, "{}")
    })
    .await;
    let own = credential_with(&platform, &json!({ "header": "X-Access-Token" })).with_tokens(Grant::lasting(0));
    let client = platform.client(vec![own]);
    assert_eq!(client.send(request(&platform)).await.unwrap().status, 200);
    let headers = vec![("x-access-token".into(), "another".into())];
    let refused = client.send(Request { headers, ..request(&platform) }).await.unwrap_err();
    assert_eq!((refused.code(), platform.seen().len()), ("egress.header", 1));
}

#[tokio::test]
async fn repeats_a_request_once_with_a_new_token() {
    let platform = platform_that_takes("access-token-1").await;
    let client = platform.client(vec![credential(&platform).with_tokens(Grant::lasting(9))]);
    assert_eq!(client.send(request(&platform)).await.unwrap().status, 200);
    let bodies: Vec<_> = platform.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, ["{}", "{}"]);
}

#[tokio::test]
async fn hands_the_status_on_when_a_new_token_does_not_help_either() {
    let platform = platform_that_takes("another").await;
    let client = platform.client(vec![credential(&platform).with_tokens(Grant::lasting(9))]);
    assert_eq!(client.send(request(&platform)).await.unwrap().status, 401);
    assert_eq!(platform.seen().len(), 2);
}

#[tokio::test]
async fn says_that_a_person_must_agree_again_when_the_grant_is_refused() {
    let platform = platform_that_takes("another").await;
    let client = platform.client(vec![credential(&platform).with_tokens(Grant::lasting(0))]);
    assert_eq!(client.sign_in_refused(), None);
    assert_eq!(client.send(request(&platform)).await.unwrap_err().code(), "egress.sign_in_refused");
    assert_eq!(client.sign_in_refused(), Some("invalid_grant".into()));
}

#[tokio::test]
async fn sends_nothing_before_anybody_agreed() {
    let platform = platform_that_takes("another").await;
    let client = platform.client(vec![credential(&platform)]);
    assert_eq!(client.send(request(&platform)).await.unwrap_err().code(), "egress.scheme_unknown");
    assert_eq!(platform.seen().len(), 0);
}

#[tokio::test]
async fn shows_no_token_to_the_guest_not_even_the_one_before() {
    let platform = Platform::start(|seen| match seen.headers["authorization"].to_str().unwrap() {
        "Bearer access-token-0" => full(401, ""),
        _ => full(200, "access-token-0 is over"),
    })
    .await;
    let client = platform.client(vec![credential(&platform).with_tokens(Grant::lasting(9))]);
    let mut response = client.send(request(&platform)).await.unwrap();
    assert_eq!(response.body.read_all().await.unwrap_err(), Refusal::SecretEchoed);
}

/// Whoever keeps the grant may never answer.
#[derive(Debug)]
struct Never;

impl Tokens for Never {
    fn current(&self, _: Instant) -> Issuing<'_> {
        Box::pin(std::future::pending())
    }

    fn rejected<'a>(&'a self, _: &'a Secret, _: Instant) -> Issuing<'a> {
        Box::pin(std::future::pending())
    }

    fn refused(&self) -> Option<String> {
        None
    }
}

#[tokio::test]
async fn waits_for_a_token_no_longer_than_for_an_answer() {
    let platform = platform_that_takes("another").await;
    let client = platform.client(vec![credential(&platform).with_tokens(Arc::new(Never))]);
    let request = Request { timeout_ms: Some(50), ..request(&platform) };
    assert_eq!(client.send(request).await.unwrap_err(), Refusal::TimedOut);
}

fn endpoint(url: &str, networks: &[&str]) -> Result<Client, Denial> {
    let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
    Ok(Client::new(Parts::new(Reach::endpoint(url, networks)?, trusted(), now())))
}

fn form(url: String) -> Request {
    let headers = vec![("content-type".into(), "application/x-www-form-urlencoded".into())];
    let body = Some(Bytes::from_static(b"grant_type=refresh_token&refresh_token=r"));
    Request { method: "POST".into(), url, headers, body, ..Request::default() }
}

#[tokio::test]
async fn the_host_itself_asks_a_token_endpoint() {
    let platform = Platform::start(|_| full(200, r#"{"access_token":"0123456789abcdef"}"#)).await;
    let url = format!("http://127.0.0.1:{}/token", platform.address.port());
    let client = endpoint(&url, &["127.0.0.0/8"]).unwrap();
    let mut response = client.send(form(url.clone())).await.unwrap();
    assert_eq!(response.body.read_all().await.unwrap(), r#"{"access_token":"0123456789abcdef"}"#);
    assert_eq!(platform.seen()[0].body, "grant_type=refresh_token&refresh_token=r");
    let ungranted = endpoint(&url, &[]).unwrap();
    assert_eq!(ungranted.send(form(url)).await.unwrap_err().code(), "egress.address");
}

#[tokio::test]
async fn the_host_sends_its_secrets_over_https_only_and_to_one_place() {
    assert_eq!(endpoint("http://platform.test/token", &[]).unwrap_err().code(), "egress.url");
    assert_eq!(endpoint("http://10.0.0.1/token", &["10.0.0.0/8"]).unwrap_err().code(), "egress.url");
    let client = endpoint("https://platform.test/token", &[]).unwrap();
    let refused = client.send(form("https://platform.test.evil.test/token".into())).await.unwrap_err();
    assert_eq!(refused.code(), "egress.not_in_manifest");
}

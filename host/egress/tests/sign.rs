//! Signatures that the host puts on requests.

use bytes::Bytes;
use serde_json::{Value, json};
use weighbridge_egress::Request;

use super::auth::{credential, request};
use super::platform::{Platform, Seen, full};

async fn send(
    apply: Value,
    secrets: &[(&str, &str)],
    change: impl FnOnce(&mut Request),
) -> (Platform, Result<Seen, &'static str>) {
    let platform = Platform::start(|_| full(200, "{}")).await;
    let client = platform.client(vec![credential(&platform, apply, secrets)]);
    let mut request = request(&platform);
    change(&mut request);
    let sent = client.send(request).await;
    let seen = sent.map(|_| platform.seen().remove(0)).map_err(|refusal| refusal.code());
    (platform, seen)
}

fn signing() -> Value {
    json!({
        "kind": "hmac", "algorithm": "sha256",
        "send": {
            "sign": "{method}\n{target}\n{timestamp}\n{body_sha256_hex}\n{db}",
            "headers": { "X-Signature": "v1={signature}", "X-Key": "{secret.id}", "X-Time": "{timestamp}" },
            "encoding": "base64", "timestamp": "millis",
        },
    })
}

fn post(request: &mut Request) {
    request.method = "POST".into();
    request.body = Some(Bytes::from_static(b"{}"));
}

#[tokio::test]
async fn signs_a_request_as_the_manifest_says() {
    let (platform, seen) = send(signing(), &[("key", "sesame"), ("id", "k-7")], post).await;
    let seen = seen.unwrap();
    let client = platform.client(vec![credential(&platform, signing(), &[("key", "sesame")])]);
    // The SHA-256 of `{}`, and what `db` is configured to be.
    let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let text = format!("POST\n/orders?a=1\n1749988800000\n{digest}\nshop");
    let expected = client.sign("main", "hmac-sha256", text.as_bytes()).unwrap();
    assert_eq!(seen.headers["x-signature"], format!("v1={}", data_encoding::BASE64.encode(&expected)));
    assert_eq!(
        (&seen.headers["x-key"], &seen.headers["x-time"]),
        (&"k-7".parse().unwrap(), &"1749988800000".parse().unwrap())
    );
    assert_eq!(seen.body, "{}");
}

#[tokio::test]
async fn refuses_a_guests_header_in_the_place_of_a_signature() {
    for name in ["x-signature", "X-KEY", "x-time"] {
        let change = |request: &mut Request| request.headers.push((name.into(), "mine".into()));
        assert_eq!(send(signing(), &[("key", "sesame"), ("id", "k-7")], change).await.1.unwrap_err(), "egress.header");
    }
}

#[tokio::test]
async fn refuses_to_sign_with_what_is_missing_or_malformed() {
    let code = "egress.credential";
    assert_eq!(send(signing(), &[("key", "sesame")], post).await.1.unwrap_err(), code);
    assert_eq!(send(signing(), &[("id", "k-7")], post).await.1.unwrap_err(), code);
    assert_eq!(send(signing(), &[("key", ""), ("id", "k-7")], post).await.1.unwrap_err(), code);
    assert_eq!(send(signing(), &[("key", "sesame"), ("id", "a\r\nb")], post).await.1.unwrap_err(), code);
    let mut signing = signing();
    signing["key_encoding"] = "hex".into();
    assert_eq!(send(signing, &[("key", "sesame"), ("id", "k-7")], post).await.1.unwrap_err(), code);
}

const AWS: &[(&str, &str)] = &[("access_key_id", "AKID"), ("secret_access_key", "wJalrXUtnFEMI")];

fn aws() -> Value {
    json!({ "kind": "aws_sigv4", "region": "eu-{db}", "service": "s3" })
}

#[tokio::test]
async fn signs_a_request_in_the_form_of_aws() {
    let change = |request: &mut Request| {
        post(request);
        request.url = request.url.replace("?a=1", "?b=x+y&a=%7e");
        request.headers = vec![("Content-Type".into(), "text/plain".into()), ("User-Agent".into(), "test".into())];
    };
    let seen = send(aws(), AWS, change).await.1.unwrap();
    assert_eq!(seen.path, "/orders?a=~&b=x%20y");
    assert_eq!(seen.headers["x-amz-date"], "20250615T120000Z");
    let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(seen.headers["x-amz-content-sha256"], digest);
    let authorization = seen.headers["authorization"].to_str().unwrap();
    let start = "AWS4-HMAC-SHA256 Credential=AKID/20250615/eu-shop/s3/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=";
    assert!(authorization.starts_with(start), "{authorization}");
    assert!(!seen.headers.contains_key("x-amz-security-token"));
}

#[tokio::test]
async fn sends_and_signs_the_token_of_a_session() {
    let secrets = [AWS, &[("session_token", "token-of-the-session")]].concat();
    let seen = send(aws(), &secrets, post).await.1.unwrap();
    assert_eq!(seen.headers["x-amz-security-token"], "token-of-the-session");
    assert!(seen.headers["authorization"].to_str().unwrap().contains(";x-amz-security-token,"));
}

#[tokio::test]
async fn refuses_a_guests_header_in_the_place_of_what_aws_signs() {
    for name in ["X-Amz-Date", "x-amz-content-sha256", "x-amz-security-token", "authorization"] {
        let change = |request: &mut Request| request.headers.push((name.into(), "mine".into()));
        assert_eq!(send(aws(), AWS, change).await.1.unwrap_err(), "egress.header", "{name}");
    }
}

#[tokio::test]
async fn the_same_request_at_the_same_time_has_the_same_signature() {
    let platform = Platform::start(|_| full(200, "{}")).await;
    let client = platform.client(vec![credential(&platform, aws(), AWS)]);
    for _ in 0..2 {
        client.send(request(&platform)).await.unwrap();
    }
    let seen = platform.seen();
    assert_eq!(seen[0].headers["authorization"], seen[1].headers["authorization"]);
}

//! Codes under a key that the guest never sees.

use data_encoding::HEXLOWER;
use serde_json::json;
use weighbridge_egress::{Client, Limits, Parts};

use super::auth::credential;
use super::platform::{Platform, full};

async fn client(key: &str, encoding: &str) -> Client {
    let platform = Platform::start(|_| full(200, "")).await;
    let apply = json!({ "kind": "hmac", "algorithm": "sha256", "key_encoding": encoding });
    platform.client(vec![credential(&platform, apply, &[("key", key)])])
}

/// RFC 4231 and RFC 2202, test case 2.
const CODES: [(&str, &str); 3] = [
    ("hmac-sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    ("hmac-sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (
        "hmac-sha512",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ),
];

const PAYLOAD: &[u8] = b"what do ya want for nothing?";

#[tokio::test]
async fn makes_the_codes_of_the_standard() {
    let client = client("Jefe", "text").await;
    for (algorithm, code) in CODES {
        assert_eq!(HEXLOWER.encode(&client.sign("main", algorithm, PAYLOAD).unwrap()), code);
    }
}

#[tokio::test]
async fn takes_the_right_code_and_no_other() {
    let client = client("Jefe", "text").await;
    for (algorithm, code) in CODES {
        let code = HEXLOWER.decode(code.as_bytes()).unwrap();
        assert_eq!(client.verify("main", algorithm, PAYLOAD, &code), Ok(true));
        for index in 0..code.len() {
            let mut other = code.clone();
            other[index] ^= 1;
            assert_eq!(client.verify("main", algorithm, PAYLOAD, &other), Ok(false));
        }
        for other in [&code[..code.len() - 1], &[], &[code.as_slice(), &[0]].concat()] {
            assert_eq!(client.verify("main", algorithm, PAYLOAD, other), Ok(false));
        }
    }
}

#[tokio::test]
async fn reads_a_key_as_the_manifest_says() {
    let plain = client("Jefe", "text").await.sign("main", "hmac-sha256", b"x");
    assert_eq!(client("4a656665", "hex").await.sign("main", "hmac-sha256", b"x"), plain);
    assert_eq!(client("SmVmZQ==", "base64").await.sign("main", "hmac-sha256", b"x"), plain);
    let refused = client("Jefe", "hex").await.sign("main", "hmac-sha256", b"x").unwrap_err();
    assert_eq!(refused.code(), "egress.credential");
    assert!(!refused.to_string().contains("Jefe"));
}

#[tokio::test]
async fn says_why_it_does_not_sign() {
    let client = client("Jefe", "text").await;
    let code = |scheme, algorithm| client.sign(scheme, algorithm, b"x").unwrap_err().code();
    assert_eq!(code("other", "hmac-sha256"), "egress.scheme_unknown");
    assert_eq!(code("main", "hmac-md5"), "egress.algorithm_unknown");
    assert_eq!(code("main", "sha256"), "egress.algorithm_unknown");
    assert_eq!(client.verify("main", "", b"x", b"").unwrap_err().code(), "egress.algorithm_unknown");
}

#[tokio::test]
async fn signs_with_schemes_of_its_kind_only() {
    let platform = Platform::start(|_| full(200, "")).await;
    let secrets = [("token", "t"), ("key", "k"), ("access_key_id", "a"), ("secret_access_key", "s")];
    for apply in [
        json!({ "kind": "bearer" }),
        json!({ "kind": "none" }),
        json!({ "kind": "api_key", "in": "header", "name": "x-key" }),
        json!({ "kind": "aws_sigv4", "region": "r", "service": "s3" }),
    ] {
        let client = platform.client(vec![credential(&platform, apply, &secrets)]);
        assert_eq!(client.sign("main", "hmac-sha256", b"x").unwrap_err().code(), "egress.scheme_signs_nothing");
    }
}

#[tokio::test]
async fn signs_no_more_bytes_than_are_sent() {
    let platform = Platform::start(|_| full(200, "")).await;
    let apply = json!({ "kind": "hmac", "algorithm": "sha256" });
    let limits = Limits { request_bytes: 10, ..Limits::default() };
    let client = Client::new(Parts { limits, ..platform.parts(vec![credential(&platform, apply, &[("key", "k")])]) });
    assert!(client.sign("main", "hmac-sha256", &[0; 10]).is_ok());
    let refused = client.sign("main", "hmac-sha256", &[0; 11]).unwrap_err();
    assert_eq!(refused.code(), "egress.payload_too_large");
}

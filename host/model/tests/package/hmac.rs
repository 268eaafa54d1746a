//! Signing requests by the manifest's templates.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use weighbridge_model::package::{HmacAlgorithm, HmacSend, KeyEncoding, Manifest, Signable, TimestampFormat, Values};
use weighbridge_model::time::Timestamp;

use super::sample::manifest;

const NOW: Timestamp = Timestamp::from_millis(1_749_988_800_999);

fn send(sign: &str, header: &str) -> HmacSend {
    serde_json::from_value(json!({ "sign": sign, "headers": { "X-Signature": header } })).unwrap()
}

const REQUEST: Signable<'static> = Signable {
    method: "POST",
    host: "api.example.com:8443",
    path: "/orders",
    query: Some("a=1&b=%20"),
    body: b"\xff{}",
    now: NOW,
};

fn payload(sign: &str, request: &Signable<'_>) -> Vec<u8> {
    let configuration = Map::from_iter([("shop".to_owned(), json!("acme"))]);
    let (secrets, captures) = (BTreeMap::from([("id".to_owned(), "k-7".to_owned())]), BTreeMap::new());
    let values = Values { configuration: &configuration, secrets: &secrets, captures: &captures };
    send(sign, "{signature}").payload(request, &values).unwrap()
}

fn check(sign: &str, expected: &[u8]) {
    assert_eq!(payload(sign, &REQUEST), expected, "{sign}");
}

#[test]
fn fills_in_every_part_of_a_request() {
    check("{method} {host} {path} {query}", b"POST api.example.com:8443 /orders a=1&b=%20");
    check("{target}\n{timestamp}\n{body}", b"/orders?a=1&b=%20\n1749988800\n\xff{}");
    check("{shop}:{secret.id}:{base64({method})}:{{}}", b"acme:k-7:UE9TVA==:{}");
    check("{body_sha256_hex}", b"88c33a076d6c13228dc93728ed09cac76bab58b4401aa14cb52b646ffdb6ae58".as_slice());
}

#[test]
fn a_request_without_a_query_has_no_question_mark() {
    assert_eq!(payload("{target}|{query}", &Signable { query: None, ..REQUEST }), b"/orders|");
}

#[test]
fn writes_the_signature_and_the_time_into_headers() {
    let send: HmacSend = serde_json::from_value(json!({
        "sign": "{body}",
        "headers": { "Authorization": "HMAC {secret.id}:{signature}", "X-Time": "{timestamp}" },
        "encoding": "base64", "timestamp": "http",
    }))
    .unwrap();
    let (configuration, captures) = (Map::new(), BTreeMap::new());
    let secrets = BTreeMap::from([("id".to_owned(), "k-7".to_owned())]);
    let values = Values { configuration: &configuration, secrets: &secrets, captures: &captures };
    let headers = send.headers(&REQUEST, b"\0\xff", &values).unwrap();
    let expected = [("Authorization", "HMAC k-7:AP8="), ("X-Time", "Sun, 15 Jun 2025 12:00:00 GMT")];
    assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())));
}

#[test]
fn writes_an_instant_in_every_form() {
    let forms = [
        (TimestampFormat::Seconds, "1749988800"),
        (TimestampFormat::Millis, "1749988800999"),
        (TimestampFormat::Rfc3339, "2025-06-15T12:00:00Z"),
        (TimestampFormat::Basic, "20250615T120000Z"),
        (TimestampFormat::Http, "Sun, 15 Jun 2025 12:00:00 GMT"),
    ];
    for (format, expected) in forms {
        assert_eq!(format.write(NOW), expected);
    }
}

#[test]
fn reads_keys_as_they_are_written() {
    assert_eq!(KeyEncoding::Text.read("a+/="), Some(b"a+/=".to_vec()));
    assert_eq!(KeyEncoding::Hex.read("00fF"), Some(vec![0, 255]));
    assert_eq!(KeyEncoding::Base64.read("AP8="), Some(vec![0, 255]));
    assert_eq!(KeyEncoding::Hex.read("0"), None);
    assert_eq!(KeyEncoding::Base64.read("?"), None);
}

#[test]
fn knows_the_algorithms_by_their_names() {
    assert_eq!(HmacAlgorithm::of_name("hmac-sha512"), Some(HmacAlgorithm::Sha512));
    assert_eq!(HmacAlgorithm::of_name("hmac-md5"), None);
    assert_eq!(HmacAlgorithm::of_name("sha256"), None);
}

fn fault(apply: Value) -> String {
    let mut manifest = manifest();
    manifest["auth"][0]["apply"] = apply;
    let error = Manifest::parse(manifest.to_string().as_bytes()).unwrap_err();
    format!("{}: {}", error.place, error.reason)
}

fn fault_of(sign: &str, header: &str) -> String {
    fault(json!({
        "kind": "hmac", "algorithm": "sha256", "send": { "sign": sign, "headers": { "X-Signature": header } },
    }))
}

#[test]
fn a_manifest_says_what_is_wrong_with_its_templates() {
    let unknown = "/auth/0/apply/send/sign: `{nonce}` is neither a part of the request nor a setting";
    assert_eq!(fault_of("{nonce}", "{signature}"), unknown);
    let early = "/auth/0/apply/send/sign: `{signature}` is neither a part of the request nor a setting";
    assert_eq!(fault_of("{signature}", "{signature}"), early);
    let capture = "/auth/0/apply/send/headers: `{capture.session}` belongs to a login, and there is none here";
    assert_eq!(fault_of("{body}", "{signature}{capture.session}"), capture);
    let unsigned = "/auth/0/apply/send/headers: no header has the `{signature}`";
    assert_eq!(fault_of("{body}", "{timestamp}"), unsigned);
    assert!(fault_of("{body", "{signature}").contains("closed by `}`"));
}

#[test]
fn a_manifest_says_what_is_wrong_beside_its_templates() {
    assert!(fault(json!({ "kind": "hmac", "algorithm": "md5" })).contains("unknown variant `md5`"));
    let send = json!({ "sign": "{body}", "headers": { "X Y": "{signature}" } });
    let name = fault(json!({ "kind": "hmac", "algorithm": "sha256", "send": send }));
    assert_eq!(name, "/auth/0/apply/send/headers: `X Y` is no name of a header");
    let send = json!({ "sign": "{body}", "headers": { "X": "{signature}" }, "salt": "x" });
    assert!(fault(json!({ "kind": "hmac", "algorithm": "sha256", "send": send })).contains("unknown field"));
}

#[test]
fn a_setting_is_not_mistaken_for_a_part_of_the_request() {
    let mut manifest = manifest();
    manifest["configuration"]["properties"]["path"] = json!({ "type": "string" });
    let send = json!({ "sign": "{path}", "headers": { "X": "{signature}" } });
    manifest["auth"][0]["apply"] = json!({ "kind": "hmac", "algorithm": "sha256", "send": send });
    let error = Manifest::parse(manifest.to_string().as_bytes()).unwrap_err();
    assert!(error.reason.ends_with("rename the latter"), "{error}");
}

#[test]
fn a_manifest_with_a_signing_scheme_asks_for_the_secrets_it_mentions() {
    let mut manifest = manifest();
    let send = json!({ "sign": "{shop}{body}", "headers": { "X": "{secret.id} {signature}" } });
    manifest["auth"][0]["apply"] = json!({ "kind": "hmac", "algorithm": "sha1", "send": send });
    let parsed = Manifest::parse(manifest.to_string().as_bytes()).unwrap();
    assert_eq!(parsed.auth[0].secret_names(), ["id", "key"]);
    assert_eq!(Manifest::parse(&parsed.to_canonical_json()), Ok(parsed));
}

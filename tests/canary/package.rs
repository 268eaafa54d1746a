//! The REST connector under another manifest: with an auth scheme of every kind.

use serde_json::{Value, json};
use weighbridge_model::package::{SignatureSection, section, signature};

use crate::town::Town;

const KEY: [u8; 32] = [9; 32];

/// Installs the connector, and believes its publisher.
pub(super) fn install(town: &Town) {
    let package = std::fs::read(town.package()).unwrap();
    let (content, _) = SignatureSection::split(&package).unwrap();
    let mut manifest: Value = serde_json::from_slice(section::manifest(content).unwrap()).unwrap();
    manifest["name"] = json!("canary.rest");
    manifest["publisher"] = json!("canary");
    manifest["auth"] = schemes();
    manifest["configuration"]["properties"]["auth"] = json!({ "type": "string" });
    let mut component = without_manifest(content).to_vec();
    section::append_manifest(&mut component, manifest.to_string().as_bytes());
    let file = town.path("canary.wbc");
    std::fs::write(&file, signature::sign(component, &KEY)).unwrap();
    town.works(&["trust", "add", "canary", &signature::public_key(&KEY).to_string()]);
    town.works(&["connector", "install", file.to_str().unwrap()]);
}

/// The manifest is the last section of what is signed.
fn without_manifest(content: &[u8]) -> &[u8] {
    let mut before = Vec::new();
    let manifest = section::manifest(content).unwrap();
    section::append_manifest(&mut before, manifest);
    let component = &content[..content.len() - before.len()];
    assert!(section::manifest(component).is_err(), "the manifest is not where it was looked for");
    component
}

fn schemes() -> Value {
    let scheme = |name: &str, secrets: &[&str], apply: Value| {
        let secrets: Vec<_> = secrets.iter().map(|name| json!({ "name": name })).collect();
        json!({ "name": name, "secrets": secrets, "hosts": ["{base_url}"], "apply": apply })
    };
    json!([
        { "name": "none", "apply": { "kind": "none" } },
        scheme("header", &["key"], json!({ "kind": "api_key", "in": "header", "name": "X-Key" })),
        scheme("query", &["key"], json!({ "kind": "api_key", "in": "query", "name": "key" })),
        scheme("basic", &["username", "password"], json!({ "kind": "basic" })),
        scheme("bearer", &["token"], json!({ "kind": "bearer" })),
        scheme("login", &["username", "password"], json!({
            "kind": "login",
            "request": { "method": "POST", "url": "{base_url}/login", "body": { "u": "{secret.username}", "p": "{secret.password}" } },
            "capture": { "session": "/session" },
            "send": { "header": "Authorization", "template": "Session {capture.session}" },
        })),
        scheme("hmac", &["key"], json!({
            "kind": "hmac", "algorithm": "sha256",
            "send": { "sign": "{method}\n{path}\n{timestamp}", "headers": { "X-Signature": "{signature}" } },
        })),
        scheme("aws_sigv4", &["access_key_id", "secret_access_key"], json!({
            "kind": "aws_sigv4", "region": "eu-central-1", "service": "s3",
        })),
        scheme("oauth2_client", &[], json!({
            "kind": "oauth2", "flow": "client_credentials", "token_url": "{base_url}/token",
        })),
    ])
}

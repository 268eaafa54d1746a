//! A publisher's packages, made in a moment.

use serde_json::{Value, json};
use weighbridge_model::package::{section, signature};

use crate::hostile::frame;

pub const KEY: [u8; 32] = [21; 32];
pub const OTHER_KEY: [u8; 32] = [22; 32];

/// What `acme.shop` says of itself in this version.
pub fn manifest(version: &str) -> Value {
    json!({
        "name": "acme.shop", "version": version, "publisher": "acme", "title": "Shop", "summary": "Orders.",
        "contract": "0.1.0",
        "capabilities": [{"stream": "orders", "direction": "source", "modes": ["full_refresh"], "primary_key": ["id"]}],
        "hosts": ["api.example.com"],
    })
}

/// The same, and one host more.
pub fn asking(version: &str) -> Value {
    let mut manifest = manifest(version);
    manifest["hosts"] = json!(["api.example.com", "log.example.org"]);
    manifest
}

/// A package of another component.
pub fn signed_component(mut component: Vec<u8>) -> Vec<u8> {
    section::append_manifest(&mut component, manifest("1.0.0").to_string().as_bytes());
    signature::sign(component, &KEY)
}

/// A package with these manifests, not signed.
pub fn unsigned(manifests: &[Value]) -> Vec<u8> {
    let mut component = frame::component("harmless");
    for manifest in manifests {
        section::append_manifest(&mut component, manifest.to_string().as_bytes());
    }
    component
}

pub fn signed(manifest: &Value, key: &[u8; 32]) -> Vec<u8> {
    signature::sign(unsigned(std::slice::from_ref(manifest)), key)
}

/// The id of a key, as people write it.
pub fn id(key: &[u8; 32]) -> String {
    signature::public_key(key).id().to_string()
}

/// The public half of a key, as it is trusted.
pub fn public_key(key: &[u8; 32]) -> String {
    signature::public_key(key).to_string()
}

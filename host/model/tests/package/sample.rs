//! A small package and whoever trusts it.

use serde_json::{Value, json};
use weighbridge_model::id::KeyId;
use weighbridge_model::package::{NamePattern, Revocation, TrustStore, section, signature};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::{Timestamp, Window};

pub(crate) const KEY: [u8; 32] = [7; 32];
pub(crate) const OTHER_KEY: [u8; 32] = [9; 32];
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub(crate) fn manifest() -> Value {
    json!({
        "name": "acme.shop", "version": "1.2.3", "publisher": "acme",
        "title": "Acme shop", "summary": "Orders of the Acme shop.", "contract": "0.1.0",
        "capabilities": [{
            "stream": "orders", "direction": "source", "modes": ["full_refresh", "incremental"],
            "primary_key": ["id"], "cursor_field": "/changed_at", "category": "commerce",
        }],
        "configuration": {"type": "object", "properties": {"shop": {"type": "string"}, "size": {"default": 50}}},
        "auth": [{"name": "key", "hosts": ["{shop}.example.com"], "apply": {"kind": "bearer"}}],
        "hosts": ["{shop}.example.com"],
    })
}

pub(crate) fn component(manifests: &[&[u8]]) -> Vec<u8> {
    let mut component = b"\x00asm\x0d\x00\x01\x00".to_vec();
    for manifest in manifests {
        section::append_manifest(&mut component, manifest);
    }
    component
}

pub(crate) fn package_of(manifest: &Value) -> Vec<u8> {
    signature::sign(component(&[manifest.to_string().as_bytes()]), &KEY)
}

pub(crate) fn package() -> Vec<u8> {
    package_of(&manifest())
}

pub(crate) fn trust_within(window: Window) -> TrustStore {
    let mut trust = TrustStore::default();
    let names = [NamePattern::parse("acme.*").unwrap()];
    trust.add_key("acme", names, signature::public_key(&KEY), window).unwrap();
    trust
}

pub(crate) fn trust() -> TrustStore {
    trust_within(Window::ALWAYS)
}

pub(crate) fn revocation() -> Revocation {
    Revocation { at: NOW, reason: Sealed::new(KeyId::from_bytes([0; 16]), Vec::new()) }
}

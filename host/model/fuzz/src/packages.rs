//! Packages, the manifests in them, and the statements by which keys follow one another.

use weighbridge_model::package::{
    Manifest, NamePattern, PackageRefusal, Rotation, TrustStore, UnverifiedPackage, VerifiedPackage, section, signature,
};
use weighbridge_model::time::{Timestamp, Window};

const KEY: [u8; 32] = [7; 32];
const NEW_KEY: [u8; 32] = [11; 32];
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const MANIFEST: &[u8] = br#"{"name":"acme.shop","version":"1.2.3","publisher":"acme","title":"Acme shop","summary":"Orders.","contract":"0.1.0","capabilities":[]}"#;

/// The one package that its publisher signed.
pub fn original() -> Vec<u8> {
    let mut component = b"\x00asm\x0d\x00\x01\x00".to_vec();
    section::append_manifest(&mut component, MANIFEST);
    signature::sign(component, &KEY)
}

/// The one statement that it signed.
pub fn statement() -> Vec<u8> {
    let (from, to) = (signature::public_key(&KEY).id(), signature::public_key(&NEW_KEY));
    Rotation { publisher: "acme".into(), from, to, window: Window::ALWAYS, issued_at: NOW }.signed(&KEY)
}

fn trust() -> TrustStore {
    let mut trust = TrustStore::default();
    let names = NamePattern::parse("acme.*").ok();
    let added = trust.add_key("acme", names, signature::public_key(&KEY), Window::ALWAYS);
    assert!(added.is_ok(), "{added:?}");
    trust
}

fn verified(bytes: Vec<u8>) -> Result<VerifiedPackage, PackageRefusal> {
    let verified = UnverifiedPackage::new(bytes).verify(&trust(), NOW);
    if let Err(refusal) = &verified {
        assert!(!refusal.code().is_empty() && refusal.next_step().ends_with('.'), "{refusal}");
    }
    verified
}

/// Only what was signed verifies; and whatever its publisher signs is a package in order, or is refused.
pub fn package(bytes: &[u8]) {
    if verified(bytes.to_vec()).is_ok() {
        assert_eq!(bytes, original(), "nobody signed this");
    }
    if let Ok(signed) = verified(signature::sign(bytes.to_vec(), &KEY)) {
        let found = section::manifest(bytes).ok().and_then(|found| Manifest::parse(found).ok());
        assert_eq!(found.as_ref(), Some(signed.manifest()));
        assert_eq!((&*signed.manifest().publisher, signed.publisher()), ("acme", "acme"));
    }
}

/// A manifest that is read is the same when it is written and read again.
pub fn manifest(bytes: &[u8]) {
    match Manifest::parse(bytes) {
        Err(error) => assert!(!error.reason.is_empty(), "{error}"),
        Ok(manifest) => {
            let written = manifest.to_canonical_json();
            assert_eq!(Manifest::parse(&written).as_ref(), Ok(&manifest));
            assert_eq!(Manifest::parse(&written).map(|again| again.to_canonical_json()), Ok(written));
        }
    }
}

/// Only what was signed makes a new key trusted; what is refused changes nothing; what is written is read back.
pub fn rotation(bytes: &[u8]) {
    let mut trust = trust();
    match trust.rotate(bytes, NOW) {
        Ok(rotation) => assert_eq!(Ok(rotation), Rotation::claimed(&statement()), "nobody signed this"),
        Err(refusal) => {
            assert!(refusal.code().starts_with("rotation.") && refusal.next_step().ends_with('.'), "{refusal}");
            assert_eq!(trust, self::trust(), "a refused statement changes nothing");
        }
    }
    if let Ok(claimed) = Rotation::claimed(bytes) {
        let said = Rotation { from: signature::public_key(&KEY).id(), ..claimed };
        assert_eq!(Rotation::claimed(&said.signed(&KEY)), Ok(said));
    }
}

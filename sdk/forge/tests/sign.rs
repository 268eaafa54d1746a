//! Signing, looking at and verifying packages that need no compiler.

use std::path::{Path, PathBuf};

use weighbridge_forge::{KeygenArgs, Keys, SignArgs, inspect, keygen, sign, verify};
use weighbridge_model::package::{NamePattern, TrustStore, section};
use weighbridge_model::time::{Timestamp, Window};

const MANIFEST: &[u8] = br#"{"name": "acme.shop", "version": "1.0.0", "publisher": "acme", "title": "Shop",
    "summary": "Orders.", "contract": "0.1.0", "capabilities": []}"#;

fn unsigned(folder: &Path) -> PathBuf {
    let mut component = b"\x00asm\x0d\x00\x01\x00".to_vec();
    section::append_manifest(&mut component, MANIFEST);
    let path = folder.join("shop.wasm");
    std::fs::write(&path, component).unwrap();
    path
}

fn signed(folder: &Path) -> (SignArgs, Keys) {
    let keys = keygen(&KeygenArgs { path: folder.join("acme.key") }).unwrap();
    let args = SignArgs { package: unsigned(folder), key: keys.secret_path.clone(), out: folder.join("shop.wbc") };
    sign(&args).unwrap();
    (args, keys)
}

fn trusting(keys: &Keys) -> TrustStore {
    let mut trust = TrustStore::default();
    trust.add_key("acme", [NamePattern::parse("acme.*").unwrap()], keys.public, Window::ALWAYS).unwrap();
    trust
}

#[test]
fn verifies_what_it_signed() {
    let folder = tempfile::tempdir().unwrap();
    let (args, keys) = signed(folder.path());
    let verified = verify(&args.out, &trusting(&keys), Timestamp::from_millis(0)).unwrap();
    assert_eq!(verified.manifest().name, "acme.shop");
    assert!(verify(&args.package, &trusting(&keys), Timestamp::from_millis(0)).is_err());
}

#[test]
fn signs_anew_in_the_place_of_a_signature() {
    let folder = tempfile::tempdir().unwrap();
    let (args, keys) = signed(folder.path());
    let again = SignArgs { package: args.out.clone(), ..args.clone() };
    let before = std::fs::read(&args.out).unwrap();
    sign(&again).unwrap();
    assert_eq!(std::fs::read(&args.out).unwrap(), before);
    assert!(verify(&args.out, &trusting(&keys), Timestamp::from_millis(0)).is_ok());
}

#[test]
fn inspects_without_believing() {
    let folder = tempfile::tempdir().unwrap();
    let (args, keys) = signed(folder.path());
    let seen = inspect(&args.out).unwrap();
    assert_eq!((seen.key_id, seen.manifest.unwrap().name.as_str()), (Some(keys.id), "acme.shop"));
    assert_eq!(inspect(&args.package).unwrap().key_id, None);
}

#[test]
fn refuses_to_sign_what_is_no_package() {
    let folder = tempfile::tempdir().unwrap();
    let (args, _) = signed(folder.path());
    std::fs::write(&args.package, b"hello").unwrap();
    assert!(sign(&args).is_err());
}

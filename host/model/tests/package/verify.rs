//! What is installed and loaded, and under which code everything else is refused.

use serde_json::json;
use weighbridge_model::package::{Digest, PackageRefusal, Revocable, TrustStore, UnverifiedPackage, signature};
use weighbridge_model::time::{Timestamp, Window};

use super::sample::{KEY, NOW, OTHER_KEY, component, manifest, package, package_of, revocation, trust, trust_within};

fn install(bytes: Vec<u8>, trust: &TrustStore) -> Result<(), &'static str> {
    UnverifiedPackage::new(bytes).verify(trust, NOW).map(|_| ()).map_err(|refusal| refusal.code())
}

fn load(bytes: Vec<u8>, trust: &TrustStore) -> Result<(), &'static str> {
    UnverifiedPackage::new(bytes).verify_installed(trust).map(|_| ()).map_err(|refusal| refusal.code())
}

#[test]
fn verifies_when_nothing_was_changed() {
    let bytes = package();
    let verified = UnverifiedPackage::new(bytes.clone()).verify(&trust(), NOW).unwrap();
    assert_eq!(verified.manifest().name, "acme.shop");
    assert_eq!(verified.publisher(), "acme");
    assert_eq!(verified.key_id(), signature::public_key(&KEY).id());
    assert_eq!(verified.digest(), Digest::of(&bytes));
    assert_eq!(&verified.bytes()[..], &bytes[..]);
}

#[test]
fn refuses_when_any_byte_was_changed() {
    let whole = package();
    for at in 0..whole.len() {
        for flip in [0x01, 0x80] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            let from_end = whole.len() - at;
            let expected = match from_end {
                0..=64 => "bad_signature",
                65..=80 => "unknown_publisher",
                81..=105 => "unsigned",
                _ => "bad_signature",
            };
            assert_eq!(install(bytes, &trust()), Err(expected), "byte {at}, {from_end} from the end");
        }
    }
}

#[test]
fn refuses_when_cut_off_anywhere() {
    let whole = package();
    for length in 0..whole.len() {
        assert_eq!(install(whole[..length].to_vec(), &trust()), Err("unsigned"), "{length} bytes");
    }
}

#[test]
fn refuses_when_something_is_appended() {
    let mut bytes = package();
    bytes.push(0);
    assert_eq!(install(bytes, &trust()), Err("unsigned"));
    let twice = signature::sign(package(), &OTHER_KEY);
    assert_eq!(install(twice, &trust()), Err("unknown_publisher"));
}

#[test]
fn refuses_when_a_signature_is_moved_to_another_manifest() {
    let mut other = manifest();
    other["hosts"] = json!(["{shop}.example.com", "evil.example.com"]);
    let mut swapped = component(&[other.to_string().as_bytes()]);
    let signed = package();
    swapped.extend_from_slice(&signed[signed.len() - signature::SIGNATURE_SECTION_BYTES..]);
    assert_eq!(install(swapped, &trust()), Err("bad_signature"));
}

#[test]
fn refuses_when_there_are_two_manifests_or_none() {
    let text = manifest().to_string();
    let two = signature::sign(component(&[text.as_bytes(), text.as_bytes()]), &KEY);
    assert_eq!(install(two, &trust()), Err("malformed"));
    assert_eq!(install(signature::sign(component(&[]), &KEY), &trust()), Err("malformed"));
    assert_eq!(install(signature::sign(Vec::new(), &KEY), &trust()), Err("malformed"));
}

#[test]
fn refuses_when_a_manifest_key_is_given_twice() {
    let text = manifest().to_string().replacen('{', r#"{"name":"acme.other","#, 1);
    assert_eq!(install(signature::sign(component(&[text.as_bytes()]), &KEY), &trust()), Err("malformed"));
}

#[test]
fn refuses_when_the_key_is_not_trusted() {
    assert_eq!(install(package(), &TrustStore::default()), Err("unknown_publisher"));
}

#[test]
fn refuses_when_the_publisher_does_not_own_the_key_or_the_name() {
    let mut claimed = manifest();
    claimed["publisher"] = json!("other");
    assert_eq!(install(package_of(&claimed), &trust()), Err("wrong_publisher"));
    let mut foreign = manifest();
    foreign["name"] = json!("other.shop");
    assert_eq!(install(package_of(&foreign), &trust()), Err("wrong_publisher"));
}

#[test]
fn refuses_when_the_name_is_pinned_to_another_publisher() {
    let mut trust = trust();
    trust.pins.insert("acme.shop".to_owned(), "acme-group".to_owned());
    assert_eq!(install(package(), &trust), Err("wrong_publisher"));
    assert_eq!(load(package(), &trust), Err("wrong_publisher"));
}

#[test]
fn refuses_to_install_outside_the_keys_window_and_goes_on_loading() {
    let ended = Window { start: None, end: Some(NOW) };
    let later = Window { start: Some(NOW.plus_millis(1)), end: None };
    for window in [ended, later] {
        assert_eq!(install(package(), &trust_within(window)), Err("key_expired"));
        assert_eq!(load(package(), &trust_within(window)), Ok(()));
    }
    let inside = Window { start: Some(NOW), end: Some(NOW.plus_millis(1)) };
    assert_eq!(install(package(), &trust_within(inside)), Ok(()));
}

#[test]
fn refuses_to_load_when_the_key_is_revoked() {
    let mut trust = trust();
    trust.revoke(&Revocable::Key(signature::public_key(&KEY).id()), revocation()).unwrap();
    assert_eq!(install(package(), &trust), Err("key_revoked"));
    assert_eq!(load(package(), &trust), Err("key_revoked"));
}

#[test]
fn refuses_to_load_when_the_digest_is_revoked() {
    let content = package()[..package().len() - signature::SIGNATURE_SECTION_BYTES].to_vec();
    for digest in [Digest::of(&package()), Digest::of(&content)] {
        let mut trust = trust();
        trust.revoke(&Revocable::Package(digest), revocation()).unwrap();
        assert_eq!(install(package(), &trust), Err("digest_revoked"));
        assert_eq!(load(package(), &trust), Err("digest_revoked"));
    }
}

#[test]
fn refuses_to_load_when_the_publisher_is_revoked() {
    let mut trust = trust();
    trust.revoke(&Revocable::Publisher("acme".into()), revocation()).unwrap();
    assert_eq!((install(package(), &trust), load(package(), &trust)), (Err("key_revoked"), Err("key_revoked")));
}

#[test]
fn refuses_to_install_an_older_version_and_loads_it() {
    let mut trust = trust();
    trust.note_use("acme.shop", &"1.2.4".parse().unwrap());
    assert_eq!(install(package(), &trust), Err("version_rollback"));
    assert_eq!(load(package(), &trust), Ok(()));
}

#[test]
fn installs_the_same_version_again_and_a_newer_one() {
    let mut trust = trust();
    trust.note_use("acme.shop", &"1.2.3".parse().unwrap());
    assert_eq!(install(package(), &trust), Ok(()));
    let mut newer = manifest();
    newer["version"] = json!("1.10.0");
    assert_eq!(install(package_of(&newer), &trust), Ok(()));
}

#[test]
fn installs_an_older_version_once_an_operator_went_back_below_it() {
    let mut trust = trust();
    trust.note_use("acme.shop", &"1.3.0".parse().unwrap());
    assert_eq!(install(package(), &trust), Err("version_rollback"));
    trust.note_rollback("acme.shop", &"1.2.2".parse().unwrap());
    assert_eq!(install(package(), &trust), Ok(()));
}

#[test]
fn says_what_to_do_with_each_refusal() {
    let refusal = UnverifiedPackage::new(Vec::new()).verify(&trust(), Timestamp::from_millis(0)).unwrap_err();
    assert_eq!(refusal, PackageRefusal::Unsigned);
    assert!(refusal.next_step().ends_with('.'));
}

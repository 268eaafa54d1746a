//! Adding keys and names to the trust store.

use weighbridge_model::package::{NamePattern, Revocable, TrustError, TrustStore, signature};
use weighbridge_model::time::Window;

use super::sample::{KEY, OTHER_KEY, revocation, trust};

#[test]
fn covers_the_names_a_pattern_means() {
    let pattern = NamePattern::parse("acme.*").unwrap();
    assert!(pattern.covers("acme.shop"));
    assert!(!pattern.covers("acme."));
    assert!(!pattern.covers("acmeshop.x"));
    assert!(NamePattern::parse("acme.shop").unwrap().covers("acme.shop"));
}

#[test]
fn refuses_patterns_that_mean_everything_or_nothing() {
    for text in ["*", ".*", "", "acme", "acme.*.*", "Acme.*", "acme*"] {
        assert_eq!(NamePattern::parse(text), Err(TrustError::Pattern(text.to_owned())));
    }
}

#[test]
fn refuses_a_key_that_belongs_to_another_publisher() {
    let added = trust().add_key("other", [], signature::public_key(&KEY), Window::ALWAYS);
    assert_eq!(added, Err(TrustError::KeyTaken("acme".to_owned())));
}

#[test]
fn refuses_a_revoked_key() {
    let mut trust = trust();
    trust.revoke(&Revocable::Key(signature::public_key(&KEY).id()), revocation()).unwrap();
    assert_eq!(trust.add_key("acme", [], signature::public_key(&KEY), Window::ALWAYS), Err(TrustError::KeyRevoked));
}

#[test]
fn reads_back_what_it_wrote() {
    let mut store = trust();
    store.note_install("acme.shop", "acme");
    store.note_use("acme.shop", &"1.0.0".parse().unwrap());
    let text = serde_json::to_string(&store).unwrap();
    assert_eq!(serde_json::from_str::<TrustStore>(&text).unwrap(), store);
}

#[test]
fn refuses_a_key_of_a_revoked_publisher() {
    let mut trust = trust();
    trust.revoke(&Revocable::Publisher("acme".into()), revocation()).unwrap();
    let added = trust.add_key("acme", [], signature::public_key(&OTHER_KEY), Window::ALWAYS);
    assert_eq!(added, Err(TrustError::PublisherRevoked("acme".into())));
}

#[test]
fn pins_a_name_at_its_first_install_and_not_again() {
    let mut trust = trust();
    assert!(trust.note_install("acme.shop", "acme"));
    assert!(!trust.note_install("acme.shop", "acme"));
}

#[test]
fn moves_a_pin_to_a_publisher_who_may_sign_the_name() {
    let mut trust = trust();
    let names = [NamePattern::parse("acme.shop").unwrap()];
    trust.add_key("group", names, signature::public_key(&OTHER_KEY), Window::ALWAYS).unwrap();
    trust.note_install("acme.shop", "acme");
    assert!(!trust.may_sign("group", "acme.shop"));
    assert_eq!(trust.pin("acme.shop", "group"), Ok(Some("acme".into())));
    assert!(trust.may_sign("group", "acme.shop") && !trust.may_sign("acme", "acme.shop"));
}

#[test]
fn refuses_to_pin_a_name_to_one_who_may_not_sign_it() {
    let mut trust = trust();
    let covered = TrustError::NameNotCovered { publisher: "acme".into(), connector: "other.shop".into() };
    assert_eq!(trust.pin("other.shop", "acme"), Err(covered));
    assert_eq!(trust.pin("acme.shop", "nobody"), Err(TrustError::PublisherAbsent("nobody".into())));
    trust.revoke(&Revocable::Publisher("acme".into()), revocation()).unwrap();
    assert_eq!(trust.pin("acme.shop", "acme"), Err(TrustError::PublisherRevoked("acme".into())));
}

#[test]
fn reads_a_store_that_was_written_before_anything_could_be_revoked() {
    let text = r#"{"publishers":{"acme":{"keys":[],"names":["acme.*"]}},"pins":{},"revoked_keys":[],"revoked_digests":[],"installed":{}}"#;
    assert!(serde_json::from_str::<TrustStore>(text).unwrap().revoked_keys.is_empty());
}

//! Adding keys and names to the trust store.

use weighbridge_model::package::{NamePattern, TrustError, TrustStore, signature};
use weighbridge_model::time::Window;

use super::sample::{KEY, trust};

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
    trust.revoked_keys.insert(signature::public_key(&KEY).id());
    assert_eq!(trust.add_key("acme", [], signature::public_key(&KEY), Window::ALWAYS), Err(TrustError::KeyRevoked));
}

#[test]
fn reads_back_what_it_wrote() {
    let mut store = trust();
    store.note_install("acme.shop", "acme", &"1.0.0".parse().unwrap());
    let text = serde_json::to_string(&store).unwrap();
    assert_eq!(serde_json::from_str::<TrustStore>(&text).unwrap(), store);
}

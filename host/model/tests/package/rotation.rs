//! Rotation statements: one that counts, and every way in which one does not.

use weighbridge_model::package::{
    NamePattern, Revocable, Rotation, RotationRefusal, TrustError, TrustStore, signature,
};
use weighbridge_model::time::{Position, Timestamp, Window};

use super::sample::{KEY, NOW, OTHER_KEY, revocation, trust, trust_within};

const NEW_KEY: [u8; 32] = [11; 32];

fn rotation() -> Rotation {
    let (from, to) = (signature::public_key(&KEY).id(), signature::public_key(&NEW_KEY));
    Rotation { publisher: "acme".into(), from, to, window: Window::ALWAYS, issued_at: NOW }
}

fn statement() -> Vec<u8> {
    rotation().signed(&KEY)
}

fn refused(trust: &mut TrustStore, statement: &[u8]) -> &'static str {
    let before = trust.clone();
    let refusal = trust.rotate(statement, NOW).unwrap_err();
    assert_eq!(*trust, before, "a refused statement changes nothing");
    assert!(refusal.next_step().ends_with('.'));
    refusal.code()
}

#[test]
fn trusts_the_new_key_and_lets_the_old_one_install_no_more() {
    let mut trust = trust();
    assert_eq!(trust.rotate(&statement(), NOW), Ok(rotation()));
    let window = |trust: &TrustStore, secret| trust.key(signature::public_key(secret).id()).unwrap().1.window;
    assert!(matches!(window(&trust, &NEW_KEY).position(NOW), Position::Inside(None)));
    assert_eq!(window(&trust, &KEY).position(NOW), Position::Ended(NOW));
}

#[test]
fn lets_the_old_key_install_until_the_new_ones_time_begins() {
    let start = NOW.plus_millis(1_000);
    let later = Rotation { window: Window { start: Some(start), end: None }, ..rotation() };
    let mut trust = trust();
    trust.rotate(&later.signed(&KEY), NOW).unwrap();
    assert_eq!(trust.key(later.from).unwrap().1.window.end, Some(start));
}

#[test]
fn signs_these_very_bytes() {
    let text = String::from_utf8(statement()).unwrap();
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        read["signature"],
        "08bea860238b0ffdbf8a0ef678bc33376446c7fcde2878a3c61cce03cb968dca6ee05564ba9e0b5b93da0b025b02499674d9af0ae55e274c350c70aa5632a301",
        "the format of statements is a contract with every publisher"
    );
}

#[test]
fn refuses_when_anything_of_it_was_changed() {
    let read: serde_json::Value = serde_json::from_slice(&statement()).unwrap();
    let other_key = signature::public_key(&OTHER_KEY).to_string();
    for (field, value) in [
        ("to", serde_json::json!(other_key)),
        ("window", serde_json::json!({"end": 5})),
        ("window", serde_json::json!({"start": 5})),
        ("issued_at", serde_json::json!(NOW.as_millis() + 1)),
        ("signature", serde_json::json!("00".repeat(64))),
    ] {
        let mut changed = read.clone();
        changed[field] = value;
        assert_eq!(refused(&mut trust(), changed.to_string().as_bytes()), "rotation.bad_signature", "{field}");
    }
}

#[test]
fn refuses_what_is_no_statement() {
    let text = String::from_utf8(statement()).unwrap();
    let twice = text.replacen('{', r#"{"publisher":"other","#, 1);
    let other_format = text.replace("rotation v1", "rotation v2");
    for bytes in [b"".as_slice(), b"{}", twice.as_bytes(), other_format.as_bytes(), &[b' '; 70_000]] {
        assert_eq!(refused(&mut trust(), bytes), "rotation.malformed");
    }
}

#[test]
fn refuses_one_of_a_key_that_is_not_the_publishers() {
    assert_eq!(refused(&mut TrustStore::default(), &statement()), "rotation.foreign");
    assert_eq!(refused(&mut trust(), &rotation().signed(&OTHER_KEY)), "rotation.foreign");
    let mut trust = trust();
    let names = [NamePattern::parse("other.*").unwrap()];
    trust.add_key("other", names, signature::public_key(&OTHER_KEY), Window::ALWAYS).unwrap();
    assert_eq!(refused(&mut trust, &rotation().signed(&OTHER_KEY)), "rotation.foreign");
}

#[test]
fn refuses_one_by_a_revoked_key_or_of_a_revoked_publisher() {
    for what in [Revocable::Key(rotation().from), Revocable::Publisher("acme".into())] {
        let mut trust = trust();
        trust.revoke(&what, revocation()).unwrap();
        assert_eq!(refused(&mut trust, &statement()), "rotation.key_revoked");
    }
}

#[test]
fn refuses_one_by_a_key_whose_time_is_over() {
    let ended = Window { start: None, end: Some(NOW) };
    assert_eq!(refused(&mut trust_within(ended), &statement()), "rotation.key_expired");
}

#[test]
fn refuses_the_same_one_again_and_an_older_one() {
    let mut trust = trust();
    trust.rotate(&statement(), NOW).unwrap();
    assert_eq!(refused(&mut trust, &statement()), "rotation.replayed");
    let older = Rotation { from: rotation().to.id(), issued_at: NOW.plus_millis(-1), ..rotation() };
    assert_eq!(refused(&mut trust, &older.signed(&NEW_KEY)), "rotation.replayed");
}

#[test]
fn refuses_one_from_the_future_and_allows_for_a_clock_that_is_ahead() {
    let hour = 3_600_000;
    let ahead = |hours: i64| Rotation { issued_at: NOW.plus_millis(hours * hour), ..rotation() }.signed(&KEY);
    assert_eq!(refused(&mut trust(), &ahead(25)), "rotation.early");
    assert!(trust().rotate(&ahead(23), NOW).is_ok());
}

#[test]
fn refuses_a_new_key_that_was_revoked_or_is_anothers_or_the_old_one() {
    let mut revoked = trust();
    revoked.revoke(&Revocable::Key(rotation().to.id()), revocation()).unwrap();
    assert_eq!(refused(&mut revoked, &statement()), "rotation.new_key_refused");
    let mut taken = trust();
    taken.add_key("other", [], rotation().to, Window::ALWAYS).unwrap();
    assert_eq!(refused(&mut taken, &statement()), "rotation.new_key_refused");
    let same = Rotation { to: signature::public_key(&KEY), ..rotation() }.signed(&KEY);
    assert_eq!(refused(&mut trust(), &same), "rotation.new_key_refused");
}

#[test]
fn rotates_for_the_operator_without_a_signature() {
    let mut one = trust();
    one.rotate_by_operator(&rotation(), NOW).unwrap();
    assert_eq!(one.rotate(&statement(), NOW), Err(RotationRefusal::KeyExpired(rotation().from)));
    let stranger = Rotation { from: signature::public_key(&OTHER_KEY).id(), ..rotation() };
    let absent = TrustError::KeyAbsent { publisher: "acme".into(), key: stranger.from };
    assert_eq!(trust().rotate_by_operator(&stranger, Timestamp::from_millis(0)), Err(absent));
}

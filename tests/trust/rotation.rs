//! A publisher's new key: made by the author, accepted by the operator.

use std::fs;

use weighbridge_model::package::{Rotation, signature};
use weighbridge_model::time::{Timestamp, Window};

use super::operator::{Operator, Typist};
use super::sample::{KEY, OTHER_KEY, id, manifest, signed};

/// Two key files of an author, and the operator who trusts the first.
fn author() -> (Typist, String, String) {
    let typist = Typist::new();
    let [old, new] = ["old", "new"].map(|name| typist.town.path(name).to_str().unwrap().to_owned());
    for key in [&old, &new] {
        typist.town.works(&["connector", "keygen", key]);
    }
    typist.town.works(&["trust", "add", "acme", &format!("{old}.pub")]);
    (typist, old, new)
}

fn sign(typist: &Typist, version: &str, key: &str) -> String {
    let file = typist.file(&signed(&manifest(version), &KEY));
    typist.town.works(&["connector", "sign", &file, "--key", key]);
    file
}

#[test]
fn lets_the_new_key_install_and_the_old_one_no_more() {
    let (typist, old, new) = author();
    typist.town.works(&["connector", "install", &sign(&typist, "1.0.0", &old)]);
    let statement = typist.town.path("statement").to_str().unwrap().to_owned();
    let to = format!("{new}.pub");
    typist.town.works(&["connector", "rotate", "acme", "--key", &old, "--to", &to, "-o", &statement]);
    typist.town.works(&["trust", "rotate", &statement]);
    let refused = typist.town.fails(&["connector", "install", &sign(&typist, "1.1.0", &old)], 2).errors;
    assert!(refused.contains("connector.key_expired"), "{refused}");
    let listed = &typist.town.works(&["connector", "list"])["connectors"][0];
    assert_eq!(listed["state"], "usable", "what was installed under the old key goes on running");
    typist.town.works(&["connector", "install", &sign(&typist, "1.1.0", &new)]);
    let again = typist.town.fails(&["trust", "rotate", &statement], 2).errors;
    assert!(again.contains("rotation.replayed"), "{again}");
}

#[test]
fn refuses_a_statement_that_was_changed_or_is_a_strangers_or_by_a_revoked_key() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    let now = Timestamp::parse("2020-01-01T00:00:00Z").unwrap();
    let to = signature::public_key(&[23; 32]);
    let from = signature::public_key(&KEY).id();
    let rotation = Rotation { publisher: "acme".into(), from, to, window: Window::ALWAYS, issued_at: now };
    let good = String::from_utf8(rotation.signed(&KEY)).unwrap();
    let changed = good.replace(&to.to_string(), &signature::public_key(&OTHER_KEY).to_string());
    let strangers = String::from_utf8(rotation.signed(&OTHER_KEY)).unwrap();
    let refused = |text: &str| {
        let file = typist.town.path("statement");
        fs::write(&file, text).unwrap();
        let errors = typist.town.fails(&["trust", "rotate", file.to_str().unwrap()], 2).errors;
        serde_json::from_str::<serde_json::Value>(&errors).unwrap()["code"].clone()
    };
    assert_eq!(refused(&changed), "rotation.bad_signature");
    assert_eq!(refused(&strangers), "rotation.foreign");
    assert_eq!(refused("nonsense"), "rotation.malformed");
    typist.revoke(&id(&KEY));
    assert_eq!(refused(&good), "rotation.key_revoked");
    let audit = typist.town.works(&["connector", "audit", "acme"]);
    let acts = audit["audit"].as_array().unwrap().iter().filter(|line| line["act"] == "trust.rotation_refused");
    assert_eq!(acts.count(), 3, "each that could be read is written down under its publisher: {audit}");
}

#[test]
fn rotates_by_the_operators_own_word() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    let new = signature::public_key(&OTHER_KEY).to_string();
    let words = ["trust", "rotate", "--publisher", "acme", "--to", &new];
    typist.town.works(&[&words[..], &["--from", &id(&KEY)]].concat());
    typist.install(&signed(&manifest("1.0.0"), &OTHER_KEY)).unwrap();
    assert_eq!(typist.install(&signed(&manifest("1.0.1"), &KEY)), Err("connector.key_expired".into()));
    let stranger = typist.town.fails(&[&words[..], &["--from", &id(&[24; 32])]].concat(), 2).errors;
    assert!(stranger.contains("trust.key_absent"), "{stranger}");
    let keys = typist.town.works(&["trust", "list"])["publishers"][0]["keys"].clone();
    assert_eq!(keys.as_array().unwrap().len(), 2);
}

//! Every code of a package's refusal, made to happen through the engine and through the binary.

use serde_json::json;
use weighbridge_model::package::Digest;

use super::operator::{Done, Library, Operator, Typist};
use super::sample::{KEY, OTHER_KEY, asking, id, manifest, signed, unsigned};

/// What is done, and how the last step ends; `acme`'s key is trusted at first.
type Case = (&'static str, fn(&dyn Operator) -> Done);

const CASES: [Case; 10] = [
    ("unsigned", |one| one.install(&unsigned(&[manifest("1.0.0")]))),
    ("unknown_publisher", |one| one.install(&signed(&manifest("1.0.0"), &OTHER_KEY))),
    ("wrong_publisher", |one| {
        let mut foreign = manifest("1.0.0");
        foreign["name"] = json!("other.shop");
        one.install(&signed(&foreign, &KEY))
    }),
    ("bad_signature", |one| {
        let mut package = signed(&manifest("1.0.0"), &KEY);
        package[100] ^= 1;
        one.install(&package)
    }),
    ("key_expired", |one| {
        one.trust(&OTHER_KEY, Some("2020-01-01T00:00:00Z"));
        one.install(&signed(&manifest("1.0.0"), &OTHER_KEY))
    }),
    ("key_revoked", |one| {
        one.revoke(&id(&KEY));
        one.install(&signed(&manifest("1.0.0"), &KEY))
    }),
    ("digest_revoked", |one| {
        let package = signed(&manifest("1.0.0"), &KEY);
        one.revoke(&Digest::of(&package).to_string());
        one.install(&package)
    }),
    ("version_rollback", |one| {
        one.install(&signed(&manifest("1.1.0"), &KEY))?;
        one.install(&signed(&manifest("1.0.9"), &KEY))
    }),
    ("approval_needed", |one| {
        one.install(&signed(&manifest("1.0.0"), &KEY))?;
        one.install(&signed(&asking("1.1.0"), &KEY))?;
        one.roll_back("1.1.0")
    }),
    ("malformed", |one| {
        let twice = unsigned(&[manifest("1.0.0"), manifest("1.0.0")]);
        one.install(&weighbridge_model::package::signature::sign(twice, &KEY))
    }),
];

fn check(operator: &dyn Operator, (code, act): Case) {
    operator.trust(&KEY, None);
    assert_eq!(act(operator), Err(format!("connector.{code}")));
}

#[test]
fn the_engine_refuses_with_each_code() {
    CASES.into_iter().for_each(|case| check(&Library::new(), case));
}

#[test]
fn the_binary_refuses_with_each_code() {
    CASES.into_iter().for_each(|case| check(&Typist::new(), case));
}

fn check_versions(one: &dyn Operator) {
    one.trust(&KEY, None);
    let unknown = Err("connector.version_not_found".to_owned());
    assert_eq!(one.roll_back("1.0.0"), Err("connector.not_found".into()));
    one.install(&signed(&manifest("1.0.0"), &KEY)).unwrap();
    assert_eq!(one.approve("1.0.0"), Err("connector.nothing_to_approve".into()));
    assert_eq!((one.approve("7.0.0"), one.roll_back("7.0.0")), (unknown.clone(), unknown));
    assert_eq!(one.roll_back("1.0.0"), Err("connector.version_in_use".into()));
    one.install(&signed(&asking("1.1.0"), &KEY)).unwrap();
    one.approve("1.1.0").unwrap();
    let first = Digest::of(&signed(&manifest("1.0.0"), &KEY)).to_string();
    one.roll_back("1.0.0").unwrap();
    one.roll_back("1.1.0").unwrap();
    one.revoke(&first);
    assert_eq!(one.roll_back("1.0.0"), Err("connector.digest_revoked".into()), "what is revoked stays so");
}

#[test]
fn the_engine_goes_back_only_to_what_was_used_and_is_believed() {
    check_versions(&Library::new());
}

#[test]
fn the_binary_goes_back_only_to_what_was_used_and_is_believed() {
    check_versions(&Typist::new());
}

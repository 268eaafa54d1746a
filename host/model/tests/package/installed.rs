//! What is kept of an installed connector, and how it stands.

use weighbridge_model::gate::ConnectorFact;
use weighbridge_model::package::{
    Digest, Origin, PackageRow, Release, Revocable, SignatureSection, TrustStore, UnverifiedPackage, signature,
};

use super::sample::{KEY, NOW, package, revocation, trust};

fn release(version: &str) -> Release {
    let origin = Origin::Package(signature::public_key(&KEY).id());
    let digest = Digest::of(version.as_bytes());
    Release { origin, version: version.parse().unwrap(), digest, content: None, installed_at: NOW }
}

fn versions(row: &PackageRow) -> (Option<String>, Option<String>, Vec<String>) {
    let text = |release: &Release| release.version.to_string();
    (row.used.as_ref().map(text), row.waiting.as_ref().map(text), row.earlier.iter().map(text).collect())
}

fn standing(trust: &TrustStore, row: &PackageRow) -> ConnectorFact {
    trust.standing("acme.shop", Some(row))
}

#[test]
fn takes_over_and_remembers_what_was_used() {
    let mut row = PackageRow::using(release("1.0.0"));
    row.hold_back(release("1.1.0"));
    row.take_over(release("1.1.0"));
    assert_eq!(versions(&row), (Some("1.1.0".into()), None, vec!["1.0.0".into()]));
    row.take_over(release("1.1.0"));
    assert_eq!(row.earlier.len(), 1, "the same version again changes nothing");
}

#[test]
fn goes_on_waiting_with_a_version_that_is_higher_than_the_one_that_took_over() {
    let mut row = PackageRow::using(release("1.0.0"));
    row.hold_back(release("1.1.0"));
    row.take_over(release("1.0.1"));
    assert_eq!(versions(&row), (Some("1.0.1".into()), Some("1.1.0".into()), vec!["1.0.0".into()]));
    row.take_over(release("1.2.0"));
    assert_eq!(row.waiting, None);
}

#[test]
fn goes_back_to_a_version_that_was_used_and_to_no_other() {
    let mut row = PackageRow::using(release("1.0.0"));
    row.take_over(release("1.1.0"));
    row.hold_back(release("1.2.0"));
    assert!(!row.roll_back(&"0.9.0".parse().unwrap()) && !row.roll_back(&"1.2.0".parse().unwrap()));
    assert!(row.roll_back(&"1.0.0".parse().unwrap()));
    assert_eq!(versions(&row), (Some("1.0.0".into()), Some("1.2.0".into()), vec!["1.1.0".into()]));
}

#[test]
fn forgets_the_oldest_of_many_versions() {
    let mut row = PackageRow::using(release("1.0.0"));
    (1..40).for_each(|minor| row.take_over(release(&format!("1.{minor}.0"))));
    assert_eq!((row.earlier.len(), versions(&row).2[0].as_str()), (16, "1.23.0"));
}

#[test]
fn reads_back_what_it_wrote_and_a_row_of_one_version() {
    let mut row = PackageRow::using(release("1.0.0"));
    let flat = serde_json::to_string(&row.used).unwrap();
    assert_eq!(serde_json::from_str::<PackageRow>(&flat).unwrap(), row);
    row.hold_back(release("1.1.0"));
    let waiting = PackageRow { waiting: row.waiting.clone(), ..PackageRow::default() };
    for row in [row, waiting, PackageRow::default()] {
        assert_eq!(serde_json::from_str::<PackageRow>(&serde_json::to_string(&row).unwrap()).unwrap(), row);
    }
}

#[test]
fn stands_as_the_trust_store_says() {
    let row = PackageRow::using(release("1.0.0"));
    let waiting = PackageRow { waiting: Some(release("1.0.0")), ..PackageRow::default() };
    assert_eq!(trust().standing("acme.shop", None), ConnectorFact::Absent);
    assert_eq!(standing(&trust(), &row), ConnectorFact::Usable);
    assert_eq!(standing(&trust(), &waiting), ConnectorFact::ApprovalNeeded);
    assert_eq!(standing(&TrustStore::default(), &row), ConnectorFact::Untrusted);
    assert_eq!(trust().standing("other.shop", Some(&row)), ConnectorFact::Untrusted, "nobody may sign this name");
}

#[test]
fn does_not_stand_once_anything_of_it_is_revoked() {
    let bytes = package();
    let (content, _) = SignatureSection::split(&bytes).unwrap();
    let used = UnverifiedPackage::new(bytes.clone()).verify(&trust(), NOW).unwrap().release(NOW);
    let row = PackageRow::using(used);
    let key = Revocable::Key(signature::public_key(&KEY).id());
    let publisher = Revocable::Publisher("acme".into());
    for what in [key, publisher, Revocable::Package(Digest::of(&bytes)), Revocable::Package(Digest::of(content))] {
        let mut trust = trust();
        assert_eq!(trust.revoke(&what, revocation()), Ok(true));
        assert_eq!(standing(&trust, &row), ConnectorFact::Revoked, "{what}");
        assert_eq!(trust.revoke(&what, revocation()), Ok(false), "once is enough");
    }
}

#[test]
fn tells_keys_digests_and_publishers_apart_as_they_are_written() {
    let key = signature::public_key(&KEY).id();
    assert_eq!(Revocable::parse(&key.to_string()), Revocable::Key(key));
    assert_eq!(Revocable::parse(&Digest::of(b"").to_string()), Revocable::Package(Digest::of(b"")));
    assert_eq!(Revocable::parse("acme"), Revocable::Publisher("acme".into()));
}

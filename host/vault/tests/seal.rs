//! What is sealed for one place opens there and nowhere else.

use tempfile::tempdir;
use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::sealed::Sealed;
use weighbridge_vault::{Field, KeyRing, Owner};

use crate::sample;

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const CUSTOMER: Owner = Owner::Customer(TENANT, CustomerId::from_bytes([2; 16]));
const OTHER: Owner = Owner::Customer(TENANT, CustomerId::from_bytes([3; 16]));

fn ring() -> KeyRing {
    let folder = tempdir().unwrap();
    let ring = sample::ring(folder.path());
    for (owner, byte) in [(CUSTOMER, 8), (OTHER, 9)] {
        sample::add(&ring, owner, byte);
    }
    ring
}

const PLACE: Field<'static> = Field { owner: CUSTOMER, record: b"record", name: "label" };

#[test]
fn opens_where_it_was_sealed() {
    let ring = ring();
    let sealed = ring.seal(PLACE, [5; 24], b"Acme").unwrap();
    assert!(!sealed.bytes().windows(4).any(|window| window == b"Acme"));
    assert_eq!(ring.unseal(PLACE, &sealed).unwrap().as_slice(), b"Acme");
}

#[test]
fn refuses_to_open_for_another_owner_record_or_field_or_when_changed() {
    let ring = ring();
    let sealed = ring.seal(PLACE, [5; 24], b"Acme").unwrap();
    for place in [
        Field { owner: OTHER, ..PLACE },
        Field { owner: Owner::Host, ..PLACE },
        Field { record: b"recore", ..PLACE },
        Field { name: "labem", ..PLACE },
    ] {
        assert!(ring.unseal(place, &sealed).is_err(), "{place:?}");
    }
    for index in 0..sealed.bytes().len() {
        let mut bytes = sealed.bytes().to_vec();
        bytes[index] ^= 1;
        assert!(ring.unseal(PLACE, &Sealed::new(sealed.key(), bytes)).is_err(), "byte {index}");
    }
}

#[test]
fn finds_a_name_by_the_same_hash_and_no_other_owners() {
    let ring = ring();
    let hash = |owner, kind: &str, name: &str| ring.name_hash(owner, kind, name).unwrap();
    assert_eq!(hash(CUSTOMER, "endpoint", "orders"), hash(CUSTOMER, "endpoint", "orders"));
    assert_ne!(hash(CUSTOMER, "endpoint", "orders"), hash(OTHER, "endpoint", "orders"));
    assert_ne!(hash(CUSTOMER, "endpoint", "orders"), hash(CUSTOMER, "transfer", "orders"));
}

//! Keys and the signature section.

use weighbridge_model::package::{PublicKey, PublicKeyError, SignatureSection, signature};

use super::sample::{KEY, package};

#[test]
fn accepts_a_key_as_it_is_written() {
    let key = signature::public_key(&KEY);
    assert_eq!(key.to_string().parse(), Ok(key));
    assert_eq!(PublicKey::from_bytes(key.as_bytes()), Ok(key));
}

#[test]
fn refuses_keys_of_small_order() {
    let identity = {
        let mut bytes = [0; 32];
        bytes[0] = 1;
        bytes
    };
    let minus_one = {
        let mut bytes = [0xff; 32];
        bytes[0] = 0xec;
        bytes[31] = 0x7f;
        bytes
    };
    for bytes in [identity, minus_one, [0; 32]] {
        assert_eq!(PublicKey::from_bytes(&bytes), Err(PublicKeyError::Weak));
    }
    assert_eq!("weighbridge-public-ed25519:00".parse::<PublicKey>(), Err(PublicKeyError::Shape));
}

#[test]
fn finds_the_section_from_the_end() {
    let bytes = package();
    let (content, section) = SignatureSection::split(&bytes).unwrap();
    assert_eq!(content.len() + signature::SIGNATURE_SECTION_BYTES, bytes.len());
    assert_eq!(section.key_id, signature::public_key(&KEY).id());
}

#[test]
fn finds_no_section_in_other_bytes() {
    assert_eq!(SignatureSection::split(&[0; 105]), None);
    assert_eq!(SignatureSection::split(b""), None);
}

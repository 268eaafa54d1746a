//! The ring's file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::tempdir;
use weighbridge_model::id::{KeyId, TenantId};
use weighbridge_vault::{Field, KeyRing, Owner, RingError, RingFileError};

const TENANT: Owner = Owner::Tenant(TenantId::from_bytes([1; 16]));
const PLACE: Field<'static> = Field { owner: TENANT, record: b"r", name: "f" };

#[test]
fn keeps_its_keys_when_opened_again() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("ring");
    let ring = KeyRing::create(&path, KeyId::from_bytes([0; 16]), [7; 32]).unwrap();
    ring.add(TENANT, KeyId::from_bytes([8; 16]), [8; 32]).unwrap();
    let sealed = ring.seal(PLACE, [5; 24], b"text").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(KeyRing::open(&path).unwrap().unseal(PLACE, &sealed).unwrap().as_slice(), b"text");
}

#[test]
fn refuses_a_file_that_others_may_read_and_says_what_to_do() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("ring");
    KeyRing::create(&path, KeyId::from_bytes([0; 16]), [7; 32]).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = KeyRing::open(&path).unwrap_err();
    assert!(matches!(error, RingError::File(RingFileError::Exposed { mode: 0o644, .. })));
    assert!(error.to_string().contains("chmod 600"));
}

#[test]
fn refuses_a_newer_format_and_a_second_creation() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("ring");
    KeyRing::create(&path, KeyId::from_bytes([0; 16]), [7; 32]).unwrap();
    assert!(KeyRing::create(&path, KeyId::from_bytes([0; 16]), [7; 32]).is_err());
    let newer = fs::read_to_string(&path).unwrap().replace("\"format\": 1", "\"format\": 2");
    fs::write(&path, newer).unwrap();
    assert!(KeyRing::open(&path).unwrap_err().to_string().contains("format 2"));
}

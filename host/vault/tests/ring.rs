//! The ring's file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::tempdir;
use weighbridge_model::id::KeyId;
use weighbridge_vault::{KeyRing, Owner, RingError, RingFileError};

use crate::sample::{CUSTOMER, NOW, PLACE, TENANT, add, birth, in_file, master_path, reopened, ring, ring_path};

#[test]
fn keeps_its_keys_when_opened_again() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    let sealed = ring.seal(PLACE, [5; 24], b"text").unwrap();
    for file in [ring_path(folder.path()), master_path(folder.path())] {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(reopened(folder.path()).unseal(PLACE, &sealed).unwrap().as_slice(), b"text");
}

#[test]
fn holds_no_data_key_unwrapped() {
    let folder = tempdir().unwrap();
    add(&ring(folder.path()), TENANT, 8);
    let text = fs::read_to_string(ring_path(folder.path())).unwrap();
    for secret in [[7; 32], [8; 32], [9; 32]] {
        assert!(!text.contains(&data_encoding::BASE64.encode(&secret)));
    }
}

#[test]
fn refuses_a_file_that_others_may_read_and_says_what_to_do() {
    for file in [ring_path, master_path] {
        let folder = tempdir().unwrap();
        ring(folder.path());
        fs::set_permissions(file(folder.path()), fs::Permissions::from_mode(0o644)).unwrap();
        let error = KeyRing::open(&ring_path(folder.path()), in_file(folder.path())).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}

#[test]
fn refuses_a_newer_format_and_a_second_creation() {
    let folder = tempdir().unwrap();
    let path = ring_path(folder.path());
    ring(folder.path());
    assert!(KeyRing::create(&path, in_file(folder.path()), birth()).is_err());
    let newer = fs::read_to_string(&path).unwrap().replace("\"format\": 2", "\"format\": 3");
    fs::write(&path, newer).unwrap();
    let error = KeyRing::open(&path, in_file(folder.path())).unwrap_err();
    assert!(
        matches!(error, RingError::File(RingFileError::Malformed { .. })) && error.to_string().contains("format 3")
    );
}

#[test]
fn forgets_the_keys_of_a_plan_that_was_given_up() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    ring.draft(TENANT, KeyId::from_bytes([8; 16]), [8; 32]);
    assert!(ring.seal(PLACE, [5; 24], b"text").is_ok(), "a plan seals before it is kept");
    ring.drop_drafts();
    assert!(matches!(ring.seal(PLACE, [5; 24], b"text"), Err(RingError::NoKey(TENANT))));
    assert!(!reopened(folder.path()).has(TENANT));
}

#[test]
fn opens_nothing_that_a_destroyed_key_sealed() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    add(&ring, CUSTOMER, 6);
    let sealed = ring.seal(PLACE, [5; 24], b"text").unwrap();
    let older = fs::read(ring_path(folder.path())).unwrap();
    ring.destroy(TENANT).unwrap();
    assert!(ring.unseal(PLACE, &sealed).is_err() && ring.has(CUSTOMER));

    fs::write(ring_path(folder.path()), older).unwrap();
    let revived = reopened(folder.path());
    assert!(revived.unseal(PLACE, &sealed).is_err(), "an older copy of the ring brings a burned key back");
    assert!(
        !fs::read_to_string(ring_path(folder.path()))
            .unwrap()
            .contains(&format!("\"id\": \"{}\",\n      \"tenant\"", KeyId::from_bytes([8; 16])))
    );
}

#[test]
fn never_destroys_the_hosts_own_key() {
    let folder = tempdir().unwrap();
    assert!(matches!(ring(folder.path()).destroy(Owner::Host), Err(RingError::HostKey)));
}

#[test]
fn loses_no_key_when_two_processes_add_at_once() {
    let folder = tempdir().unwrap();
    let first = ring(folder.path());
    let second = reopened(folder.path());
    add(&first, TENANT, 8);
    add(&second, CUSTOMER, 6);
    let ring = reopened(folder.path());
    assert!(ring.has(TENANT) && ring.has(CUSTOMER));
}

#[test]
fn says_from_which_generation_on_a_key_is_gone_and_which_copies_left_before() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    let before = ring.status().generation;
    let (_, recovery) = weighbridge_vault::recovery_pair(&[1; 32]);
    ring.export(&recovery, NOW).unwrap();
    let destroyed = reopened(folder.path()).destroy(TENANT).unwrap();
    assert_eq!(destroyed.generation, before + 2, "the export is kept in the ring too");
    assert_eq!(destroyed.exports, [weighbridge_vault::ExportNote { at: NOW, recovery: recovery.id() }]);
    let status = reopened(folder.path()).status();
    assert_eq!((status.generation, status.exports), (destroyed.generation, destroyed.exports));
}

#[test]
fn knows_of_no_copy_before_one_left() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    assert_eq!(ring.destroy(TENANT).unwrap().exports, []);
}

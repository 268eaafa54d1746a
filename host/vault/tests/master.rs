//! What opens a ring, and what does not.

use std::fs;

use tempfile::tempdir;
use weighbridge_vault::{KeyRing, MasterError, MasterSource, RingError};

use crate::sample::{PLACE, TENANT, add, birth, in_file, master_path, passphrase, ring, ring_path};

#[test]
fn a_wrong_key_is_refused_and_changes_nothing() {
    let (folder, other) = (tempdir().unwrap(), tempdir().unwrap());
    add(&ring(folder.path()), TENANT, 8);
    let seed = weighbridge_vault::Birth { master: [1; 32], ..birth() };
    KeyRing::create(&ring_path(other.path()), in_file(other.path()), seed).unwrap();
    let before = fs::read(ring_path(folder.path())).unwrap();
    let error = KeyRing::open(&ring_path(folder.path()), in_file(other.path())).unwrap_err();
    assert!(matches!(error, RingError::Master(MasterError::Wrong)));
    assert_eq!(error.code(), "keys.wrong_master");
    assert_eq!(fs::read(ring_path(folder.path())).unwrap(), before);
}

#[test]
fn any_change_of_the_file_is_found() {
    let folder = tempdir().unwrap();
    add(&ring(folder.path()), TENANT, 8);
    let path = ring_path(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    let changed = [
        text.replace("\"version\": 1", "\"version\": 2"),
        text.replacen("\"burned\": []", "\"burned\": [\"00000000000000000000000000\"]", 1),
        text.replacen(&"04".repeat(13), &"14".repeat(13), 1),
        text.replacen("\"wrapped\": \"A", "\"wrapped\": \"B", 1),
    ];
    for (number, changed) in changed.iter().enumerate().filter(|(_, changed)| **changed != text) {
        fs::write(&path, changed).unwrap();
        assert!(KeyRing::open(&path, in_file(folder.path())).is_err(), "change {number}");
    }
    let mut bytes = text.clone().into_bytes();
    let wrapped = text.find("wrapped").unwrap() + 20;
    bytes[wrapped] = if bytes[wrapped] == b'x' { b'y' } else { b'x' };
    fs::write(&path, bytes).unwrap();
    assert!(KeyRing::open(&path, in_file(folder.path())).is_err());
}

#[test]
fn a_passphrase_opens_what_it_wrapped_and_another_does_not() {
    let folder = tempdir().unwrap();
    let path = ring_path(folder.path());
    let source = |text: &str| MasterSource::Passphrase(passphrase(text));
    let ring = KeyRing::create(&path, source("correct horse"), birth()).unwrap();
    add(&ring, TENANT, 8);
    let sealed = ring.seal(PLACE, [5; 24], b"text").unwrap();
    let again = KeyRing::open(&path, source("correct horse")).unwrap();
    assert_eq!(again.unseal(PLACE, &sealed).unwrap().as_slice(), b"text");
    let wrong = KeyRing::open(&path, source("battery staple")).unwrap_err();
    assert!(matches!(wrong, RingError::Master(MasterError::Wrong)));
    let file = KeyRing::open(&path, in_file(folder.path())).unwrap_err();
    assert!(matches!(file, RingError::Master(MasterError::NeedsPassphrase)));
}

#[test]
fn a_passphrase_does_not_open_what_a_file_wrapped() {
    let folder = tempdir().unwrap();
    ring(folder.path());
    let error = KeyRing::open(&ring_path(folder.path()), MasterSource::Passphrase(passphrase("x"))).unwrap_err();
    assert!(matches!(error, RingError::Master(MasterError::NeedsFile)));
}

#[test]
fn a_credential_is_read_and_never_written() {
    let folder = tempdir().unwrap();
    ring(folder.path());
    let credential = folder.path().join("credential");
    fs::copy(master_path(folder.path()), &credential).unwrap();
    let mut guarded = fs::metadata(&credential).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut guarded, 0o440);
    fs::set_permissions(&credential, guarded).unwrap();
    let before = fs::read(&credential).unwrap();
    let ring = KeyRing::open(&ring_path(folder.path()), MasterSource::Credential(credential.clone())).unwrap();
    add(&ring, TENANT, 8);
    assert_eq!(ring.status().master, "credential");
    assert_eq!(fs::read(&credential).unwrap(), before);
}

#[test]
fn a_header_that_asks_for_endless_memory_is_refused() {
    let folder = tempdir().unwrap();
    let path = ring_path(folder.path());
    KeyRing::create(&path, MasterSource::Passphrase(passphrase("p")), birth()).unwrap();
    let text = fs::read_to_string(&path).unwrap().replace("\"memory_kib\": 65536", "\"memory_kib\": 4000000000");
    fs::write(&path, text).unwrap();
    let error = KeyRing::open(&path, MasterSource::Passphrase(passphrase("p"))).unwrap_err();
    assert!(matches!(error, RingError::Master(MasterError::Cost)));
}

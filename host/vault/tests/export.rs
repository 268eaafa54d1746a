//! The only copy of a ring that leaves.

use std::fs;

use tempfile::tempdir;
use weighbridge_vault::{ExportError, KeyRing, RecoverySecret, RingError, recovery_pair};

use crate::sample::{CUSTOMER, NOW, PLACE, TENANT, add, in_file, ring, ring_path};

#[test]
fn opens_again_on_another_machine_with_the_recovery_key() {
    let (here, there) = (tempdir().unwrap(), tempdir().unwrap());
    let ring = ring(here.path());
    add(&ring, TENANT, 8);
    let sealed = ring.seal(PLACE, [5; 24], b"text").unwrap();
    let (secret, public) = recovery_pair(&[1; 32]);
    let export = ring.export(&public.to_string().parse().unwrap(), NOW).unwrap();
    assert!(!String::from_utf8(export.clone()).unwrap().contains(&data_encoding::BASE64.encode(&[8; 32])));
    let secret = RecoverySecret::parse(&secret.to_text()).unwrap();
    let restored =
        KeyRing::restore(&ring_path(there.path()), in_file(there.path()), &export, &secret, &[2; 32], NOW).unwrap();
    assert_eq!(restored.unseal(PLACE, &sealed).unwrap().as_slice(), b"text");
}

#[test]
fn does_not_open_with_another_key_or_when_changed() {
    let folder = tempdir().unwrap();
    let there = ring_path(&folder.path().join("there"));
    fs::create_dir(folder.path().join("there")).unwrap();
    let ring = ring(folder.path());
    let (secret, public) = recovery_pair(&[1; 32]);
    let (other, _) = recovery_pair(&[2; 32]);
    let export = ring.export(&public, NOW).unwrap();
    let restore = |export: &[u8], secret: &RecoverySecret| {
        KeyRing::restore(&there, in_file(there.parent().unwrap()), export, secret, &[2; 32], NOW).unwrap_err()
    };
    assert!(matches!(restore(&export, &other), RingError::Export(ExportError::DoesNotOpen)));
    assert!(matches!(restore(b"{}", &secret), RingError::Export(ExportError::Malformed)));
    let text = String::from_utf8(export).unwrap();
    let at = text.find("\"sealed\": \"").unwrap() + 20;
    let mut changed = text.into_bytes();
    changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
    assert!(matches!(restore(&changed, &secret), RingError::Export(ExportError::DoesNotOpen)));
    assert!(!there.exists());
}

#[test]
fn brings_no_burned_key_back() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    add(&ring, CUSTOMER, 6);
    let (secret, public) = recovery_pair(&[1; 32]);
    let export = ring.export(&public, NOW).unwrap();
    ring.destroy(TENANT).unwrap();
    fs::remove_file(ring_path(folder.path())).unwrap();
    fs::remove_file(folder.path().join("master.key")).unwrap();
    let restored =
        KeyRing::restore(&ring_path(folder.path()), in_file(folder.path()), &export, &secret, &[2; 32], NOW).unwrap();
    assert!(!restored.has(TENANT) && restored.has(CUSTOMER));
}

#[test]
fn a_restore_that_is_refused_burns_nothing_of_the_ring_that_is_there() {
    let folder = tempdir().unwrap();
    let older = ring(folder.path());
    add(&older, TENANT, 8);
    let (secret, public) = recovery_pair(&[1; 32]);
    older.destroy(TENANT).unwrap();
    let export = older.export(&public, NOW).unwrap();

    let there = tempdir().unwrap();
    add(&ring(there.path()), TENANT, 8);
    let refused = KeyRing::restore(&ring_path(there.path()), in_file(there.path()), &export, &secret, &[2; 32], NOW);
    assert!(matches!(refused, Err(RingError::File(_))));
    let ring = KeyRing::open(&ring_path(there.path()), in_file(there.path())).unwrap();
    assert!(ring.has(TENANT), "an export burned a key of the ring that it did not replace");
}

#[test]
fn refuses_a_text_that_is_no_recovery_key() {
    assert_eq!("weighbridge-recovery-AAAA".parse::<weighbridge_vault::RecoveryPublic>(), Err(ExportError::Key));
    assert!(RecoverySecret::parse("AAAA").is_err());
}

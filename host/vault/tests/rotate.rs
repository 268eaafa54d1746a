//! A new master key for the same data keys.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};

use tempfile::tempdir;
use weighbridge_vault::{KeyRing, MasterError, MasterSource, RingError, RotateTo};

use crate::sample::{CUSTOMER, NOW, PLACE, TENANT, add, master_path, passphrase, reopened, ring, ring_path};

#[test]
fn what_was_sealed_before_opens_after() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    let sealed = ring.seal(PLACE, [5; 24], b"text").unwrap();
    assert_eq!(ring.rotate(RotateTo::SamePlace, &[3; 32], NOW).unwrap(), 2);
    let again = reopened(folder.path());
    assert_eq!(again.unseal(PLACE, &sealed).unwrap().as_slice(), b"text");
    assert_eq!((again.status().version, again.status().leftovers), (2, false));
}

#[test]
fn the_old_key_opens_nothing_any_more() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    let old = folder.path().join("old.key");
    fs::copy(master_path(folder.path()), &old).unwrap();
    ring.rotate(RotateTo::SamePlace, &[3; 32], NOW).unwrap();
    let error = KeyRing::open(&ring_path(folder.path()), MasterSource::File(old)).unwrap_err();
    assert!(matches!(error, RingError::Master(MasterError::VersionAbsent { version: 2, .. })));
}

#[test]
fn a_host_that_runs_meanwhile_goes_on_adding_keys() {
    let folder = tempdir().unwrap();
    let running = ring(folder.path());
    add(&running, TENANT, 8);
    let sealed = running.seal(PLACE, [5; 24], b"text").unwrap();
    reopened(folder.path()).rotate(RotateTo::SamePlace, &[3; 32], NOW).unwrap();
    add(&running, CUSTOMER, 6);
    let again = reopened(folder.path());
    assert!(again.has(CUSTOMER) && again.unseal(PLACE, &sealed).is_ok());
    assert_eq!(again.status().version, 2);
}

#[test]
fn a_crash_between_any_two_writes_leaves_a_ring_that_opens() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    let (old_ring, old_master) =
        (fs::read(ring_path(folder.path())).unwrap(), fs::read(master_path(folder.path())).unwrap());
    ring.rotate(RotateTo::SamePlace, &[3; 32], NOW).unwrap();
    let (new_ring, new_master) =
        (fs::read(ring_path(folder.path())).unwrap(), fs::read(master_path(folder.path())).unwrap());
    let both = [&old_master[..], new_master.split(|byte| *byte == b'\n').nth(1).unwrap(), b"\n"].concat();
    for (ring, master) in [(&old_ring, &old_master), (&old_ring, &both), (&new_ring, &both), (&new_ring, &new_master)] {
        fs::write(ring_path(folder.path()), ring).unwrap();
        fs::write(master_path(folder.path()), master).unwrap();
        let opened = reopened(folder.path());
        assert!(opened.has(TENANT));
        assert_eq!(opened.status().leftovers, *master == both);
        opened.rotate(RotateTo::SamePlace, &[4; 32], NOW).unwrap();
        assert!(!reopened(folder.path()).status().leftovers, "the next rotation clears up");
    }
}

#[test]
fn moves_from_a_file_to_a_passphrase_and_back() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    add(&ring, TENANT, 8);
    let sealed = ring.seal(PLACE, [5; 24], b"text").unwrap();
    ring.rotate(RotateTo::Passphrase(passphrase("p")), &[3; 32], NOW).unwrap();
    let ring = KeyRing::open(&ring_path(folder.path()), MasterSource::Passphrase(passphrase("p"))).unwrap();
    assert!(matches!(ring.rotate(RotateTo::SamePlace, &[4; 32], NOW), Err(RingError::Master(MasterError::Place))));
    let file = folder.path().join("second.key");
    ring.rotate(RotateTo::File(file.clone()), &[4; 32], NOW).unwrap();
    let ring = KeyRing::open(&ring_path(folder.path()), MasterSource::File(file)).unwrap();
    assert!(ring.unseal(PLACE, &sealed).is_ok());
}

#[test]
fn refuses_to_write_over_another_file() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    let to = RotateTo::File(master_path(folder.path()));
    assert!(matches!(ring.rotate(to, &[3; 32], NOW), Err(RingError::Master(MasterError::Present(_)))));
    assert_eq!(reopened(folder.path()).status().version, 1);
}

/// Only root can give a file to somebody; whoever else tries this has nothing to show.
#[test]
fn a_ring_that_root_rotates_stays_the_hosts_users() {
    let folder = tempdir().unwrap();
    let ring = ring(folder.path());
    let (path, somebody) = (ring_path(folder.path()), 65_534);
    if chown(&path, Some(somebody), Some(somebody)).is_err() {
        return;
    }
    ring.rotate(RotateTo::SamePlace, &[3; 32], NOW).unwrap();
    let now = fs::metadata(&path).unwrap();
    assert_eq!((now.uid(), now.gid(), now.mode() & 0o777), (somebody, somebody, 0o600));
    assert_eq!(fs::metadata(master_path(folder.path())).unwrap().uid(), 0);
}

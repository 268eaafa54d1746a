//! Key files.

use std::os::unix::fs::PermissionsExt as _;

use weighbridge_forge::{KeyFileError, KeygenArgs, keygen, read_secret_key};

#[test]
fn makes_a_key_that_only_its_owner_reads() {
    let folder = tempfile::tempdir().unwrap();
    let keys = keygen(&KeygenArgs { path: folder.path().join("acme.key") }).unwrap();
    assert_eq!(std::fs::metadata(&keys.secret_path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(read_secret_key(&keys.secret_path).unwrap().public(), keys.public);
    assert_eq!(std::fs::read_to_string(&keys.public_path).unwrap().parse(), Ok(keys.public));
}

#[test]
fn refuses_to_overwrite_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let args = KeygenArgs { path: folder.path().join("acme.key") };
    let first = keygen(&args).unwrap();
    assert!(matches!(keygen(&args), Err(KeyFileError::File { .. })));
    assert_eq!(read_secret_key(&args.path).unwrap().public(), first.public);
}

#[test]
fn refuses_a_key_that_others_may_read() {
    let folder = tempfile::tempdir().unwrap();
    let keys = keygen(&KeygenArgs { path: folder.path().join("acme.key") }).unwrap();
    std::fs::set_permissions(&keys.secret_path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(read_secret_key(&keys.secret_path), Err(KeyFileError::Readable(_))));
}

#[test]
fn refuses_a_file_that_holds_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.key");
    std::fs::write(&path, "weighbridge-secret-ed25519:00").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(read_secret_key(&path), Err(KeyFileError::Malformed(_))));
}

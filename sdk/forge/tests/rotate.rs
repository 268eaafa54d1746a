//! Rotation statements as the author makes them.

use weighbridge_forge::{KeyFileError, KeygenArgs, Keys, RotateArgs, RotateError, keygen, rotate};
use weighbridge_model::package::{NamePattern, TrustStore};
use weighbridge_model::time::{Timestamp, Window};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn keys(folder: &tempfile::TempDir, name: &str) -> Keys {
    keygen(&KeygenArgs { path: folder.path().join(name) }).unwrap()
}

fn args(folder: &tempfile::TempDir, old: &Keys, new: &Keys) -> RotateArgs {
    let (key, to, out) = (old.secret_path.clone(), new.public_path.clone(), folder.path().join("statement"));
    RotateArgs { key, to, publisher: "acme".into(), window: Window::ALWAYS, issued_at: NOW, out }
}

#[test]
fn writes_a_statement_that_an_operator_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (keys(&folder, "old"), keys(&folder, "new"));
    let args = args(&folder, &old, &new);
    let rotation = rotate(&args).unwrap();
    let mut trust = TrustStore::default();
    trust.add_key("acme", [NamePattern::parse("acme.*").unwrap()], old.public, Window::ALWAYS).unwrap();
    assert_eq!(trust.rotate(&std::fs::read(&args.out).unwrap(), NOW), Ok(rotation));
    assert!(trust.key(new.id).is_some());
}

#[test]
fn refuses_a_secret_key_in_the_place_of_the_new_public_one() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (keys(&folder, "old"), keys(&folder, "new"));
    let swapped = RotateArgs { to: new.secret_path.clone(), ..args(&folder, &old, &new) };
    assert!(matches!(rotate(&swapped), Err(RotateError::NewKey(_))));
    let public = RotateArgs { key: old.public_path.clone(), ..args(&folder, &old, &new) };
    let refused = rotate(&public).unwrap_err();
    assert!(matches!(refused, RotateError::Key(KeyFileError::Malformed(_) | KeyFileError::Readable(_))));
}

//! One file, one writer, and readers beside it.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use weighbridge_model::id::BlobId;
use weighbridge_store::conformance::conforms;
use weighbridge_store::engine::{Engine, FileEngine, FileSettings};
use weighbridge_store::tables::{HostRow, Hosts};
use weighbridge_store::{Access, FORMAT, HostScope, OpenError, Store};

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.redb");
    (folder, path)
}

fn open(path: &Path) -> FileEngine {
    FileEngine::open(path, FileSettings::default()).unwrap()
}

fn put(engine: &FileEngine, row: &[u8]) {
    engine.apply([(b"a".to_vec(), Some(row.to_vec()))].into()).unwrap();
}

fn row(engine: &FileEngine) -> Option<Vec<u8>> {
    engine.snapshot().unwrap().get(b"a").unwrap()
}

#[test]
fn conforms_as_every_engine_does() {
    let (folder, number) = (TempDir::new().unwrap(), Cell::new(0));
    conforms(|| {
        number.set(number.get() + 1);
        open(&folder.path().join(format!("{}.redb", number.get())))
    });
}

#[test]
fn keeps_rows_and_blobs_when_opened_again() {
    let (_folder, path) = folder();
    let (engine, blob) = (open(&path), BlobId::from_bytes([1; 16]));
    put(&engine, b"1");
    engine.put_blob(blob, b"bytes").unwrap();
    engine.close().unwrap();
    let again = open(&path);
    assert_eq!((row(&again), again.get_blob(blob).unwrap()), (Some(b"1".to_vec()), Some(b"bytes".to_vec())));
}

#[test]
fn keeps_rows_when_nobody_closed_it() {
    let (_folder, path) = folder();
    let engine = open(&path);
    put(&engine, b"1");
    drop(engine);
    assert_eq!(row(&open(&path)), Some(b"1".to_vec()));
}

#[test]
fn is_made_when_the_power_went_while_it_was_made_before() {
    let (_folder, path) = folder();
    // So far redb comes before it knows its own file again: a length, and zeros where its first words will be.
    std::fs::write(path.with_extension("new"), vec![0; 1 << 20]).unwrap();
    put(&open(&path), b"1");
    assert!(path.exists() && !path.with_extension("new").exists());
}

#[test]
fn refuses_a_second_writer_until_the_first_has_closed() {
    let (_folder, path) = folder();
    let engine = open(&path);
    let refused = FileEngine::open(&path, FileSettings::default()).err().unwrap();
    assert!(matches!(&refused, OpenError::InUse { path: named } if *named == path), "{refused}");
    assert!(refused.to_string().starts_with("store.in_use: "), "{refused}");
    engine.close().unwrap();
    put(&open(&path), b"1");
}

#[test]
fn lets_a_reader_follow_a_writers_commits() {
    let (_folder, path) = folder();
    let writer = open(&path);
    put(&writer, b"1");
    let reader = FileEngine::open_reading(&path, FileSettings::default()).unwrap();
    assert_eq!(row(&reader), Some(b"1".to_vec()));
    put(&writer, b"2");
    assert_eq!(row(&reader), Some(b"2".to_vec()));
    reader.close().unwrap();
    put(&writer, b"3");
    assert_eq!(row(&writer), Some(b"3".to_vec()));
}

#[test]
fn refuses_changes_by_a_reader() {
    let (_folder, path) = folder();
    open(&path).close().unwrap();
    let reader = FileEngine::open_reading(&path, FileSettings::default()).unwrap();
    let refused = reader.apply([(b"a".to_vec(), None)].into()).unwrap_err();
    assert!(refused.to_string().contains("reading only"), "{refused}");
}

#[test]
fn refuses_to_read_a_file_that_is_not_there() {
    let (_folder, path) = folder();
    let refused = Store::open(&path, Access::Read).unwrap_err();
    assert!(matches!(&refused, OpenError::Absent { path: named } if *named == path), "{refused}");
    assert!(refused.to_string().contains("weighbridge init"), "{refused}");
    assert!(!path.exists(), "a reader makes no file");
}

#[test]
fn refuses_a_file_that_is_no_store() {
    let (_folder, path) = folder();
    std::fs::write(&path, b"this is no store, and long enough to be looked at as if it were one").unwrap();
    for access in [Access::Read, Access::Write] {
        let refused = Store::open(&path, access).unwrap_err();
        assert!(refused.to_string().starts_with("store.unreadable: "), "{refused}");
    }
}

#[tokio::test]
async fn refuses_a_newer_format_and_names_both() {
    let (_folder, path) = folder();
    let store = Store::open(&path, Access::Write).unwrap();
    let newer = HostRow::fresh(FORMAT + 1);
    store.write(move |tx| tx.put::<Hosts>(&HostScope::new(), &(), &newer)).await.unwrap();
    store.close().await.unwrap();
    for access in [Access::Read, Access::Write] {
        let refused = Store::open(&path, access).unwrap_err();
        assert!(matches!(refused, OpenError::Newer { found, known } if (found, known) == (FORMAT + 1, FORMAT)));
        let named = format!("format {}, and this version knows {FORMAT}", FORMAT + 1);
        assert!(refused.to_string().contains(&named), "{refused}");
    }
}

#[tokio::test]
async fn opens_a_store_of_its_own_format_again() {
    let (_folder, path) = folder();
    Store::open(&path, Access::Write).unwrap().close().await.unwrap();
    let store = Store::open(&path, Access::Write).unwrap();
    let row = store.read(|tx| tx.get::<Hosts>(&HostScope::new(), &())).unwrap();
    assert_eq!(row, Some(HostRow::fresh(FORMAT)));
}

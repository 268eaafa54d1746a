//! What every engine must do: one function that whoever writes an engine calls in a test.
//!
//! ```
//! use weighbridge_store::conformance::conforms;
//! use weighbridge_store::engine::MemoryEngine;
//!
//! conforms(MemoryEngine::default);
//! ```

use std::sync::atomic::{AtomicBool, Ordering};

use weighbridge_model::id::BlobId;

use crate::engine::{Changes, Engine, EngineError, Rows};

/// Every case, each on an engine of its own.
const CASES: [fn(&dyn Engine); 12] = [
    is_empty_at_first,
    gives_rows_back,
    replaces_and_removes_rows,
    tells_an_empty_row_from_none,
    keeps_long_keys_and_rows,
    scans_in_the_order_of_bytes,
    scans_one_prefix,
    scans_at_most_a_limit_after_a_key,
    shows_a_snapshot_as_it_was,
    applies_all_changes_or_none,
    counts_rows_by_their_first_byte,
    keeps_blobs,
];

/// Panics with a sentence where an engine does not do what the store relies on. `fresh` makes an engine without rows.
pub fn conforms<E: Engine>(fresh: impl Fn() -> E) {
    for case in CASES {
        let engine = fresh();
        case(&engine);
        done("close", engine.close());
    }
}

fn done<T>(what: &str, result: Result<T, EngineError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("an engine that works can {what}, and this one said: {error}"),
    }
}

fn apply(engine: &dyn Engine, changes: &[(&[u8], Option<&[u8]>)]) {
    let changes: Changes = changes.iter().map(|(key, row)| (key.to_vec(), row.map(<[u8]>::to_vec))).collect();
    done("apply changes", engine.apply(changes));
}

fn get(engine: &dyn Engine, key: &[u8]) -> Option<Vec<u8>> {
    done("read a row", done("take a snapshot", engine.snapshot()).get(key))
}

fn scan(engine: &dyn Engine, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Rows {
    done("scan", done("take a snapshot", engine.snapshot()).scan(prefix, after, limit))
}

fn keys(engine: &dyn Engine, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<Vec<u8>> {
    scan(engine, prefix, after, limit).into_iter().map(|(key, _)| key).collect()
}

fn is_empty_at_first(engine: &dyn Engine) {
    assert_eq!(get(engine, b"a"), None, "a fresh engine has no rows");
    assert_eq!(scan(engine, b"", None, 10), Rows::new(), "a fresh engine has nothing to scan");
    apply(engine, &[]);
    assert_eq!(scan(engine, b"", None, 10), Rows::new(), "no changes make no rows");
}

fn gives_rows_back(engine: &dyn Engine) {
    apply(engine, &[(b"a", Some(b"1")), (b"b", Some(b"2"))]);
    assert_eq!(get(engine, b"a").as_deref(), Some(&b"1"[..]), "a row is given back as it was written");
    assert_eq!(get(engine, b"ab"), None, "a key is found whole or not at all");
    let rows: Rows = vec![(b"a".to_vec(), b"1".to_vec()), (b"b".to_vec(), b"2".to_vec())];
    assert_eq!(scan(engine, b"", None, 10), rows, "a scan gives keys and rows");
}

fn replaces_and_removes_rows(engine: &dyn Engine) {
    apply(engine, &[(b"a", Some(b"1")), (b"b", Some(b"2")), (b"c", Some(b"3"))]);
    apply(engine, &[(b"a", Some(b"one")), (b"b", None), (b"z", None)]);
    assert_eq!(get(engine, b"a").as_deref(), Some(&b"one"[..]), "a later row replaces the earlier one");
    assert_eq!(get(engine, b"b"), None, "a removed row is gone");
    assert_eq!(keys(engine, b"", None, 10), [b"a", b"c"], "a scan leaves removed rows out");
}

fn tells_an_empty_row_from_none(engine: &dyn Engine) {
    apply(engine, &[(b"a", Some(b""))]);
    assert_eq!(get(engine, b"a").as_deref(), Some(&b""[..]), "an empty row is a row");
    assert_eq!(keys(engine, b"a", None, 10), [b"a"], "a scan gives an empty row");
}

fn keeps_long_keys_and_rows(engine: &dyn Engine) {
    let (key, row) = (vec![7; 2_000], vec![9; 3 << 20]);
    let longer = [&key[..], b"x"].concat();
    apply(engine, &[(&key, Some(&row)), (&longer, Some(b"other"))]);
    assert!(get(engine, &key) == Some(row), "a row of three mebibytes is kept whole");
    assert_eq!(get(engine, &longer).as_deref(), Some(&b"other"[..]), "long keys differ in their last byte");
}

fn scans_in_the_order_of_bytes(engine: &dyn Engine) {
    let sorted: [&[u8]; 7] = [b"\0", b"\0\0", b"\x01", b"a", b"a\0", b"b", b"\xff"];
    let shuffled: Vec<_> =
        [4, 0, 6, 2, 5, 1, 3].iter().map(|index: &usize| (sorted[*index], Some(&b"-"[..]))).collect();
    apply(engine, &shuffled);
    assert_eq!(keys(engine, b"", None, 10), sorted, "keys are in the order of their bytes, the shorter one first");
}

fn scans_one_prefix(engine: &dyn Engine) {
    let all: [&[u8]; 7] = [b"a", b"b", b"b\0", b"b\xff", b"c", b"\xff", b"\xff\xff"];
    apply(engine, &all.map(|key| (key, Some(&b"-"[..]))));
    assert_eq!(keys(engine, b"b", None, 10), [&b"b"[..], b"b\0", b"b\xff"], "a scan gives all keys of its prefix");
    assert_eq!(keys(engine, b"\xff", None, 10), [&b"\xff"[..], b"\xff\xff"], "the last byte has an end too");
    assert_eq!(keys(engine, b"bb", None, 10), Vec::<Vec<u8>>::new(), "a prefix may have no keys");
}

fn scans_at_most_a_limit_after_a_key(engine: &dyn Engine) {
    let all: [&[u8]; 6] = [b"a1", b"b1", b"b2", b"b3", b"b4", b"c1"];
    apply(engine, &all.map(|key| (key, Some(&b"-"[..]))));
    assert_eq!(keys(engine, b"b", None, 2), [b"b1", b"b2"], "a limit cuts the end off");
    assert_eq!(keys(engine, b"b", None, 0), Vec::<Vec<u8>>::new(), "a limit of none gives none");
    assert_eq!(keys(engine, b"b", None, usize::MAX).len(), 4, "a limit may be as large as can be");
    assert_eq!(keys(engine, b"b", Some(b"b2"), 10), [b"b3", b"b4"], "the key to go on after is left out");
    assert_eq!(keys(engine, b"b", Some(b"b2x"), 1), [b"b3"], "the key to go on after need not be there");
    assert_eq!(keys(engine, b"b", Some(b"b4"), 10), Vec::<Vec<u8>>::new(), "nothing is after the last key");
    assert_eq!(keys(engine, b"b", Some(b"a"), 1), [b"b1"], "a key before the prefix leaves nothing out");
    assert_eq!(keys(engine, b"b", Some(b"c"), 1), Vec::<Vec<u8>>::new(), "a key behind the prefix leaves all out");
}

fn shows_a_snapshot_as_it_was(engine: &dyn Engine) {
    apply(engine, &[(b"a", Some(b"1")), (b"b", Some(b"2"))]);
    let before = done("take a snapshot", engine.snapshot());
    apply(engine, &[(b"a", Some(b"one")), (b"b", None), (b"c", Some(b"3"))]);
    let row = done("read a row", before.get(b"a"));
    assert_eq!(row.as_deref(), Some(&b"1"[..]), "a snapshot shows rows as they were when it was taken");
    let rows = done("scan", before.scan(b"", None, 10));
    let rows: Vec<&[u8]> = rows.iter().map(|(key, _)| key.as_slice()).collect();
    assert_eq!(rows, [b"a", b"b"], "a snapshot is scanned as it was when it was taken");
    assert_eq!(keys(engine, b"", None, 10), [b"a", b"c"], "a later snapshot shows what was applied");
}

/// Two rows change together, and whoever looks meanwhile never sees them differ.
fn applies_all_changes_or_none(engine: &dyn Engine) {
    let ended = AtomicBool::new(false);
    apply(engine, &[(b"a", Some(b"0")), (b"b", Some(b"0"))]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..50_u8 {
                apply(engine, &[(b"a", Some(&[round])), (b"b", Some(&[round]))]);
            }
            ended.store(true, Ordering::Release);
        });
        while !ended.load(Ordering::Acquire) {
            let rows = scan(engine, b"", None, 10);
            assert_eq!(rows[0].1, rows[1].1, "changes that were applied together are seen together");
        }
    });
}

fn counts_rows_by_their_first_byte(engine: &dyn Engine) {
    let count = |number: u8| done("count rows", engine.counts()).get(&number).copied().unwrap_or_default();
    assert_eq!(count(b'a'), 0, "a fresh engine counts no rows");
    apply(engine, &[(b"a1", Some(b"1")), (b"a2", Some(b"")), (b"b1", Some(b"1"))]);
    assert_eq!((count(b'a'), count(b'b'), count(b'c')), (2, 1, 0), "rows are counted by their first byte");
    apply(engine, &[(b"a1", Some(b"one")), (b"a2", None), (b"a9", None), (b"b2", Some(b"2"))]);
    assert_eq!(
        (count(b'a'), count(b'b')),
        (1, 2),
        "a row that is replaced counts once, and one that is gone not at all"
    );
    apply(engine, &[(b"a1", None), (b"b1", None), (b"b2", None)]);
    assert_eq!((count(b'a'), count(b'b')), (0, 0), "nothing is counted where nothing is left");
}

fn keeps_blobs(engine: &dyn Engine) {
    let (one, other) = (BlobId::from_bytes([1; 16]), BlobId::from_bytes([2; 16]));
    let blob = |id| done("read a blob", engine.get_blob(id));
    assert_eq!(blob(one), None, "a blob is not there before it was put");
    done("drop a blob that is not there", engine.drop_blob(one));
    done("put a blob", engine.put_blob(one, b"first"));
    done("put an empty blob", engine.put_blob(other, b""));
    assert_eq!((blob(one), blob(other)), (Some(b"first".to_vec()), Some(vec![])), "a blob is given back whole");
    done("replace a blob", engine.put_blob(one, b"second"));
    assert_eq!(blob(one), Some(b"second".to_vec()), "a blob put again replaces the one before");
    done("drop a blob", engine.drop_blob(one));
    assert_eq!((blob(one), blob(other)), (None, Some(vec![])), "only the blob that was dropped is gone");
    assert_eq!(done("list blobs", engine.blobs()), [other], "the blobs that are there are listed");
    assert_eq!(scan(engine, b"", None, 10), Rows::new(), "blobs are no rows");
}

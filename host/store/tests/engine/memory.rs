//! Rows in memory.

use weighbridge_store::conformance::conforms;
use weighbridge_store::engine::{Engine, MemoryEngine};

#[test]
fn conforms_as_every_engine_does() {
    conforms(MemoryEngine::default);
}

#[test]
fn shares_its_rows_with_its_clones() {
    let engine = MemoryEngine::default();
    engine.clone().apply([(b"a".to_vec(), Some(b"1".to_vec()))].into()).unwrap();
    assert_eq!(engine.snapshot().unwrap().get(b"a").unwrap(), Some(b"1".to_vec()));
}

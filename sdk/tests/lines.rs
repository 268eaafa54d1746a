//! Records as lines.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use weighbridge_sdk::{Lines, lines};

#[test]
fn passes_a_record_on_as_it_is_written() {
    let mut records = Lines::new();
    let raw: Box<RawValue> = serde_json::from_str("{\"a\":\n 1.10,\r\n \"b\": \"x\\ny\"}").unwrap();
    records.push_raw(&raw);
    assert_eq!(records.into_bytes(), b"{\"a\":  1.10,   \"b\": \"x\\ny\"}\n");
}

#[test]
fn reads_what_it_collected() {
    let mut records = Lines::new();
    records.push(&json!({"id": 1})).unwrap();
    records.push(&json!({"id": 2})).unwrap();
    assert_eq!((records.count(), records.len()), (2, 18));
    let read: Vec<Value> = lines::records(&records.into_bytes()).map(|record| record.unwrap()).collect();
    assert_eq!(read, [json!({"id": 1}), json!({"id": 2})]);
}

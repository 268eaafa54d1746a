//! What a host signed is believed, and nothing else.

use weighbridge_model::package::signature::public_key;
use weighbridge_model::statement::Statement;

const SECRET: [u8; 32] = [7; 32];

fn statement() -> Statement<Vec<u64>> {
    Statement::new("numbers", vec![1, 2, 3], &SECRET)
}

#[test]
fn a_statement_is_believed_after_it_was_written_and_read() {
    let json = serde_json::to_string(&statement()).unwrap();
    let read: Statement<Vec<u64>> = serde_json::from_str(&json).unwrap();
    assert!(read.is_by("numbers", &public_key(&SECRET)));
}

#[test]
fn a_changed_one_another_kind_and_another_key_are_not() {
    let key = public_key(&SECRET);
    assert!(!Statement { said: vec![1, 2, 4], ..statement() }.is_by("numbers", &key));
    assert!(!statement().is_by("other numbers", &key));
    assert!(!statement().is_by("numbers", &public_key(&[8; 32])));
    assert!(!Statement { public_key: public_key(&[8; 32]), ..statement() }.is_by("numbers", &key));
}

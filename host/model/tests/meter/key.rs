//! Derived ids never change: a stored ledger and a destination's memory of keys hang on them.

use std::collections::BTreeSet;

use weighbridge_model::id::{BatchId, RunId, TransferId};
use weighbridge_model::meter::key::{self, Verb};
use weighbridge_model::time::Timestamp;

fn transfer(byte: u8) -> TransferId {
    TransferId::from_bytes([byte; 16])
}

fn batch(transfer_byte: u8, stream: &str, lineage: u64, sequence: u64) -> BatchId {
    key::batch(transfer(transfer_byte), &stream.parse().unwrap(), lineage, sequence)
}

#[test]
fn are_the_ones_that_stored_ledgers_know() {
    let (id, run) = (batch(1, "orders", 2, 3), RunId::from_bytes([7; 16]));
    assert_eq!(id.to_string(), "ke3b96dfb98tba0k6q6a9ikqug");
    assert_eq!(key::entry_of_batch(id).to_string(), "38dq8chmpsrpfqf2q8fe4fm4s4");
    assert_eq!(key::entry_of_run(run).to_string(), "13n17q01g1k1d9ooao61k2n3k4");
    assert_eq!(key::entry_of_attempt(run, 1).to_string(), "ggjcmc1kgp2a109neavbespp44");
    assert_eq!(key::delivery(id, Verb::Write, b"{}\n"), "667032d94d21fa8698eca96f7171f01b");
    assert_eq!(key::record("667032d94d21fa8698eca96f7171f01b", 4, 1), "322efc2cda51c836c983e1cfb2535598");
    assert_eq!(
        key::dead_letter(id, Timestamp::from_millis(1_700_000_000_000), 4).to_string(),
        "vpq306knvsn5olhakb1000000g"
    );
}

#[test]
fn of_batches_differ_by_each_part() {
    let ids = [
        batch(1, "orders", 2, 3),
        batch(2, "orders", 2, 3),
        batch(1, "order", 2, 3),
        batch(1, "orders", 3, 3),
        batch(1, "orders", 2, 4),
        batch(1, "orders", 3, 2),
    ];
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn of_entries_differ_by_what_they_bill() {
    let (same, other) = (RunId::from_bytes([7; 16]), RunId::from_bytes([8; 16]));
    let ids = [
        key::entry_of_batch(BatchId::from_bytes([7; 16])),
        key::entry_of_run(same),
        key::entry_of_run(other),
        key::entry_of_attempt(same, 1),
        key::entry_of_attempt(same, 2),
        key::entry_of_attempt(other, 1),
    ];
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn of_deliveries_are_the_same_for_the_same_bytes() {
    let id = batch(1, "orders", 2, 3);
    let key = key::delivery(id, Verb::Write, b"{\"a\":1}\n");
    assert_eq!(key, key::delivery(id, Verb::Write, b"{\"a\":1}\n"));
    assert!(key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
}

#[test]
fn of_deliveries_differ_by_batch_verb_and_bytes() {
    let id = batch(1, "orders", 2, 3);
    let keys = [
        key::delivery(id, Verb::Write, b"{\"a\":1}\n"),
        key::delivery(id, Verb::Write, b"{\"a\":2}\n"),
        key::delivery(id, Verb::Write, b""),
        key::delivery(id, Verb::Remove, b"{\"a\":1}\n"),
        key::delivery(batch(1, "orders", 2, 4), Verb::Write, b"{\"a\":1}\n"),
    ];
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
}

#[test]
fn of_records_sent_alone_differ_by_delivery_place_and_try() {
    let keys = [
        key::record("a", 0, 1),
        key::record("b", 0, 1),
        key::record("a", 1, 1),
        key::record("a", 0, 2),
        key::record("a", 1, 0),
    ];
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
}

#[test]
fn of_rejected_records_stand_newest_batch_first_and_then_in_their_order() {
    let (id, other) = (batch(1, "orders", 2, 3), batch(1, "orders", 2, 4));
    let (earlier, later) = (Timestamp::from_millis(1_700_000_000_000), Timestamp::from_millis(1_700_000_000_001));
    let ids = [
        key::dead_letters_of(later),
        key::dead_letter(other, later, 0),
        key::dead_letter(other, later, 1),
        key::dead_letter(other, later, 300),
        key::dead_letters_of(earlier),
        key::dead_letter(id, earlier, 0),
    ];
    assert!(ids.is_sorted_by(|before, after| before < after), "{ids:?}");
    assert_eq!(key::dead_letter_held_at(ids[3]), later);
}

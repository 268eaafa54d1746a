//! A hold ends once: settled, released, or written off.

use weighbridge_model::gate::RefusalCode;
use weighbridge_model::id::{CustomerId, RunId, TransferId};
use weighbridge_model::meter::{
    Accounts, Amounts, EntryKind, Overrun, Quota, Reservation, extend, key, release, reserve, settle, write_off,
};
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::BatchLimit;

use super::{START, accounts, amounts, batch, permit};

/// Ten records and a hundred bytes on hold.
fn held(quota: Quota) -> (Reservation, Accounts) {
    let mut accounts = accounts(Quota::default(), quota);
    let permit = permit(&accounts, BatchLimit { records: 10, bytes: 100 }, false).unwrap();
    let reservation = reserve(permit, batch(0), 1, &mut accounts);
    (reservation, accounts)
}

#[test]
fn bills_what_was_delivered_and_gives_the_rest_back() {
    let (reservation, mut accounts) = held(Quota::default());
    assert_eq!(accounts.customer.balance.held, amounts(10, 100));
    settle(&reservation, amounts(4, 50), &mut accounts).unwrap();
    for account in accounts.all() {
        assert_eq!((account.balance.spent, account.balance.held), (amounts(4, 50), Amounts::ZERO));
    }
}

#[test]
fn refuses_to_bill_more_than_was_held_and_changes_nothing() {
    for delivered in [amounts(11, 100), amounts(10, 101), Amounts { requests: 1, ..Amounts::ZERO }] {
        let (reservation, mut accounts) = held(Quota::default());
        let before = accounts;
        let overrun = settle(&reservation, delivered, &mut accounts).unwrap_err();
        assert_eq!(overrun, Overrun { delivered, held: amounts(10, 100) });
        assert_eq!(accounts, before);
    }
}

#[test]
fn refuses_to_end_the_same_hold_twice() {
    let (reservation, mut accounts) = held(Quota::default());
    release(&reservation, &mut accounts).unwrap();
    let before = accounts;
    assert!(release(&reservation, &mut accounts).is_err());
    assert_eq!(accounts, before);
}

#[test]
fn writes_off_under_the_entry_that_would_have_billed_the_batch() {
    let (reservation, mut accounts) = held(Quota::default());
    let of = (CustomerId::from_bytes([2; 16]), TransferId::from_bytes([1; 16]), RunId::from_bytes([3; 16]));
    let entry = write_off(&reservation, of, Timestamp::from_millis(5), &mut accounts).unwrap();
    assert_eq!((entry.id, entry.kind), (key::entry_of_batch(batch(0)), EntryKind::WrittenOff));
    assert_eq!((entry.amounts, entry.periods), (Amounts::ZERO, [START; 2]));
    assert_eq!(accounts.customer.balance, Default::default());
}

#[test]
fn extends_a_hold_up_to_the_last_byte_that_was_granted() {
    let (mut reservation, mut accounts) = held(Quota { bytes: Some(150), ..Quota::default() });
    extend(&mut reservation, 50, &mut accounts).unwrap();
    assert_eq!((reservation.hold().bytes, accounts.tenant.balance.held.bytes), (150, 150));
}

#[test]
fn refuses_to_extend_a_hold_by_more_and_names_the_reason() {
    for (spent, code) in [(0, RefusalCode::QuotaHeld), (150, RefusalCode::QuotaExhausted)] {
        let (mut reservation, mut accounts) = held(Quota { bytes: Some(150), ..Quota::default() });
        accounts.customer.balance.spent = amounts(0, spent);
        let before = (reservation.clone(), accounts);
        assert_eq!(extend(&mut reservation, 51, &mut accounts).unwrap_err().code, code);
        assert_eq!((reservation, accounts), before);
    }
}

#[test]
fn looks_past_a_batchs_own_hold_only_in_the_period_that_it_counts_in() {
    let (reservation, mut accounts) = held(Quota::default());
    assert_eq!(accounts.without(&reservation).customer.balance.held, Amounts::ZERO);
    accounts.customer.period = Timestamp::from_millis(1);
    let seen = accounts.without(&reservation);
    assert_eq!((seen.tenant.balance.held, seen.customer.balance.held), (Amounts::ZERO, amounts(10, 100)));
}

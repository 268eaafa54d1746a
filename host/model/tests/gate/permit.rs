//! How much a yes allows, and which no a quota gives.

use weighbridge_model::gate::{Facts, RefusalCode, decide};
use weighbridge_model::id::{BatchId, TransferId};
use weighbridge_model::meter::{Account, Amounts, key, reserve};

use super::{NOW, open, records, said};

fn with(change: impl FnOnce(&mut Account, &mut Account)) -> Facts {
    let mut facts = open();
    change(&mut facts.accounts.tenant, &mut facts.accounts.customer);
    facts
}

fn batch() -> BatchId {
    key::batch(TransferId::from_bytes([1; 16]), &"orders".parse().unwrap(), 0, 0)
}

#[track_caller]
fn check_allows(facts: &Facts, allowed: (u64, u64), by_quota: bool) {
    let permit = decide(facts, NOW).unwrap();
    assert_eq!((permit.allow().records, permit.allow().bytes), allowed);
    let mut accounts = facts.accounts;
    assert_eq!(reserve(permit, batch(), 1, &mut accounts).by_quota(), by_quota);
}

#[test]
fn allows_the_batch_limit_when_no_quota_leaves_less() {
    check_allows(&open(), (100, 10_000), false);
    check_allows(&with(|tenant, _| tenant.quota.records = Some(100)), (100, 10_000), false);
}

#[test]
fn allows_what_the_narrower_quota_leaves_and_says_that_a_quota_did() {
    check_allows(&with(|tenant, _| tenant.quota.records = Some(99)), (99, 10_000), true);
    check_allows(&with(|_, customer| customer.quota.bytes = Some(7)), (100, 7), true);
    let both = with(|tenant, customer| {
        tenant.quota.records = Some(60);
        (tenant.balance.spent, tenant.balance.held) = (records(10), records(20));
        customer.quota.records = Some(40);
        customer.balance.spent = records(5);
    });
    check_allows(&both, (30, 10_000), true);
}

#[test]
fn says_exhausted_when_all_is_spent_and_held_when_some_of_it_may_come_back() {
    let balanced = |spent, held| {
        with(|_, customer| {
            customer.quota.records = Some(10);
            (customer.balance.spent, customer.balance.held) = (records(spent), records(held));
        })
    };
    for (spent, held, wanted) in [
        (9, 0, None),
        (4, 5, None),
        (9, 1, Some(RefusalCode::QuotaHeld)),
        (0, 10, Some(RefusalCode::QuotaHeld)),
        (5, 50, Some(RefusalCode::QuotaHeld)),
        (10, 0, Some(RefusalCode::QuotaExhausted)),
        (12, 3, Some(RefusalCode::QuotaExhausted)),
    ] {
        assert_eq!(said(&balanced(spent, held), NOW), wanted, "{spent} spent, {held} held of 10");
    }
}

#[test]
fn asks_for_a_run_only_when_one_begins() {
    let mut facts = with(|tenant, _| {
        tenant.quota.runs = Some(1);
        tenant.balance.spent = Amounts { runs: 1, ..Amounts::ZERO };
    });
    assert_eq!(said(&facts, NOW), Some(RefusalCode::QuotaExhausted));
    facts.ask.new_run = false;
    assert_eq!(said(&facts, NOW), None);
}

#[test]
fn never_limits_requests_since_they_were_made_when_they_are_billed() {
    let spent = with(|tenant, _| tenant.balance.spent = Amounts { requests: u64::MAX, ..Amounts::ZERO });
    assert_eq!(said(&spent, NOW), None);
}

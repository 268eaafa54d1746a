//! Who may renew a grant, and when.

use weighbridge_model::grant::{Grant, LEASE_MS, StaleRenewal, Step};
use weighbridge_model::id::{ConnectionId, KeyId};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

const fn after(seconds: i64) -> Timestamp {
    START.plus_millis(seconds * 1_000)
}

fn tokens() -> Sealed {
    Sealed::new(KeyId::from_bytes([1; 16]), vec![2])
}

/// A grant with a pair that came at the start and lives so many seconds.
fn grant(life_s: i64) -> Grant {
    let begun = Grant::new(ConnectionId::from_bytes([1; 16]), START).renewing(START);
    begun.renewed(1, tokens(), Some(after(life_s)), START).unwrap()
}

fn step(grant: &Grant, rejected: Option<u64>, now: Timestamp) -> Step {
    grant.step(rejected, START, now)
}

#[test]
fn a_token_is_used_until_shortly_before_its_end() {
    let hour = grant(3_600);
    assert_eq!(step(&hour, None, after(3_539)), Step::Use);
    assert_eq!(step(&hour, None, after(3_540)), Step::Renew);
    let short = grant(10);
    assert_eq!((step(&short, None, after(7)), step(&short, None, after(8))), (Step::Use, Step::Renew));
    let endless = Grant { expires_at: None, ..grant(1) };
    assert_eq!(step(&endless, None, after(1_000_000)), Step::Use);
}

#[test]
fn a_rejected_token_is_renewed_and_one_that_replaced_it_is_used() {
    let grant = grant(3_600);
    assert_eq!(step(&grant, Some(1), after(1)), Step::Renew);
    assert_eq!(step(&grant, Some(0), after(1)), Step::Use);
}

#[test]
fn one_renews_and_the_others_wait_until_the_lease_ends() {
    let renewing = grant(60).renewing(after(55));
    assert_eq!(step(&renewing, None, after(56)), Step::Wait(after(55).plus_millis(LEASE_MS)));
    assert_eq!(step(&renewing, None, after(55).plus_millis(LEASE_MS)), Step::Renew);
    assert_eq!(step(&grant(3_600).renewing(after(1)), None, after(2)), Step::Use, "the present one is still good");
}

#[test]
fn a_renewal_of_a_process_that_is_gone_holds_nobody_off() {
    let renewing = grant(60).renewing(after(55));
    assert_eq!(renewing.step(None, after(56), after(57)), Step::Renew);
}

#[test]
fn a_renewal_that_ends_under_a_newer_one_is_void() {
    let (first, second) = (grant(60).renewing(after(55)), grant(60).renewing(after(55)).renewing(after(200)));
    assert_eq!(second.clone().renewed(first.fence, tokens(), None, after(201)), Err(StaleRenewal));
    assert_eq!(second.clone().ended(first.fence), Err(StaleRenewal));
    assert_eq!(second.clone().renewed(second.fence, tokens(), None, after(201)).unwrap().version, 2);
    assert_eq!(second.clone().dropped("oauth.revoked".parse().unwrap()).ended(second.fence), Err(StaleRenewal));
}

#[test]
fn a_refused_grant_keeps_its_tokens_and_asks_for_a_person() {
    let mut refused = grant(60);
    refused.refused = Some("oauth.invalid_grant".parse().unwrap());
    assert_eq!(step(&refused, None, after(1)), Step::SignIn);
    assert!(refused.tokens.is_some());
}

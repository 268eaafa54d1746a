//! An external service is asked of before all others, and a pull has no levels of a destination.

use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{DestinationFacts, Facts, Level, RefusalCode, admit, admit_service, decide, explain};
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::time::Window;

use super::{NOW, ended, not_started, open_pull, records, said, service};

/// Each code of the level with the least that brings it about, in the order in which they are asked.
type Shut = fn(&mut Facts);
const SHUT: [(RefusalCode, Shut); 6] = [
    (RefusalCode::ExternalServiceUnknown, |facts| facts.destination = DestinationFacts::Pull(None)),
    (RefusalCode::ExternalServiceOff, |facts| service(facts).switch = Switch::Off),
    (RefusalCode::ExternalServiceNotStarted, |facts| service(facts).window = not_started()),
    (RefusalCode::ExternalServiceEnded, |facts| service(facts).window = ended()),
    (RefusalCode::ExternalServiceScope, |facts| service(facts).in_scope = false),
    (RefusalCode::ExternalServiceRate, |facts| service(facts).asks_again_at = Some(NOW.plus_millis(1))),
];

#[test]
fn lets_a_pull_through_when_no_level_speaks_against_it() {
    assert_eq!(decide(&open_pull(), NOW).unwrap().allow().pulls, 1);
}

#[test]
fn refuses_a_pull_with_the_own_code_of_what_is_wrong_with_its_service() {
    for (code, shut) in SHUT {
        let mut facts = open_pull();
        shut(&mut facts);
        let refusal = decide(&facts, NOW).unwrap_err();
        assert_eq!((refusal.code, refusal.place.level), (code, Level::ExternalService));
        assert_eq!(admit(&facts, NOW), Err(refusal.clone()));
        let DestinationFacts::Pull(service) = &facts.destination else { panic!("it is a pull") };
        assert_eq!(admit_service(service.as_ref(), NOW), Err(refusal));
    }
}

#[test]
fn says_what_is_wrong_with_the_service_before_it_says_anything_of_the_tenant_or_the_customer() {
    for (code, shut) in SHUT {
        let mut facts = open_pull();
        (facts.host_frozen, facts.tenant, facts.customer) = (true, Status::Inactive, CustomerStatus::Inactive);
        shut(&mut facts);
        assert_eq!(said(&facts, NOW), Some(code));
    }
}

#[test]
fn says_the_outer_reason_where_a_service_has_several() {
    let shuttable = SHUT.iter().skip(1).enumerate();
    for (index, (outer, shut_outer)) in shuttable.clone() {
        // One window cannot be both not started and ended.
        for (_, (_, shut_inner)) in shuttable.clone().filter(|(inner, _)| *inner > index + usize::from(index == 1)) {
            let mut facts = open_pull();
            shut_inner(&mut facts);
            shut_outer(&mut facts);
            assert_eq!(said(&facts, NOW), Some(*outer));
        }
    }
}

#[test]
fn lets_a_pull_through_from_its_first_instant_to_the_one_before_its_end() {
    let mut facts = open_pull();
    service(&mut facts).window = Window { start: Some(NOW), end: Some(NOW.plus_millis(5)) };
    for (offset, wanted) in [
        (-1, Some(RefusalCode::ExternalServiceNotStarted)),
        (0, None),
        (4, None),
        (5, Some(RefusalCode::ExternalServiceEnded)),
    ] {
        assert_eq!(said(&facts, NOW.plus_millis(offset)), wanted, "{offset}");
    }
    assert_eq!(explain(&facts, NOW.plus_millis(-1)).changes_at, Some(NOW));
    assert_eq!(explain(&facts, NOW).changes_at, Some(NOW.plus_millis(5)));
}

#[test]
fn says_until_when_requests_come_too_fast() {
    let mut facts = open_pull();
    let at = NOW.plus_millis(700);
    service(&mut facts).asks_again_at = Some(at);
    assert_eq!(decide(&facts, NOW).unwrap_err().until, Some(at));
    assert!(decide(&facts, at).is_ok());
}

#[test]
fn explains_the_service_first_and_no_side_of_a_destination() {
    let explained = explain(&open_pull(), NOW);
    assert_eq!(explained.levels[0].place.level, Level::ExternalService);
    assert!(explained.levels.iter().all(|one| one.place.side != Some(Direction::Destination)));
    assert!(explained.levels.iter().any(|one| one.place.side == Some(Direction::Source)));
}

#[test]
fn asks_pulls_of_the_quota_and_not_runs() {
    let mut facts = open_pull();
    facts.accounts.customer.quota.runs = Some(0);
    assert_eq!(said(&facts, NOW), None);
    facts.accounts.customer.quota.pulls = Some(0);
    assert_eq!(said(&facts, NOW), Some(RefusalCode::QuotaExhausted));
}

#[test]
fn admits_what_is_billed_already_when_a_quota_is_exhausted() {
    let mut facts = open_pull();
    facts.accounts.customer.quota.records = Some(5);
    facts.accounts.customer.balance.spent = records(5);
    assert_eq!(said(&facts, NOW), Some(RefusalCode::QuotaExhausted));
    assert_eq!(admit(&facts, NOW), Ok(()));
}

//! Each level says its own code, and the outer one is heard.

use weighbridge_model::connection::ConnectionState;
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{ConnectorFact, Facts, Level, RefusalCode, SideFacts, decide};
use weighbridge_model::tenant::{Status, Switch};

use super::{NOW, ended, hours, not_started, open, records};

/// Makes one level say one code, by the least that brings it about.
fn shut(facts: &mut Facts, code: RefusalCode, side: usize) {
    match code {
        RefusalCode::HostFrozen => facts.host_frozen = true,
        RefusalCode::HostFull => facts.host_full = true,
        RefusalCode::TenantInactive => facts.tenant = Status::Inactive,
        RefusalCode::CustomerInactive => facts.customer = CustomerStatus::Inactive,
        RefusalCode::CustomerDeleting => facts.customer = CustomerStatus::Deleting,
        RefusalCode::CustomerNotStarted => facts.customer_window = not_started(),
        RefusalCode::CustomerEnded => facts.customer_window = ended(),
        RefusalCode::TransferOff => facts.transfer.switch = Switch::Off,
        RefusalCode::TransferSuspended => facts.transfer.suspended = true,
        RefusalCode::TransferOutsideHours => facts.transfer.schedule = Some(hours("10:00-11:00")),
        RefusalCode::QuotaExhausted => {
            facts.accounts.customer.quota.records = Some(5);
            facts.accounts.customer.balance.spent = records(5);
        }
        RefusalCode::QuotaHeld => {
            facts.accounts.tenant.quota.records = Some(5);
            facts.accounts.tenant.balance.held = records(5);
        }
        RefusalCode::QuotaTooSmall => {}
        _ => shut_side(super::side(facts, side), code),
    }
}

fn shut_side(side: &mut SideFacts, code: RefusalCode) {
    match code {
        RefusalCode::ConnectorAbsent => side.connector = ConnectorFact::Absent,
        RefusalCode::ConnectorUntrusted => side.connector = ConnectorFact::Untrusted,
        RefusalCode::ConnectorRevoked => side.connector = ConnectorFact::Revoked,
        RefusalCode::ConnectorApprovalNeeded => side.connector = ConnectorFact::ApprovalNeeded,
        RefusalCode::IntegrationOff => side.integration = Switch::Off,
        RefusalCode::ConnectionOff => side.connection.switch = Switch::Off,
        RefusalCode::ConnectionSuspended => side.connection.state = ConnectionState::Suspended,
        RefusalCode::ConnectionNeedsConfiguration => side.connection.state = ConnectionState::NeedsConfiguration,
        RefusalCode::ConnectionSignInNeeded => side.connection.state = ConnectionState::NeedsSignIn,
        RefusalCode::ConnectionNotStarted => side.connection.window = not_started(),
        RefusalCode::ConnectionEnded => side.connection.window = ended(),
        RefusalCode::CapabilityOff => side.capability = Switch::Off,
        RefusalCode::EndpointOff => side.endpoint.switch = Switch::Off,
        RefusalCode::EndpointNeedsConfiguration => side.endpoint.configured = false,
        RefusalCode::EndpointNotStarted => side.endpoint.window = not_started(),
        RefusalCode::EndpointEnded => side.endpoint.window = ended(),
        other => panic!("no level is shut for {other:?}"),
    }
}

/// All codes that `decide` can give of a transfer; a quota that is too small shows only when a page does not fit.
fn decidable() -> impl Iterator<Item = RefusalCode> + Clone {
    let outside = |code: &RefusalCode| code.level() == Level::ExternalService || *code == RefusalCode::QuotaTooSmall;
    RefusalCode::ALL.iter().copied().filter(move |code| !outside(code))
}

fn is_sided(level: Level) -> bool {
    (Level::Connector..=Level::Endpoint).contains(&level)
}

#[test]
fn lets_a_batch_through_when_no_level_speaks_against_it() {
    assert!(decide(&open(), NOW).is_ok());
}

#[test]
fn refuses_with_the_own_code_of_every_level_and_side() {
    for code in decidable() {
        for (side, direction) in [Direction::Source, Direction::Destination].into_iter().enumerate() {
            let mut facts = open();
            shut(&mut facts, code, side);
            let refusal = decide(&facts, NOW).unwrap_err();
            let wanted = is_sided(code.level()).then_some(direction);
            assert_eq!((refusal.code, refusal.place.level, refusal.place.side), (code, code.level(), wanted));
        }
    }
}

#[test]
fn hears_the_outer_level_when_two_say_no() {
    for outer in decidable() {
        for inner in decidable().filter(|inner| inner.level() > outer.level()) {
            let mut facts = open();
            shut(&mut facts, inner, 0);
            shut(&mut facts, outer, 1);
            assert_eq!(decide(&facts, NOW).unwrap_err().code, outer, "beside {inner:?}");
        }
    }
}

#[test]
fn hears_the_source_when_both_sides_of_a_level_say_no() {
    for code in decidable().filter(|code| is_sided(code.level())) {
        let mut facts = open();
        shut(&mut facts, code, 1);
        shut(&mut facts, code, 0);
        assert_eq!(decide(&facts, NOW).unwrap_err().place.side, Some(Direction::Source), "{code:?}");
    }
}

#[test]
fn lists_the_codes_from_the_outside_in_each_with_its_own_text() {
    assert!(RefusalCode::ALL.is_sorted_by_key(|code| code.level()));
    let texts: std::collections::BTreeSet<&str> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(texts.len(), RefusalCode::ALL.len());
    for code in RefusalCode::ALL {
        assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
        assert!(code.sentence().ends_with('.') && code.next_step().ends_with('.'), "{code:?} is read by a person");
    }
}

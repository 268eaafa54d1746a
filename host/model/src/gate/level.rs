//! The levels, from the outside in, and what each says.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::code::RefusalCode;
use super::facts::{ConnectorFact, DestinationFacts, ExternalServiceFacts, Facts, SideFacts};
use crate::connection::ConnectionState;
use crate::customer::CustomerStatus;
use crate::endpoint::Direction;
use crate::meter::{Account, Meter};
use crate::tenant::{Status, Switch};
use crate::time::{Position, Timestamp, Window};

/// One level of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A third party's access, for a pull.
    ExternalService,
    /// The whole host.
    Host,
    /// The partner organisation.
    Tenant,
    /// Its customer.
    Customer,
    /// The customer's time.
    CustomerWindow,
    /// The signed package.
    Connector,
    /// The tenant's offer of it.
    Integration,
    /// The account at the platform.
    Connection,
    /// One function of it.
    Capability,
    /// The named place.
    Endpoint,
    /// The definition of the movement.
    Transfer,
    /// What may still be used.
    Quota,
}

/// A level, and the side of the transfer it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The level.
    pub level: Level,
    /// The side, where the level has two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Direction>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.level {
            Level::ExternalService => "external service",
            Level::Host => "host",
            Level::Tenant => "tenant",
            Level::Customer => "customer",
            Level::CustomerWindow => "customer window",
            Level::Connector => "connector",
            Level::Integration => "integration",
            Level::Connection => "connection",
            Level::Capability => "capability",
            Level::Endpoint => "endpoint",
            Level::Transfer => "transfer",
            Level::Quota => "quota",
        })?;
        match self.side {
            Some(Direction::Source) => f.write_str(" (source)"),
            Some(Direction::Destination) => f.write_str(" (destination)"),
            None => Ok(()),
        }
    }
}

/// What one level says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It lets the batch through; its window closes at the instant given, if it ever does.
    Yes(Option<Timestamp>),
    /// It does not; its window opens at the instant given, if it ever does.
    No(RefusalCode, Option<Timestamp>),
}

impl Answer {
    /// When this answer changes by itself.
    pub const fn until(self) -> Option<Timestamp> {
        match self {
            Self::Yes(until) | Self::No(_, until) => until,
        }
    }
}

const YES: Answer = Answer::Yes(None);

const fn no(code: RefusalCode) -> Answer {
    Answer::No(code, None)
}

const fn switch(switch: Switch, off: RefusalCode) -> Answer {
    match switch {
        Switch::On => YES,
        Switch::Off => no(off),
    }
}

fn window(window: Window, now: Timestamp, before: RefusalCode, after: RefusalCode) -> Answer {
    match window.position(now) {
        Position::NotStarted(start) => Answer::No(before, Some(start)),
        Position::Inside(end) => Answer::Yes(end),
        Position::Ended(_) => no(after),
    }
}

type Sided = fn(&SideFacts, Timestamp) -> (Level, Answer);

/// Every level's answer, from the outside in. Lazy, so that `decide` stops at the first no.
pub(super) fn walk(facts: &Facts, now: Timestamp) -> impl Iterator<Item = (Place, Answer)> + '_ {
    const SIDED: [Sided; 5] = [connector, integration, connection, capability, endpoint];
    let outer = [host, tenant, customer, customer_window].into_iter().map(move |level| level(facts, now));
    let sided = SIDED.into_iter().flat_map(move |level| {
        facts.sides().map(move |side| {
            let (level, answer) = level(side, now);
            (Place { level, side: Some(side.direction) }, answer)
        })
    });
    let inner = [transfer, quota].into_iter().map(move |level| level(facts, now));
    let service = match &facts.destination {
        DestinationFacts::Pull(service) => Some(external_service(service.as_ref(), now)),
        DestinationFacts::Endpoint(_) => None,
    };
    service.into_iter().chain(outer).map(unsided).chain(sided).chain(inner.map(unsided))
}

const fn unsided((level, answer): (Level, Answer)) -> (Place, Answer) {
    (Place { level, side: None }, answer)
}

pub(super) fn external_service(facts: Option<&ExternalServiceFacts>, now: Timestamp) -> (Level, Answer) {
    (Level::ExternalService, facts.map_or(no(RefusalCode::ExternalServiceUnknown), |facts| service_answer(facts, now)))
}

fn service_answer(facts: &ExternalServiceFacts, now: Timestamp) -> Answer {
    if facts.switch == Switch::Off {
        return no(RefusalCode::ExternalServiceOff);
    }
    let time = window(facts.window, now, RefusalCode::ExternalServiceNotStarted, RefusalCode::ExternalServiceEnded);
    match (time, facts.in_scope, facts.asks_again_at.filter(|at| now < *at)) {
        (Answer::No(..), ..) => time,
        (_, false, _) => no(RefusalCode::ExternalServiceScope),
        (_, _, Some(at)) => Answer::No(RefusalCode::ExternalServiceRate, Some(at)),
        _ => time,
    }
}

const fn host(facts: &Facts, _now: Timestamp) -> (Level, Answer) {
    let answer = match (facts.host_frozen, facts.host_full) {
        (true, _) => no(RefusalCode::HostFrozen),
        (false, true) => no(RefusalCode::HostFull),
        (false, false) => YES,
    };
    (Level::Host, answer)
}

const fn tenant(facts: &Facts, _now: Timestamp) -> (Level, Answer) {
    let answer = match facts.tenant {
        Status::Active => YES,
        Status::Inactive => no(RefusalCode::TenantInactive),
    };
    (Level::Tenant, answer)
}

fn customer(facts: &Facts, now: Timestamp) -> (Level, Answer) {
    let active_from = facts.customer_active_from;
    let answer = match facts.customer {
        CustomerStatus::Active => YES,
        CustomerStatus::Inactive if active_from.is_some_and(|from| from <= now) => YES,
        CustomerStatus::Inactive => Answer::No(RefusalCode::CustomerInactive, active_from),
        CustomerStatus::Deleting | CustomerStatus::Deleted => no(RefusalCode::CustomerDeleting),
    };
    (Level::Customer, answer)
}

fn customer_window(facts: &Facts, now: Timestamp) -> (Level, Answer) {
    let answer = window(facts.customer_window, now, RefusalCode::CustomerNotStarted, RefusalCode::CustomerEnded);
    (Level::CustomerWindow, answer)
}

const fn connector(side: &SideFacts, _now: Timestamp) -> (Level, Answer) {
    let answer = match side.connector {
        ConnectorFact::Usable => YES,
        ConnectorFact::Absent => no(RefusalCode::ConnectorAbsent),
        ConnectorFact::Untrusted => no(RefusalCode::ConnectorUntrusted),
        ConnectorFact::Revoked => no(RefusalCode::ConnectorRevoked),
        ConnectorFact::ApprovalNeeded => no(RefusalCode::ConnectorApprovalNeeded),
    };
    (Level::Connector, answer)
}

const fn integration(side: &SideFacts, _now: Timestamp) -> (Level, Answer) {
    (Level::Integration, switch(side.integration, RefusalCode::IntegrationOff))
}

fn connection(side: &SideFacts, now: Timestamp) -> (Level, Answer) {
    let facts = side.connection;
    let answer = match (facts.switch, facts.state) {
        (Switch::Off, _) => no(RefusalCode::ConnectionOff),
        (_, ConnectionState::Suspended) => no(RefusalCode::ConnectionSuspended),
        (_, ConnectionState::NeedsConfiguration) => no(RefusalCode::ConnectionNeedsConfiguration),
        (_, ConnectionState::NeedsSignIn) => no(RefusalCode::ConnectionSignInNeeded),
        (Switch::On, ConnectionState::Ready) => {
            window(facts.window, now, RefusalCode::ConnectionNotStarted, RefusalCode::ConnectionEnded)
        }
    };
    (Level::Connection, answer)
}

const fn capability(side: &SideFacts, _now: Timestamp) -> (Level, Answer) {
    (Level::Capability, switch(side.capability, RefusalCode::CapabilityOff))
}

fn endpoint(side: &SideFacts, now: Timestamp) -> (Level, Answer) {
    let facts = side.endpoint;
    let answer = match (facts.switch, facts.configured) {
        (Switch::Off, _) => no(RefusalCode::EndpointOff),
        (Switch::On, false) => no(RefusalCode::EndpointNeedsConfiguration),
        (Switch::On, true) => window(facts.window, now, RefusalCode::EndpointNotStarted, RefusalCode::EndpointEnded),
    };
    (Level::Endpoint, answer)
}

fn transfer(facts: &Facts, now: Timestamp) -> (Level, Answer) {
    let outside = || facts.transfer.schedule.as_ref().and_then(|schedule| schedule.allows_from(now));
    let answer = match (facts.transfer.switch, facts.transfer.suspended) {
        (Switch::Off, _) => no(RefusalCode::TransferOff),
        (Switch::On, true) => no(RefusalCode::TransferSuspended),
        (Switch::On, false) => match outside() {
            Some(opening) => Answer::No(RefusalCode::TransferOutsideHours, Some(opening)),
            None => YES,
        },
    };
    (Level::Transfer, answer)
}

fn quota(facts: &Facts, _now: Timestamp) -> (Level, Answer) {
    let counted = if facts.is_pull() { Some(Meter::Pulls) } else { facts.ask.new_run.then_some(Meter::Runs) };
    let asked = [Some(Meter::Records), Some(Meter::Bytes), counted];
    let refused = facts.accounts.all().find_map(|account| {
        asked.into_iter().flatten().find(|meter| account.left(*meter) == Some(0)).map(|meter| no(short(account, meter)))
    });
    (Level::Quota, refused.unwrap_or(YES))
}

/// Why there is nothing left of a meter.
pub(super) fn short(account: &Account, meter: Meter) -> RefusalCode {
    if account.exhausted(meter) { RefusalCode::QuotaExhausted } else { RefusalCode::QuotaHeld }
}

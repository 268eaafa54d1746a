//! What the gate says, and until when.

mod codes;
mod explain;
mod permit;
mod pull;
mod windows;

use weighbridge_model::connection::ConnectionState;
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{
    Ask, ConnectionFacts, ConnectorFact, DestinationFacts, EndpointFacts, ExternalServiceFacts, Facts, RefusalCode,
    SideFacts, TransferFacts, decide,
};
use weighbridge_model::meter::{Account, Accounts, Amounts, Balance, Quota};
use weighbridge_model::schedule::{Schedule, Wording};
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::BatchLimit;

/// Half past nine in the morning, in UTC.
const NOW: Timestamp = Timestamp::from_millis(1_767_605_400_000);
const MINUTE_MS: i64 = 60_000;

/// Facts that nothing speaks against.
fn open() -> Facts {
    Facts {
        host_frozen: false,
        host_full: false,
        tenant: Status::Active,
        customer: CustomerStatus::Active,
        customer_active_from: None,
        customer_window: Window::ALWAYS,
        source: open_side(Direction::Source),
        destination: DestinationFacts::Endpoint(open_side(Direction::Destination)),
        transfer: TransferFacts { switch: Switch::On, suspended: false, schedule: None },
        accounts: Accounts { tenant: account(), customer: account(), service: None },
        ask: Ask { limit: BatchLimit { records: 100, bytes: 10_000 }, new_run: true },
    }
}

/// Facts of a pull that nothing speaks against.
fn open_pull() -> Facts {
    let service =
        ExternalServiceFacts { switch: Switch::On, window: Window::ALWAYS, in_scope: true, asks_again_at: None };
    Facts { destination: DestinationFacts::Pull(Some(service)), ..open() }
}

/// The service of a pull.
fn service(facts: &mut Facts) -> &mut ExternalServiceFacts {
    match &mut facts.destination {
        DestinationFacts::Pull(Some(service)) => service,
        other => panic!("a pull has a service, and this is {other:?}"),
    }
}

/// One side of a transfer, the source first.
fn side(facts: &mut Facts, index: usize) -> &mut SideFacts {
    match (index, &mut facts.destination) {
        (0, _) => &mut facts.source,
        (_, DestinationFacts::Endpoint(side)) => side,
        (_, other) => panic!("a transfer has two sides, and this is {other:?}"),
    }
}

fn open_side(direction: Direction) -> SideFacts {
    SideFacts {
        direction,
        connector: ConnectorFact::Usable,
        integration: Switch::On,
        connection: ConnectionFacts { switch: Switch::On, state: ConnectionState::Ready, window: Window::ALWAYS },
        capability: Switch::On,
        endpoint: EndpointFacts { switch: Switch::On, configured: true, window: Window::ALWAYS },
    }
}

fn account() -> Account {
    Account { quota: Quota::default(), period: Timestamp::from_millis(0), balance: Balance::default() }
}

fn records(records: u64) -> Amounts {
    Amounts { records, ..Amounts::ZERO }
}

fn hours(span: &str) -> Schedule {
    let wording = Wording { cron: Some("* * * * *".into()), hours: vec![span.into()], ..Wording::default() };
    Schedule::parse(wording).unwrap()
}

fn ended() -> Window {
    Window { start: None, end: Some(NOW) }
}

fn not_started() -> Window {
    Window { start: Some(NOW.plus_millis(1)), end: None }
}

/// What the gate says at an instant: the code, or nothing for a yes.
fn said(facts: &Facts, at: Timestamp) -> Option<RefusalCode> {
    decide(facts, at).err().map(|refusal| refusal.code)
}

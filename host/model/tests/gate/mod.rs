//! What the gate says, and until when.

mod codes;
mod explain;
mod permit;
mod windows;

use weighbridge_model::connection::ConnectionState;
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{
    Ask, ConnectionFacts, ConnectorFact, EndpointFacts, Facts, RefusalCode, SideFacts, TransferFacts, decide,
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
        tenant: Status::Active,
        customer: CustomerStatus::Active,
        customer_active_from: None,
        customer_window: Window::ALWAYS,
        sides: [open_side(Direction::Source), open_side(Direction::Destination)],
        transfer: TransferFacts { switch: Switch::On, suspended: false, schedule: None },
        accounts: Accounts { tenant: account(), customer: account() },
        ask: Ask { limit: BatchLimit { records: 100, bytes: 10_000 }, new_run: true },
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

//! What is held and what is billed.

mod chain;
mod key;
mod ledger;
mod period;
mod settle;

use weighbridge_model::connection::ConnectionState;
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{
    Ask, ConnectionFacts, ConnectorFact, DestinationFacts, EndpointFacts, Facts, Permit, Refusal, SideFacts,
    TransferFacts, decide,
};
use weighbridge_model::id::{BatchId, TransferId};
use weighbridge_model::meter::{Account, Accounts, Amounts, Balance, Quota, key as keys};
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::BatchLimit;

const START: Timestamp = Timestamp::from_millis(0);

fn amounts(records: u64, bytes: u64) -> Amounts {
    Amounts { records, bytes, ..Amounts::ZERO }
}

fn accounts(tenant: Quota, customer: Quota) -> Accounts {
    let account = |quota| Account { quota, period: START, balance: Balance::default() };
    Accounts { tenant: account(tenant), customer: account(customer), service: None }
}

fn batch(sequence: u64) -> BatchId {
    keys::batch(TransferId::from_bytes([1; 16]), &"orders".parse().unwrap(), 0, sequence)
}

/// Asks the gate about a transfer that nothing but its quotas can refuse.
fn permit(accounts: &Accounts, limit: BatchLimit, new_run: bool) -> Result<Permit, Refusal> {
    let facts = Facts {
        host_frozen: false,
        host_full: false,
        tenant: Status::Active,
        customer: CustomerStatus::Active,
        customer_active_from: None,
        customer_window: Window::ALWAYS,
        source: side(Direction::Source),
        destination: DestinationFacts::Endpoint(side(Direction::Destination)),
        transfer: TransferFacts { switch: Switch::On, suspended: false, schedule: None },
        accounts: *accounts,
        ask: Ask { limit, new_run },
    };
    decide(&facts, START)
}

fn side(direction: Direction) -> SideFacts {
    SideFacts {
        direction,
        connector: ConnectorFact::Usable,
        integration: Switch::On,
        connection: ConnectionFacts { switch: Switch::On, state: ConnectionState::Ready, window: Window::ALWAYS },
        capability: Switch::On,
        endpoint: EndpointFacts { switch: Switch::On, configured: true, window: Window::ALWAYS },
    }
}

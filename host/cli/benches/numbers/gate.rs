//! `decide` on facts that are gathered already.

use std::hint::black_box;
use std::time::Instant;

use weighbridge_model::connection::ConnectionState;
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{
    Ask, ConnectionFacts, ConnectorFact, DestinationFacts, EndpointFacts, Facts, SideFacts, TransferFacts, decide,
};
use weighbridge_model::meter::{Account, Accounts, Balance, Quota};
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::BatchLimit;

const TIMES: u32 = 1_000_000;

fn facts() -> Facts {
    let window = Window { start: Some(Timestamp::from_millis(0)), end: Some(Timestamp::from_millis(i64::MAX)) };
    let side = |direction| SideFacts {
        direction,
        connector: ConnectorFact::Usable,
        integration: Switch::On,
        connection: ConnectionFacts { switch: Switch::On, state: ConnectionState::Ready, window },
        capability: Switch::On,
        endpoint: EndpointFacts { switch: Switch::On, configured: true, window },
    };
    let quota = Quota { records: Some(1_000_000), bytes: Some(1 << 40), runs: Some(1_000), ..Quota::default() };
    let account = Account { quota, period: Timestamp::from_millis(0), balance: Balance::default() };
    Facts {
        host_frozen: false,
        host_full: false,
        tenant: Status::Active,
        customer: CustomerStatus::Active,
        customer_active_from: None,
        customer_window: window,
        source: side(Direction::Source),
        destination: DestinationFacts::Endpoint(side(Direction::Destination)),
        transfer: TransferFacts { switch: Switch::On, suspended: false, schedule: None },
        accounts: Accounts { tenant: account, customer: account, service: None },
        ask: Ask { limit: BatchLimit::default(), new_run: true },
    }
}

pub fn measure() {
    let (facts, now) = (facts(), Timestamp::from_millis(1));
    let begun = Instant::now();
    for _ in 0..TIMES {
        let _ = black_box(decide(black_box(&facts), black_box(now)));
    }
    println!("decide: {:.0} ns", begun.elapsed().as_nanos() as f64 / f64::from(TIMES));
}

//! Guests that mean harm, or are merely broken: each ends in its own way, and the sandbox goes on serving.
//!
//! There are 135 of them, each a file in text form beside this one or in the folder of its kind; fifty packages whose bytes
//! are wrong in a way of their own ([`packages`], [`loading`], [`compiling`]); and a thousand that nobody wrote ([`generated`]). That no
//! redirect leaves what a connector may reach is tested where requests are made, in `host/egress`.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod allowed;
mod apart;
mod call;
mod compiling;
pub mod explosive;
pub mod frame;
mod generated;
mod host;
mod limits;
mod loading;
mod packages;
mod pages;
mod parade;
mod receipts;
mod siblings;
mod wasi;

use weighbridge_model::transfer::SyncMode;
use weighbridge_sandbox::{Connector, Ended, Guest, Limits, ReadRequest, Stop};

use call::write_request;
use frame::{connector, sandbox};
use host::Host;

/// A guest of the file of this name, with the default limits.
async fn guest(name: &str) -> Guest {
    start(&connector(name).await, Limits::default(), Host::default()).await
}

async fn start(connector: &Connector, limits: Limits, host: Host) -> Guest {
    sandbox().start(connector, limits, Box::new(host)).await.unwrap()
}

async fn reader(name: &str) -> Guest {
    let mut guest = guest(name).await;
    guest.open_reader(read_request()).await.unwrap();
    guest
}

async fn writer(name: &str) -> Guest {
    let mut guest = guest(name).await;
    guest.open_writer(write_request()).await.unwrap();
    guest
}

fn read_request() -> ReadRequest {
    ReadRequest { stream: "orders".into(), mode: SyncMode::Incremental, start: None, since: None, until: None }
}

/// The outcome is this rule, the guest stays stopped by it, and another guest works.
async fn check_stopped<T: std::fmt::Debug>(mut guest: Guest, outcome: Result<T, Ended>, stop: Stop) {
    let Err(Ended::Stopped(stopped)) = outcome else { panic!("expected {stop:?}, got {outcome:?}") };
    assert_eq!(stopped.stop, stop, "{stopped}");
    assert_eq!(guest.check().await, Err(Ended::Stopped(stopped)), "a stopped guest answers every call the same");
    drop(guest);
    check_serving().await;
}

async fn check_serving() {
    let mut guest = reader("harmless").await;
    assert_eq!(guest.next(10, 1000).await.unwrap().records_count, 2);
}

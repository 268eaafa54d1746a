//! Guests from languages that bring a runtime find a world with nothing in it.

use weighbridge_sandbox::{Limits, LogLevel};

use super::frame::{artefacts, component_beyond, sandbox, verified};
use super::host::Host;
use super::start;

#[tokio::test]
async fn prints_into_the_log_and_finds_nothing() {
    let host = Host::default();
    let connector = sandbox().load(&verified(component_beyond("wasi")), artefacts()).await.unwrap();
    start(&connector, Limits::default(), host.clone()).await.check().await.unwrap();
    let lines = host.lines.lock().unwrap();
    assert_eq!(*lines, [(LogLevel::Info, "hello".into()), (LogLevel::Info, "world".into())]);
}

//! Guests from languages that bring a runtime find a world with nothing in it.

use std::time::{Duration, Instant};

use weighbridge_sandbox::{Ended, Limits, LogLevel, Stop};

use super::frame::{artefacts, component_beyond, sandbox, verified};
use super::host::Host;
use super::{check_serving, start};

#[tokio::test]
async fn prints_into_the_log_and_finds_nothing() {
    let host = Host::default();
    let connector = sandbox().load(&verified(component_beyond("wasi", "wasi")), artefacts()).await.unwrap();
    start(&connector, Limits::default(), host.clone()).await.check().await.unwrap();
    let lines = host.lines.lock().unwrap();
    assert_eq!(*lines, [(LogLevel::Info, "hello".into()), (LogLevel::Info, "world".into())]);
}

/// How it ends, in time, and the lines that are kept of it.
async fn check(name: &str) -> (Result<(), Ended>, usize) {
    let (host, begun) = (Host::default(), Instant::now());
    let component = component_beyond(name, "wasi/runtime");
    let connector = sandbox().load(&verified(component), artefacts()).await.unwrap();
    let (call_wall, call_cpu) = (Duration::from_millis(600), Duration::from_millis(100));
    let mut guest = start(&connector, Limits { call_wall, call_cpu, ..Limits::default() }, host.clone()).await;
    let outcome = guest.check().await;
    drop(guest);
    assert!(begun.elapsed() < Duration::from_secs(20), "{name} took {:?}", begun.elapsed());
    check_serving().await;
    let lines = host.lines.lock().unwrap().len();
    (outcome, lines)
}

async fn check_stopped(name: &str, stops: &[Stop]) {
    let (outcome, lines) = check(name).await;
    let Err(Ended::Stopped(stopped)) = outcome else { panic!("{name}: {outcome:?}") };
    assert!(stops.contains(&stopped.stop), "{name}: {stopped}");
    assert!(lines <= 257, "{lines}");
}

#[tokio::test]
async fn stops_what_asks_a_runtime_for_too_much() {
    check_stopped("wasi/exit", &[Stop::Trapped]).await;
    check_stopped("wasi/random", &[Stop::Trapped]).await;
    check_stopped("wasi/wait", &[Stop::DeadlinePassed]).await;
    check_stopped("wasi/print", &[Stop::CpuExhausted, Stop::DeadlinePassed]).await;
}

#[tokio::test]
async fn gives_no_socket() {
    assert_eq!(check("wasi/sockets").await, (Ok(()), 0));
}

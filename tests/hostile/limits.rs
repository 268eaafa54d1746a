//! Guests that take more than their share.

use std::time::Duration;

use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::{Ended, Limits, StartError, Stop};

use super::call::hook;
use super::frame::{connector, sandbox};
use super::host::Host;
use super::{check_serving, check_stopped, guest, reader, start, writer};

fn impatient() -> Limits {
    Limits { call_wall: Duration::from_millis(400), call_cpu: Duration::from_millis(50), ..Limits::default() }
}

async fn check_call(name: &str, limits: Limits, stop: Stop) {
    let mut guest = start(&connector(name).await, limits, Host::default()).await;
    let outcome = guest.check().await;
    check_stopped(guest, outcome, stop).await;
}

#[tokio::test]
async fn stops_a_guest_that_crashes() {
    check_call("trap", Limits::default(), Stop::Trapped).await;
}

#[tokio::test]
async fn stops_a_guest_that_calls_itself_without_end() {
    check_call("recurse", Limits::default(), Stop::Trapped).await;
}

#[tokio::test]
async fn stops_a_guest_that_computes_for_ever() {
    let mut guest = start(&connector("spin").await, impatient(), Host::default()).await;
    let outcome = guest.check().await;
    let cpu = guest.cpu();
    assert!(cpu >= Duration::from_millis(50), "{cpu:?}");
    check_stopped(guest, outcome, Stop::CpuExhausted).await;
}

#[tokio::test]
async fn stops_a_guest_that_lets_the_host_compute_for_ever() {
    check_call("verify_for_ever", impatient(), Stop::CpuExhausted).await;
}

#[tokio::test]
async fn stops_a_guest_that_computes_for_ever_before_its_first_call() {
    let spinning = connector("spin_at_start").await;
    let refused = sandbox().start(&spinning, impatient(), Box::new(Host::default())).await;
    let Err(StartError::Stopped(stopped)) = refused else { panic!("it started") };
    assert_eq!(stopped.stop, Stop::CpuExhausted);
    check_serving().await;
}

#[tokio::test]
async fn stops_a_guest_that_computes_for_ever_while_it_is_handed_lines() {
    let mut guest = start(&connector("spin_in_realloc").await, impatient(), Host::default()).await;
    let outcome = guest.abandon("orders", "1").await;
    check_stopped(guest, outcome, Stop::CpuExhausted).await;
}

#[tokio::test]
async fn stops_a_guest_that_waits_in_the_host() {
    check_call("sleep", impatient(), Stop::DeadlinePassed).await;
}

#[tokio::test]
async fn stops_a_guest_that_waits_for_ever_a_little_at_a_time() {
    let mut guest = start(&connector("sleep_in_slices").await, impatient(), Host::default()).await;
    let outcome = guest.check().await;
    let cpu = guest.cpu();
    assert!(cpu < Duration::from_millis(50), "waiting in the host is not computing: {cpu:?}");
    check_stopped(guest, outcome, Stop::DeadlinePassed).await;
}

#[tokio::test]
async fn stops_a_guest_that_takes_all_memory() {
    check_call("grow", Limits::default(), Stop::MemoryExhausted).await;
}

#[tokio::test]
async fn stops_a_guest_that_is_born_too_large() {
    let large = connector("born_large").await;
    let refused = sandbox().start(&large, Limits::default(), Box::new(Host::default())).await;
    let Err(StartError::Stopped(stopped)) = refused else { panic!("it started") };
    assert_eq!(stopped.stop, Stop::MemoryExhausted);
    check_serving().await;
}

#[tokio::test]
async fn starts_the_same_guest_where_it_may_have_so_much() {
    let limits = Limits { memory_bytes: 256 * 1024 * 1024, ..Limits::default() };
    start(&connector("born_large").await, limits, Host::default()).await.check().await.unwrap();
}

#[tokio::test]
async fn stops_a_guest_whose_table_grows_without_end() {
    check_call("table", Limits::default(), Stop::TableTooLarge).await;
}

#[tokio::test]
async fn counts_tables_and_memory_together() {
    check_call("table_beside_memory", Limits::default(), Stop::MemoryExhausted).await;
}

#[tokio::test]
async fn stops_a_guest_that_opens_readers_without_end() {
    check_call("handles", Limits::default(), Stop::HandlesExhausted).await;
}

#[tokio::test]
async fn stops_a_guest_that_keeps_every_response() {
    let limits = Limits { call_requests: u32::MAX, ..Limits::default() };
    check_call("responses", limits, Stop::HandlesExhausted).await;
}

#[tokio::test]
async fn refuses_requests_beyond_the_budget_of_each_call() {
    let mut guest = guest("requests").await;
    guest.check().await.unwrap();
    guest.check().await.unwrap();
}

#[tokio::test]
async fn denies_requests_while_a_webhook_is_received() {
    let host = Host::default();
    let mut guest = start(&connector("request_in_receive").await, Limits::default(), host.clone()).await;
    assert_eq!(guest.receive(hook()).await.unwrap().status, 204);
    assert_eq!(*host.bodies_open.lock().unwrap(), 0, "nothing was sent");
}

#[tokio::test]
async fn denies_folders_while_a_webhook_is_received() {
    let host = Host::default();
    let mut guest = start(&connector("files_in_receive").await, Limits::default(), host.clone()).await;
    assert_eq!(guest.receive(hook()).await.unwrap().status, 204);
    assert_eq!(*host.files_asked.lock().unwrap(), 0, "nobody was asked");
}

#[tokio::test]
async fn opens_no_more_files_in_a_call_than_it_has_requests() {
    let host = Host::default();
    let mut guest = start(&connector("open_files").await, Limits::default(), host.clone()).await;
    guest.check().await.unwrap();
    assert_eq!(*host.files_asked.lock().unwrap(), Limits::default().call_requests);
}

#[tokio::test]
async fn commits_a_file_once_and_writes_nothing_to_it_then() {
    let host = Host::default();
    let mut guest = start(&connector("commit_twice").await, Limits::default(), host.clone()).await;
    guest.check().await.unwrap();
    assert_eq!(*host.files_asked.lock().unwrap(), 2, "begun and committed");
}

#[tokio::test]
async fn compares_codes_while_a_webhook_is_received() {
    let mut guest = start(&connector("verify_in_receive").await, Limits::default(), Host::default()).await;
    assert_eq!(guest.receive(hook()).await.unwrap().status, 204);
}

#[tokio::test]
async fn keeps_so_many_log_lines_of_a_batch_and_counts_the_rest() {
    let host = Host::default();
    let mut guest = start(&connector("chatter").await, Limits::default(), host.clone()).await;
    guest.check().await.unwrap();
    drop(guest);
    let lines = host.lines.lock().unwrap();
    assert_eq!(lines.len(), 257);
    assert!(lines[..256].iter().all(|(_, line)| line.len() == 4096));
    assert_eq!(lines[256].1, "744 more log lines of this batch were dropped");
}

#[tokio::test]
async fn stops_a_guest_that_logs_bytes_that_are_no_text() {
    check_call("log_not_utf8", Limits::default(), Stop::TextInvalid).await;
}

#[tokio::test]
async fn stops_a_guest_that_hands_over_too_much_in_one_call() {
    check_call("log_huge", Limits::default(), Stop::AnswerTooLarge).await;
}

#[tokio::test]
async fn stops_a_guest_whose_catalog_is_no_text() {
    let mut guest = guest("catalog_not_utf8").await;
    let outcome = guest.discover().await;
    check_stopped(guest, outcome, Stop::TextInvalid).await;
}

#[tokio::test]
async fn passes_a_failure_on_and_lets_the_guest_live() {
    let mut guest = guest("failure").await;
    for _ in 0..2 {
        let Err(Ended::Failure(failure)) = guest.check().await else { panic!("no failure") };
        assert_eq!((failure.class, &*failure.code), (FailureClass::RateLimited, "shop.busy"));
        assert_eq!((&*failure.message, failure.retry_after_ms), ("later", Some(250)));
    }
}

#[tokio::test]
async fn answers_a_call_to_what_was_never_opened() {
    let mut never = guest("harmless").await;
    let outcome = never.next(1, 1).await;
    check_stopped(never, outcome, Stop::NotOpen).await;
}

#[tokio::test]
async fn opens_what_it_reads_and_writes() {
    reader("harmless").await.acknowledge(bytes::Bytes::from_static(b"here")).await.unwrap();
    writer("harmless").await.finish().await.unwrap();
}

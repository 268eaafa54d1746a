//! Guests that look like harm and are none, or whose harm only a second look sees.

use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::{Ended, LoadError, PageCheck, StartError, Stop};

use super::call::TWO;
use super::frame::{artefacts, package, sandbox};
use super::host::Host;
use super::{check_serving, check_stopped, guest, reader, writer};

const PAGE_BYTES: u32 = 4 << 20;

#[tokio::test]
async fn cuts_the_words_of_a_failure() {
    let Err(Ended::Failure(failure)) = guest("bombs/failure").await.check().await else { panic!("no failure") };
    assert_eq!((failure.class, failure.message.len()), (FailureClass::Config, 4096));
}

#[tokio::test]
async fn cuts_the_words_of_a_rejection() {
    let receipt = writer("bombs/rejection_texts").await.write("key", 0, TWO).await.unwrap();
    assert_eq!(receipt.rejected[0].message.len(), 4096);
}

/// With a pool of guests it cannot be loaded, without one not be started.
async fn check_beyond(name: &str, stop: Stop) {
    match sandbox().load(&package(name), artefacts()).await {
        Err(refused) => {
            assert!(matches!(refused, LoadError::Compile(_)), "{refused}");
            assert_eq!(refused.code(), "compile.refused", "{refused}");
        }
        Ok(connector) => {
            let refused = sandbox().start(&connector, Default::default(), Box::new(Host::default())).await.unwrap_err();
            assert!(matches!(&refused, StartError::Stopped(stopped) if stopped.stop == stop), "{refused}");
        }
    }
    check_serving().await;
}

#[tokio::test]
async fn refuses_what_no_guest_may_ever_have() {
    check_beyond("bombs/memory_beyond", Stop::MemoryExhausted).await;
    check_beyond("bombs/table_beyond", Stop::TableTooLarge).await;
}

#[tokio::test]
async fn takes_one_record_as_large_as_a_page() {
    let page = reader("lies/long_line").await.next(10, PAGE_BYTES).await.unwrap();
    assert_eq!((page.records_count, page.records.len()), (1, 4 << 20));
}

#[tokio::test]
async fn refuses_the_same_record_where_a_byte_less_was_asked_for() {
    let mut guest = reader("lies/long_line").await;
    let outcome = guest.next(10, PAGE_BYTES - 1).await;
    check_stopped(guest, outcome, Stop::PageTooLarge).await;
}

#[tokio::test]
async fn takes_any_number_of_records_that_are_said_to_be_left() {
    let page = reader("lies/remaining").await.next(10, 1000).await.unwrap();
    assert_eq!(page.remaining, Some(u64::MAX));
}

#[tokio::test]
async fn waits_for_ten_minutes_where_a_guest_wants_seven_weeks() {
    let page = reader("lies/wait_longest").await.next(10, 1000).await.unwrap();
    assert_eq!(page.wait_ms, Some(600_000));
    let receipt = writer("lies/wait_longest").await.write("key", 0, TWO).await.unwrap();
    assert_eq!((receipt.taken, receipt.wait_ms), (0, Some(600_000)));
}

#[tokio::test]
async fn takes_a_page_whose_lists_are_the_same_bytes() {
    let page = reader("pointers/shared").await.next(10, 1000).await.unwrap();
    assert_eq!((page.records_count, page.removed_count, page.records), (1, 1, page.removed));
}

#[tokio::test]
async fn lets_a_reader_go_on_that_gives_something_now_and_then() {
    let mut guest = reader("lies/filtered").await;
    let mut records = 0;
    for _ in 0..1_000 {
        records += guest.next(10, 1000).await.unwrap().records_count;
    }
    assert_eq!(records, 5);
}

#[tokio::test]
async fn lets_a_guest_call_the_host_while_it_starts() {
    guest("reentry/start").await.check().await.unwrap();
}

#[tokio::test]
async fn asks_a_reader_again_that_failed_and_stops_it_where_it_then_crashes() {
    let mut guest = reader("traps/after_failure").await;
    assert!(matches!(guest.next(10, 1000).await, Err(Ended::Failure(_))));
    let outcome = guest.next(10, 1000).await;
    check_stopped(guest, outcome, Stop::Trapped).await;
}

#[tokio::test]
async fn refuses_a_page_that_goes_on_before_the_one_before() {
    let (mut guest, mut rule) = (reader("lies/fell_later").await, PageCheck::new(Some("/at"), true));
    rule.check(&guest.next(10, 1000).await.unwrap()).unwrap();
    let stopped = rule.check(&guest.next(10, 1000).await.unwrap()).unwrap_err();
    assert_eq!(stopped.stop, Stop::CursorFell);
}

#[tokio::test]
async fn looks_at_the_field_that_counts_where_a_record_has_two_of_one_name() {
    let page = reader("lies/fell_behind_a_key").await.next(10, 1000).await.unwrap();
    let stopped = PageCheck::new(Some("at"), true).check(&page).unwrap_err();
    assert_eq!(stopped.stop, Stop::CursorFell);
}

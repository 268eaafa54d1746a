//! Sources that hand over what they may not.

use bytes::Bytes;
use weighbridge_sandbox::{Page, PageCheck, ReadRequest, Stop};

use super::{check_stopped, guest, read_request, reader};

async fn check_next(name: &str, records_max: u32, bytes_max: u32, stop: Stop) {
    let mut guest = reader(name).await;
    let outcome = guest.next(records_max, bytes_max).await;
    check_stopped(guest, outcome, stop).await;
}

#[tokio::test]
async fn refuses_a_page_that_no_call_may_carry() {
    check_next("page_huge", 1000, u32::MAX, Stop::AnswerTooLarge).await;
}

#[tokio::test]
async fn refuses_a_page_outside_of_the_guests_memory() {
    check_next("page_outside", 1000, 1000, Stop::Trapped).await;
}

#[tokio::test]
async fn refuses_a_page_larger_than_was_asked_for() {
    check_next("page_too_large", 10, 8, Stop::PageTooLarge).await;
}

#[tokio::test]
async fn takes_a_page_exactly_as_large_as_was_asked_for() {
    assert_eq!(reader("page_too_large").await.next(10, 9).await.unwrap().records_count, 1);
}

#[tokio::test]
async fn refuses_more_records_than_were_asked_for() {
    check_next("page_too_long", 2, 1000, Stop::PageTooLong).await;
}

#[tokio::test]
async fn counts_removals_with_the_records() {
    check_next("page_removed_too_long", 2, 1000, Stop::PageTooLong).await;
    let page = reader("page_removed_too_long").await.next(3, 1000).await.unwrap();
    assert_eq!((page.records_count, page.removed_count), (2, 1));
}

#[tokio::test]
async fn refuses_records_that_are_not_what_they_should_be() {
    check_next("page_unended", 10, 1000, Stop::LineUnended).await;
    check_next("page_not_utf8", 10, 1000, Stop::Utf8Invalid).await;
    check_next("page_not_json", 10, 1000, Stop::JsonInvalid).await;
    check_next("page_not_object", 10, 1000, Stop::JsonInvalid).await;
    check_next("page_nul", 10, 1000, Stop::NulRefused).await;
    check_next("page_deep", 10, 100_000, Stop::JsonInvalid).await;
}

#[tokio::test]
async fn refuses_a_reader_that_stays_where_it_is() {
    let mut guest = reader("checkpoint_repeated").await;
    guest.next(10, 1000).await.unwrap();
    let outcome = guest.next(10, 1000).await;
    check_stopped(guest, outcome, Stop::CheckpointRepeated).await;
}

#[tokio::test]
async fn refuses_a_reader_that_stays_where_it_was_opened() {
    let mut guest = guest("checkpoint_repeated").await;
    let request = ReadRequest { start: Some(Bytes::from_static(b"here")), ..read_request() };
    guest.open_reader(request).await.unwrap();
    let outcome = guest.next(10, 1000).await;
    check_stopped(guest, outcome, Stop::CheckpointRepeated).await;
}

#[tokio::test]
async fn lets_a_reader_stay_that_says_how_long_to_wait() {
    let mut guest = reader("checkpoint_waiting").await;
    guest.next(10, 1000).await.unwrap();
    assert_eq!(guest.next(10, 1000).await.unwrap().wait_ms, Some(1000));
}

#[tokio::test]
async fn refuses_a_checkpoint_larger_than_is_kept() {
    check_next("checkpoint_too_large", 10, 1000, Stop::CheckpointTooLarge).await;
}

async fn page(name: &str) -> Page {
    reader(name).await.next(10, 1000).await.unwrap()
}

#[tokio::test]
async fn refuses_records_out_of_the_order_of_their_cursor_field() {
    let page = page("cursor_fell").await;
    let stopped = PageCheck::new(Some("/at"), true).check(&page).unwrap_err();
    assert_eq!(stopped.stop, Stop::CursorFell);
}

#[tokio::test]
async fn takes_them_where_no_cursor_field_is_declared() {
    PageCheck::new(None, true).check(&page("cursor_fell").await).unwrap();
}

#[tokio::test]
async fn refuses_removals_of_a_stream_without_a_primary_key() {
    let page = page("removed").await;
    assert_eq!(PageCheck::new(None, false).check(&page).unwrap_err().stop, Stop::RemovedWithoutKey);
    PageCheck::new(None, true).check(&page).unwrap();
}

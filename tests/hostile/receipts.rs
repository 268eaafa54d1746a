//! Destinations whose receipts do not fit what they were given.

use weighbridge_sandbox::Stop;

use super::call::TWO;
use super::{check_stopped, writer};

async fn check_write(name: &str, first: u32, stop: Stop) {
    let mut guest = writer(name).await;
    let outcome = guest.write("key", first, TWO).await;
    check_stopped(guest, outcome, stop).await;
}

#[tokio::test]
async fn refuses_a_receipt_for_more_than_was_given() {
    check_write("receipt_too_large", 0, Stop::ReceiptTooLarge).await;
}

#[tokio::test]
async fn refuses_a_receipt_for_nothing_without_a_time_to_wait() {
    check_write("receipt_stuck", 0, Stop::ReceiptStuck).await;
}

#[tokio::test]
async fn refuses_a_rejection_before_or_after_what_was_taken() {
    check_write("rejection_outside", 0, Stop::RejectionOutside).await;
    check_write("rejection_outside", 6, Stop::RejectionOutside).await;
    check_write("rejection_outside", 8, Stop::RejectionOutside).await;
}

#[tokio::test]
async fn takes_a_rejection_of_a_line_that_was_taken() {
    let receipt = writer("rejection_outside").await.write("key", 7, TWO).await.unwrap();
    assert_eq!(receipt.rejected[0].index, 7);
}

#[tokio::test]
async fn refuses_two_rejections_of_one_line() {
    check_write("rejection_repeated", 0, Stop::RejectionRepeated).await;
}

#[tokio::test]
async fn refuses_an_id_for_a_line_that_was_not_taken() {
    check_write("assigned_outside", 0, Stop::AssignedOutside).await;
}

#[tokio::test]
async fn takes_an_id_for_a_line_that_was_taken() {
    let receipt = writer("assigned_outside").await.write("key", 7, TWO).await.unwrap();
    assert_eq!((receipt.taken, receipt.assigned[0].index), (1, 7));
}

#[tokio::test]
async fn removes_by_the_same_rules() {
    let receipt = writer("harmless").await.remove("key", 0, TWO).await.unwrap();
    assert_eq!(receipt.taken, 1);
}

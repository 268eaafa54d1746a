//! The next page is read, the two before it are kept, and all else is over.

use weighbridge_model::digest::Digest;
use weighbridge_model::id::{BatchId, BlobId, RunId};
use weighbridge_model::run::Counts;
use weighbridge_model::service::{PullPage, PullPlace, Turn};
use weighbridge_model::transfer::Progress;

use super::NOW;

#[track_caller]
fn check(lineage: u64, sequence: u64, wanted: Turn) {
    let progress = Progress { lineage: 4, sequence: 10, ..Progress::default() };
    assert_eq!(PullPlace { lineage, sequence }.turn(&progress), wanted);
}

#[test]
fn reads_the_next_page_and_keeps_the_current_and_the_previous_one() {
    check(4, 10, Turn::Read);
    check(4, 9, Turn::Kept);
    check(4, 8, Turn::Kept);
}

#[test]
fn has_no_older_page_none_of_another_reading_and_none_that_was_never_given_out() {
    check(4, 7, Turn::Expired);
    check(4, 0, Turn::Expired);
    check(3, 10, Turn::Expired);
    check(5, 0, Turn::Expired);
    check(4, 11, Turn::Expired);
}

#[test]
fn keeps_a_page_for_a_day_to_the_millisecond() {
    let page = PullPage {
        batch: BatchId::from_bytes([1; 16]),
        run: RunId::from_bytes([1; 16]),
        blob: BlobId::from_bytes([1; 16]),
        digest: Digest::of(b""),
        more: false,
        goes_on: true,
        counts: Counts::default(),
        settled_at: NOW,
    };
    let day = 24 * 60 * 60 * 1_000;
    assert!(page.is_kept(NOW) && page.is_kept(NOW.plus_millis(day - 1)));
    assert!(!page.is_kept(NOW.plus_millis(day)));
}

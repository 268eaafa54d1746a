//! No window ever has more requests than its limit, whatever is asked when.

use super::limit;
use crate::random::Random;
use crate::windows::Windows;

/// How many of these instants lie in the fullest window of this length.
fn fullest(sent: &[u64], per_ms: u64) -> usize {
    let in_window = |start: &u64| sent.iter().filter(|at| **at >= *start && **at < start + per_ms).count();
    sent.iter().map(in_window).max().unwrap_or(0)
}

#[test]
fn lets_all_through_at_once_and_the_next_when_the_first_is_out() {
    let mut windows = Windows::of(&[limit(2, 100)]);
    assert_eq!((windows.take(7), windows.take(9)), (None, None));
    assert_eq!(windows.take(10), Some(107));
    assert_eq!(windows.take(106), Some(107));
    assert_eq!((windows.take(107), windows.take(107)), (None, Some(109)));
}

#[test]
fn holds_to_every_limit_and_to_what_the_platform_said() {
    let mut windows = Windows::of(&[limit(2, 100), limit(3, 1_000)]);
    assert_eq!((windows.take(0), windows.take(0), windows.take(0)), (None, None, Some(100)));
    assert_eq!(windows.take(100), None);
    // The long window is cut in steps of 2 ms, so that a request counts for up to one of them longer.
    assert_eq!(windows.take(100), Some(1_001));
    windows.hold(5_000);
    windows.hold(4_000);
    assert_eq!((windows.take(4_999), windows.take(5_000)), (Some(5_000), None));
}

#[test]
fn has_no_limit_where_none_is_said() {
    let mut windows = Windows::of(&[limit(1, 0)]);
    assert!((0..10_000).all(|_| windows.take(0).is_none()));
    assert!((0..10_000).all(|_| Windows::of(&[]).take(0).is_none()));
}

#[test]
fn no_window_ever_exceeds_its_limit() {
    let mut random = Random::seeded(20_260_613);
    for _ in 0..200 {
        let limits = [0, 1].map(|_| limit(1 + random.below(20) as u32, 1 + random.below(5_000)));
        let mut windows = Windows::of(&limits);
        let (mut now, mut sent) = (random.below(10_000), Vec::new());
        for _ in 0..400 {
            match windows.take(now) {
                None => sent.push(now),
                Some(at) => {
                    assert!(at > now, "asking again is never before now");
                    if random.below(3) == 0 {
                        now = at;
                        assert_eq!(windows.take(now), None, "at the instant it was told, one may leave");
                        sent.push(now);
                    }
                }
            }
            now += random.below(60);
        }
        for one in limits {
            assert!(fullest(&sent, one.per_ms) <= one.requests as usize, "{one:?}");
        }
    }
}

#[test]
fn a_limit_that_stays_remembers_and_a_new_one_begins_anew() {
    let mut windows = Windows::of(&[limit(1, 100)]);
    assert_eq!(windows.take(0), None);
    windows.limit(&[limit(1, 100), limit(9, 500)]);
    assert_eq!(windows.take(1), Some(100));
    windows.limit(&[limit(1, 200)]);
    assert_eq!(windows.take(1), None);
}

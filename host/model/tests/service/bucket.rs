//! A minute's worth of requests at once, then one at a time.

use std::num::NonZeroU32;

use weighbridge_model::service::Bucket;

use super::NOW;

fn rate(per_minute: u32) -> NonZeroU32 {
    NonZeroU32::new(per_minute).unwrap()
}

#[test]
fn gives_a_minutes_worth_at_once_and_no_more() {
    let mut bucket = Bucket::default();
    assert!((0..60).all(|_| bucket.take(rate(60), NOW).is_ok()));
    assert_eq!(bucket.take(rate(60), NOW), Err(NOW.plus_millis(1_000)));
}

#[test]
fn gives_one_more_at_the_instant_that_it_said() {
    let mut bucket = Bucket::default();
    (0..3).for_each(|_| bucket.take(rate(3), NOW).unwrap());
    let at = bucket.take(rate(3), NOW).unwrap_err();
    assert_eq!(at, NOW.plus_millis(20_000));
    assert!(bucket.take(rate(3), at.plus_millis(-1)).is_err());
    assert!(bucket.take(rate(3), at).is_ok());
    assert!(bucket.take(rate(3), at).is_err());
}

#[test]
fn gives_in_every_minute_at_most_twice_its_rate_and_on_average_its_rate() {
    let mut bucket = Bucket::default();
    let given = (0..600_000).filter(|ms| bucket.take(rate(30), NOW.plus_millis(*ms)).is_ok()).count();
    assert_eq!(given, 30 + 300 - 1);
}

#[test]
fn keeps_nobody_out_for_long_when_the_clock_is_set_back() {
    let mut bucket = Bucket::default();
    (0..60).for_each(|_| bucket.take(rate(60), NOW).unwrap());
    let hour_before = NOW.plus_millis(-3_600_000);
    assert_eq!(bucket.take(rate(60), hour_before), Err(hour_before.plus_millis(1_000)));
}

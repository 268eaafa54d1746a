//! How large the next batch is, by how long the last one took.

use std::time::Duration;

use weighbridge_model::appetite::Appetite;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn a_batch_that_took_too_long_makes_the_next_so_large_that_it_would_not_have() {
    for (records, took, next) in [(1_000, 20_000, 100), (300, 3_000, 200), (1, 60_000, 1)] {
        assert_eq!(Appetite::WHOLE.after(records, ms(took)).records(), next);
    }
}

#[test]
fn a_batch_that_was_quick_makes_the_next_twice_as_large_and_one_between_changes_nothing() {
    let slow = Appetite::WHOLE.after(1_000, ms(20_000));
    assert_eq!(slow.after(100, ms(500)).records(), 200);
    assert_eq!(slow.after(100, ms(1_500)), slow);
    assert_eq!(Appetite::WHOLE.after(10, ms(1)), Appetite::WHOLE);
}

#[test]
fn a_batch_of_nothing_says_nothing_of_records() {
    assert_eq!(Appetite::WHOLE.after(0, ms(20_000)), Appetite::WHOLE);
}

#[test]
fn pages_are_added_while_there_is_room_for_one_more_and_time() {
    let slow = Appetite::WHOLE.after(1_000, ms(20_000));
    assert!(slow.wants_more(60, 30, ms(900)));
    assert!(!slow.wants_more(80, 30, ms(900)), "the next page would be too much");
    assert!(!slow.wants_more(60, 30, ms(1_000)), "half of the time is gone");
}

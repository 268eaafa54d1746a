//! Time and randomness as a connector sees them.

use weighbridge_sdk::clock;

#[test]
fn gives_as_many_random_bytes_as_are_asked_for_however_few_the_host_gives_at_once() {
    for count in [0, 1, 4096, 4097, 10_000] {
        assert_eq!(clock::random(count).len(), count as usize);
    }
}

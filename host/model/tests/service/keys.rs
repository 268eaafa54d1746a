//! The key in use works, and the one before it as long as both are to.

use weighbridge_model::service::{ApiKey, Keys};

use super::NOW;

#[test]
fn admits_its_own_key_and_no_other() {
    let (own, other) = (ApiKey::new(&[1; 20]), ApiKey::new(&[2; 20]));
    let keys = Keys::of(&own);
    assert!(keys.admit(&own, NOW) && !keys.admit(&other, NOW));
}

#[test]
fn admits_both_keys_until_the_exchange_is_over_and_then_the_new_one() {
    let (old, new) = (ApiKey::new(&[1; 20]), ApiKey::new(&[2; 20]));
    let until = NOW.plus_millis(10);
    let keys = Keys::of(&old).exchanged(&new, until);
    let last = NOW.plus_millis(9);
    assert!(keys.admit(&old, last) && keys.admit(&new, last));
    assert!(!keys.admit(&old, until) && keys.admit(&new, until));
}

#[test]
fn keeps_one_key_before_the_one_in_use() {
    let [first, second, third] = [1, 2, 3].map(|byte| ApiKey::new(&[byte; 20]));
    let until = NOW.plus_millis(10);
    let keys = Keys::of(&first).exchanged(&second, until).exchanged(&third, until);
    assert!(!keys.admit(&first, NOW) && keys.admit(&second, NOW) && keys.admit(&third, NOW));
}

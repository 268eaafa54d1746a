//! What a connector gets that asks for nothing.

use std::time::Duration;

use weighbridge_model::package::{Caps, Limits};

#[test]
fn a_manifest_that_asks_for_nothing_means_what_the_sandbox_gives() {
    let (asked, given) = (Limits::default(), weighbridge_sandbox::Limits::default());
    assert_eq!(asked.memory_mib() as usize * 1024 * 1024, given.memory_bytes);
    assert_eq!(Duration::from_millis(asked.call_ms().into()), given.call_wall);
    assert!(Caps::default().admit(&asked));
}

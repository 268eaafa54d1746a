//! How fast a third party may ask: a minute's worth at once, then one at a time (the generic cell rate algorithm).

use std::num::NonZeroU32;

use crate::time::Timestamp;

const MINUTE_US: i64 = 60_000_000;

/// How much of its rate one caller has used: the instant, in microseconds, at which all of it would be there again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    full_at_us: i64,
}

impl Bucket {
    /// Takes one request out, or answers from when on there is one.
    pub fn take(&mut self, per_minute: NonZeroU32, now: Timestamp) -> Result<(), Timestamp> {
        let now_us = now.as_millis().saturating_mul(1_000);
        let step = MINUTE_US / i64::from(per_minute.get());
        // A clock that was set back, or a rate that was raised, does not keep anybody out for longer than a minute.
        let full_at = self.full_at_us.clamp(now_us, now_us.saturating_add(MINUTE_US));
        let spare = now_us.saturating_add(MINUTE_US - step) - full_at;
        if spare < 0 {
            let wait_ms = spare.saturating_neg().saturating_add(999) / 1_000;
            return Err(now.plus_millis(wait_ms));
        }
        self.full_at_us = full_at.saturating_add(step);
        Ok(())
    }
}

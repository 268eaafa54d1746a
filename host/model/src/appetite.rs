//! How large a batch is to be, by how long the one before it took.

use std::time::Duration;

/// A batch is to take no longer: what a crash undoes, and what a wish waits for, is at most this.
const AIM: Duration = Duration::from_secs(2);

/// How many records a batch is to have at most; its limit stands above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appetite(u64);

impl Appetite {
    /// Nothing is known yet, so that the limit alone counts.
    pub const WHOLE: Self = Self(u64::MAX);

    /// Records.
    pub const fn records(self) -> u64 {
        self.0
    }

    /// Whether a batch that is safe to end here goes on: it has room for another page as large as its last one, and time.
    #[must_use]
    pub fn wants_more(self, read: u64, last: u64, took: Duration) -> bool {
        read.saturating_add(last) <= self.0 && took * 2 < AIM
    }

    /// After a batch of so many records took so long. One that took too long says how many would not have; one that took half of
    /// the time lets the next be twice as large.
    #[must_use]
    pub fn after(self, records: u64, took: Duration) -> Self {
        if took > AIM && records > 0 {
            let fits = u128::from(records) * AIM.as_millis() / took.as_millis();
            return Self(u64::try_from(fits).unwrap_or(u64::MAX).max(1));
        }
        if took * 2 < AIM { Self(self.0.saturating_mul(2)) } else { self }
    }
}

//! A platform that fails call after call is left alone for a while: the circuit breaker of one connection, in milliseconds of
//! a clock that only goes forward.
//!
//! After [`FAILURES_MAX`] failures without a success in between it rests, each time for twice as long. When the rest is over,
//! one call may try; the others wait for what comes of it.

/// So many calls may fail one after the other.
const FAILURES_MAX: u32 = 5;
const FIRST_MS: u64 = 5_000;
const LONGEST_MS: u64 = 300_000;
/// So long nobody else tries while one does.
const TRY_MS: u64 = 30_000;

/// Whether calls may be made.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    failures: u32,
    /// When the last rest began, and until when it goes.
    since: u64,
    until: u64,
}

impl Rest {
    /// How long a call must wait. One that need not is the one that tries.
    pub(crate) fn ask(&mut self, now: u64) -> Option<u64> {
        if self.failures < FAILURES_MAX {
            return None;
        }
        if now < self.until {
            return Some(self.until - now);
        }
        self.until = now.saturating_add(TRY_MS);
        None
    }

    /// A call failed, which began at this time. What began before the rest says nothing new.
    pub(crate) fn fail(&mut self, began: u64, now: u64) {
        if self.failures >= FAILURES_MAX && began < self.since {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if let Some(step) = self.failures.checked_sub(FAILURES_MAX) {
            self.since = now;
            self.until = now.saturating_add((FIRST_MS << step.min(16)).min(LONGEST_MS));
        }
    }

    /// A call did what it should.
    pub(crate) const fn succeed(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(times: u32) -> Rest {
        let mut rest = Rest::default();
        (0..times).for_each(|_| rest.fail(0, 0));
        rest
    }

    #[test]
    fn rests_after_many_failures_in_a_row_and_not_after_fewer() {
        assert_eq!(failed(4).ask(0), None);
        assert_eq!(failed(5).ask(1_000), Some(4_000));
        let mut recovered = failed(4);
        recovered.succeed();
        recovered.fail(0, 0);
        assert_eq!(recovered.ask(0), None);
    }

    #[test]
    fn lets_one_try_after_the_rest_and_goes_on_as_that_ended() {
        let mut rest = failed(5);
        assert_eq!((rest.ask(5_000), rest.ask(5_000)), (None, Some(TRY_MS)));
        rest.fail(5_000, 6_000);
        assert_eq!(rest.ask(6_000), Some(10_000), "twice as long");
        assert_eq!(rest.ask(16_000), None);
        rest.succeed();
        assert_eq!((rest.ask(16_000), rest.ask(16_000)), (None, None));
    }

    #[test]
    fn is_not_made_longer_by_calls_that_began_before_it() {
        let mut rest = Rest::default();
        (0..9).for_each(|_| rest.fail(10, 20));
        assert_eq!(rest.ask(20), Some(5_000));
    }

    #[test]
    fn is_never_longer_than_its_longest() {
        let mut rest = Rest::default();
        for _ in 0..40 {
            rest.fail(0, 0);
        }
        assert_eq!(rest.ask(0), Some(LONGEST_MS));
    }
}

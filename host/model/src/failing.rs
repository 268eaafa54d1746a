//! A transfer that fails run after run: who is told, and when it stops by itself.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The runs of a transfer that failed since one did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// How many, one after the other.
    #[serde(default)]
    pub runs: u32,
    /// When the first of them ended.
    #[serde(default)]
    pub since: Option<Timestamp>,
}

/// So many runs may fail one after the other until a transfer is suspended, where nobody says otherwise.
pub const FAILURES_MAX: u32 = 20;

/// A transfer is not suspended before it has failed for so long, so that a bad night of a platform ends none that runs every
/// minute.
pub const SUSPENDED_AFTER_MS: i64 = 24 * 60 * 60 * 1_000;

/// Of the failures that are allowed, the parts in hundred at which somebody is told.
const RUNGS: [u8; 4] = [50, 70, 90, 100];

impl Failing {
    /// One more run failed.
    pub fn fail(&mut self, now: Timestamp) {
        self.runs = self.runs.saturating_add(1);
        self.since.get_or_insert(now);
    }

    /// The rung of the ladder that was reached by the newest failure, if one was: 50, 70, 90 or 100.
    pub fn rung(&self, failures_max: u32) -> Option<u8> {
        let reached = |runs: u32| {
            let is_reached = |rung: &u8| u64::from(runs) * 100 >= u64::from(*rung) * u64::from(failures_max);
            RUNGS.into_iter().filter(is_reached).max()
        };
        let now = reached(self.runs);
        now.filter(|_| now != reached(self.runs.saturating_sub(1)))
    }

    /// Whether it has failed often enough, and for long enough, to stop by itself.
    pub fn suspends(&self, failures_max: u32, now: Timestamp) -> bool {
        let long = self.since.is_some_and(|since| now.as_millis() - since.as_millis() >= SUSPENDED_AFTER_MS);
        long && self.runs >= failures_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn failed(runs: u32, hours: i64) -> (Failing, Timestamp) {
        let (start, mut failing) = (Timestamp::from_millis(0), Failing::default());
        (0..runs).for_each(|_| failing.fail(start));
        (failing, start.plus_millis(hours * HOUR_MS))
    }

    #[test]
    fn tells_once_at_each_rung_and_at_the_last_one_where_it_is_reached_at_once() {
        let told =
            |max: u32| -> Vec<_> { (1..=40).filter_map(|runs| Some((runs, failed(runs, 0).0.rung(max)?))).collect() };
        assert_eq!(told(20), [(10, 50), (14, 70), (18, 90), (20, 100)]);
        assert_eq!(told(3), [(2, 50), (3, 100)]);
        assert_eq!(told(1), [(1, 100)]);
    }

    #[test]
    fn suspends_after_enough_failures_and_a_day_of_them_and_not_after_one_of_both() {
        for (runs, hours, suspends) in [(20, 24, true), (20, 23, false), (19, 48, false), (2_000, 1, false)] {
            let (failing, now) = failed(runs, hours);
            assert_eq!(failing.suspends(20, now), suspends, "{runs} failures in {hours} hours");
        }
        assert!(!Failing::default().suspends(0, Timestamp::from_millis(i64::MAX)), "none failed");
    }
}

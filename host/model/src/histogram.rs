//! How long something took, counted by steps, for whoever watches a host.
//!
//! Counts only grow, so that two looks at them say what was between. Whoever measures says how long it took: there is no
//! clock here.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Steps for what takes milliseconds: commits, decisions, requests.
pub const QUICK_US: &[u64] = &[
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
    10_000_000, 30_000_000,
];

/// Steps for what is late: from a tenth of a second to a day.
pub const LATE_US: &[u64] = &[
    100_000,
    500_000,
    1_000_000,
    5_000_000,
    15_000_000,
    60_000_000,
    300_000_000,
    900_000_000,
    3_600_000_000,
    21_600_000_000,
    86_400_000_000,
];

/// How often something took at most how long.
#[derive(Debug)]
pub struct Histogram {
    steps_us: &'static [u64],
    /// One more than there are steps: the last is for what is beyond all of them.
    counts: Vec<AtomicU64>,
    sum_us: AtomicU64,
}

/// A histogram at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// So often it took at most so many microseconds, each step with those before it.
    pub steps: Vec<(u64, u64)>,
    /// How often it happened.
    pub count: u64,
    /// Microseconds in all.
    pub sum_us: u64,
}

impl Histogram {
    /// Nothing happened yet. The steps ascend.
    pub fn over(steps_us: &'static [u64]) -> Self {
        let counts = (0..=steps_us.len()).map(|_| AtomicU64::new(0)).collect();
        Self { steps_us, counts, sum_us: AtomicU64::new(0) }
    }

    /// It happened once more, and took so long.
    pub fn note(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let step = self.steps_us.partition_point(|step| *step < us);
        self.counts[step].fetch_add(1, Relaxed);
        self.sum_us.fetch_add(us, Relaxed);
    }

    /// How it stands. The count is what the steps add up to, also while others are noting.
    pub fn spread(&self) -> Spread {
        let mut count = 0;
        let mut so_far = |at: &AtomicU64| {
            count += at.load(Relaxed);
            count
        };
        let steps = self.steps_us.iter().zip(&self.counts).map(|(step, at)| (*step, so_far(at))).collect();
        let count = so_far(&self.counts[self.steps_us.len()]);
        Spread { steps, count, sum_us: self.sum_us.load(Relaxed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread_of(micros: &[u64]) -> Spread {
        let histogram = Histogram::over(&[10, 100]);
        micros.iter().for_each(|us| histogram.note(Duration::from_micros(*us)));
        histogram.spread()
    }

    #[test]
    fn each_step_counts_those_before_it_and_its_own_end() {
        let spread = spread_of(&[0, 10, 11, 100]);
        assert_eq!(spread, Spread { steps: vec![(10, 2), (100, 4)], count: 4, sum_us: 121 });
    }

    #[test]
    fn what_is_beyond_all_steps_is_counted_in_all_alone() {
        let spread = spread_of(&[101, 1_000_000]);
        assert_eq!(spread, Spread { steps: vec![(10, 0), (100, 0)], count: 2, sum_us: 1_000_101 });
    }

    #[test]
    fn steps_ascend() {
        for steps in [QUICK_US, LATE_US] {
            assert!(steps.is_sorted_by(|one, next| one < next), "{steps:?}");
        }
    }
}

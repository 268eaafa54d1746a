//! How long a campaign goes on, and what it came to.

use std::time::{Duration, Instant};

/// So many times, or for so long.
#[derive(Debug)]
pub struct Pace {
    /// The first seed; each try has the next one.
    pub first: u64,
    begun: Instant,
    end: Result<u64, Duration>,
    lanes: u64,
}

impl Pace {
    /// So many times, or else for so many seconds, from a seed on.
    pub fn new(first: u64, end: Result<u64, u64>) -> Self {
        Self { first, begun: Instant::now(), end: end.map_err(Duration::from_secs), lanes: 1 }
    }

    /// The same from this instant on, after what had to be made ready.
    pub fn anew(&self) -> Self {
        Self { begun: Instant::now(), ..*self }
    }

    /// The same where so many go side by side.
    pub fn side_by_side(&self, lanes: u64) -> Self {
        Self { lanes, ..self.anew() }
    }

    /// Whether there is more to do after so many were begun. One more is begun only where as long as they took so far is left.
    pub fn goes_on(&self, done: u64) -> bool {
        match self.end {
            Ok(count) => done < count,
            Err(time) => fits(self.begun.elapsed(), done / self.lanes, time),
        }
    }

    /// How many there are to be, where that is said.
    pub fn count(&self) -> Option<u64> {
        self.end.ok()
    }

    /// Seconds since the beginning.
    pub fn passed_s(&self) -> u64 {
        self.begun.elapsed().as_secs()
    }
}

/// Whether one more of these ends in time, if it takes as long as those did. The first one is always begun.
fn fits(passed: Duration, done: u64, time: Duration) -> bool {
    let one = passed / u32::try_from(done).unwrap_or(u32::MAX).max(1);
    done == 0 || passed + one <= time
}

/// What a campaign came to.
#[derive(Debug)]
pub struct Reached {
    /// What is compared with the floor.
    pub count: u64,
    /// Everything that was counted, with its words; the first is `count`.
    pub lines: Vec<(u64, &'static str)>,
    /// Versions of what was tried, and other things to know.
    pub with: Vec<String>,
    /// What it does not try.
    pub untested: &'static [&'static str],
}

impl Reached {
    /// On one line.
    pub fn sentence(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|(count, words)| format!("{count} {words}")).collect();
        lines.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(passed_s: u64, done: u64) -> bool {
        fits(Duration::from_secs(passed_s), done, Duration::from_secs(25))
    }

    #[test]
    fn goes_on_when_one_more_ends_in_time() {
        assert!(at(90, 0), "the first one");
        assert!(at(20, 4));
    }

    #[test]
    fn ends_when_one_more_would_take_longer_than_is_left() {
        assert!(!at(21, 4));
        assert!(!at(13, 1));
    }
}

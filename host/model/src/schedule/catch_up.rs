//! What is to be run now, and what became of the occurrences that are not.

use super::{CatchUpMode, Schedule};
use crate::time::Timestamp;

/// An occurrence this late is on time: a scheduler looks about so often.
const ON_TIME_MS: i64 = 60_000;
/// The most runs that are made at once.
const RUNS_MAX: usize = 1_000;
/// The most occurrences that are counted one by one.
const COUNTED_MAX: u64 = 100_000;

/// What the time since the last occurrence brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Occurrences to run, in order.
    pub runs: Vec<Timestamp>,
    /// Occurrences that make no run, and why; nothing is left out in silence.
    pub passed_over: Vec<PassedOver>,
    /// The last occurrence that was looked at: the next call begins after it.
    pub last: Option<Timestamp>,
    /// The occurrence to wait for.
    pub next: Option<Timestamp>,
}

/// Occurrences that make no run, for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// The first of them.
    pub first: Timestamp,
    /// The last of them.
    pub last: Timestamp,
    /// How many there are.
    pub count: u64,
    /// Why.
    pub reason: PassedReason,
}

/// Why an occurrence makes no run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedReason {
    /// It is older than missed occurrences are made up for.
    TooOld,
    /// A later one is run for it too.
    Superseded,
}

impl PassedReason {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooOld => "schedule.missed",
            Self::Superseded => "schedule.superseded",
        }
    }
}

impl Schedule {
    /// The occurrences after `last` that are due for this id by now. With very many the call looks at the first part of
    /// them, and `next` is in the past: ask again.
    pub fn due(&self, id: &str, last: Timestamp, now: Timestamp) -> Due {
        let until = now.plus_millis(self.jitter_ms(id).saturating_neg());
        let mut due = Due { next: self.next_after(last), ..Due::default() };
        let mut looked_at = 0;
        while let Some(occurrence) = due.next.filter(|next| *next <= until) {
            if due.runs.len() == RUNS_MAX || looked_at == COUNTED_MAX {
                break;
            }
            looked_at += 1;
            self.sort_in(&mut due, occurrence, until);
            due.last = Some(occurrence);
            due.next = self.next_after(occurrence);
        }
        due
    }

    fn sort_in(&self, due: &mut Due, occurrence: Timestamp, until: Timestamp) {
        let age = until.as_millis().saturating_sub(occurrence.as_millis());
        let catch_up = self.wording.catch_up;
        let made_up_for = i64::try_from(catch_up.window_ms).unwrap_or(i64::MAX);
        let age_max = if catch_up.mode == CatchUpMode::None { ON_TIME_MS } else { made_up_for.max(ON_TIME_MS) };
        if age > age_max {
            return pass_over(due, occurrence, PassedReason::TooOld);
        }
        if catch_up.mode != CatchUpMode::All
            && let Some(earlier) = due.runs.pop()
        {
            pass_over(due, earlier, PassedReason::Superseded);
        }
        due.runs.push(occurrence);
    }
}

fn pass_over(due: &mut Due, occurrence: Timestamp, reason: PassedReason) {
    match due.passed_over.iter_mut().find(|passed| passed.reason == reason) {
        Some(passed) => {
            passed.last = occurrence;
            passed.count += 1;
        }
        None => due.passed_over.push(PassedOver { first: occurrence, last: occurrence, count: 1, reason }),
    }
}

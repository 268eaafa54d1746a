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

/// Where a schedule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The last occurrence that was looked at.
    pub last: Timestamp,
    /// From this occurrence on they wait for a run to end, so that they are not late by their own doing.
    pub waiting_from: Option<Timestamp>,
    /// Occurrences before this make no run, since a person wanted none until then.
    pub paused_until: Option<Timestamp>,
}

impl From<Timestamp> for Standing {
    fn from(last: Timestamp) -> Self {
        Self { last, waiting_from: None, paused_until: None }
    }
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
    /// The schedule was paused.
    Paused,
}

impl PassedReason {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooOld => "schedule.missed",
            Self::Superseded => "schedule.superseded",
            Self::Paused => "schedule.paused",
        }
    }
}

impl Schedule {
    /// The occurrences after the last one that are due for this id by now. With very many the call looks at the first part of
    /// them, and `next` is in the past: ask again.
    pub fn due(&self, id: &str, standing: impl Into<Standing>, now: Timestamp) -> Due {
        let standing = standing.into();
        let until = now.plus_millis(self.jitter_ms(id).saturating_neg());
        let mut due = Due { next: self.next_after(standing.last), ..Due::default() };
        let mut looked_at = 0;
        while let Some(occurrence) = due.next.filter(|next| *next <= until) {
            if due.runs.len() == RUNS_MAX || looked_at == COUNTED_MAX {
                break;
            }
            looked_at += 1;
            self.sort_in(&mut due, occurrence, standing, until);
            due.last = Some(occurrence);
            due.next = self.next_after(occurrence);
        }
        due
    }

    /// Whether an occurrence that is looked at now is looked at when it should be.
    pub fn is_on_time(&self, id: &str, occurrence: Timestamp, now: Timestamp) -> bool {
        let until = now.plus_millis(self.jitter_ms(id).saturating_neg());
        until.as_millis().saturating_sub(occurrence.as_millis()) <= ON_TIME_MS
    }

    fn sort_in(&self, due: &mut Due, occurrence: Timestamp, standing: Standing, until: Timestamp) {
        if standing.paused_until.is_some_and(|end| occurrence < end) {
            return pass_over(due, occurrence, PassedReason::Paused);
        }
        let waited = standing.waiting_from.is_some_and(|first| first <= occurrence);
        let age = until.as_millis().saturating_sub(occurrence.as_millis());
        let catch_up = self.wording.catch_up;
        let made_up_for = i64::try_from(catch_up.window_ms).unwrap_or(i64::MAX);
        let age_max = if catch_up.mode == CatchUpMode::None { ON_TIME_MS } else { made_up_for.max(ON_TIME_MS) };
        if age > age_max && !waited {
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

//! Why is this (not) running, and until when?

use super::code::{Refusal, RefusalCode};
use super::decide::decide;
use super::facts::Facts;
use super::level::{Answer, Place, walk};
use crate::time::Timestamp;

/// What one level says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelAnswer {
    /// The level, and for which side.
    pub place: Place,
    /// What it says.
    pub answer: Answer,
}

/// What all levels say, and when that next changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Every level, from the outside in.
    pub levels: Vec<LevelAnswer>,
    /// The first no; none means that the batch may move.
    pub refusal: Option<Refusal>,
    /// The first later instant at which the answer is another one, if windows alone bring one about.
    pub changes_at: Option<Timestamp>,
}

/// No answer has more edges than this ahead of it: every window has two, and there are five windows.
const EDGES: usize = 64;

/// Walks all levels.
pub fn explain(facts: &Facts, now: Timestamp) -> Explanation {
    Explanation {
        levels: walk(facts, now).map(|(place, answer)| LevelAnswer { place, answer }).collect(),
        refusal: decide(facts, now).err(),
        changes_at: next_change(facts, now),
    }
}

fn outcome(facts: &Facts, at: Timestamp) -> Option<(RefusalCode, Place)> {
    decide(facts, at).err().map(|refusal| (refusal.code, refusal.place))
}

fn next_change(facts: &Facts, now: Timestamp) -> Option<Timestamp> {
    let before = outcome(facts, now);
    let mut at = now;
    for _ in 0..EDGES {
        let edges = walk(facts, at).filter_map(|(_, answer)| answer.until());
        at = edges.filter(|edge| *edge > at).min()?;
        if outcome(facts, at) != before {
            return Some(at);
        }
    }
    None
}

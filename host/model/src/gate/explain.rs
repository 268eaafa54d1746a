//! Why is this (not) running, and until when?

use super::code::{Refusal, RefusalCode};
use super::decide::decide;
use super::facts::Facts;
use super::level::{Answer, Level, Place, walk};
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

/// Edges that are looked at. The first one changes the answer, except where a clock is set back inside of allowed hours.
const EDGES: usize = 64;

/// Walks all levels.
pub fn explain(facts: &Facts, now: Timestamp) -> Explanation {
    Explanation {
        levels: answers(facts, now).collect(),
        refusal: decide(facts, now).err(),
        changes_at: next_change(facts, now),
    }
}

/// Every level's answer. When allowed hours end is worked out here, since `decide` has no use for it.
fn answers(facts: &Facts, now: Timestamp) -> impl Iterator<Item = LevelAnswer> + '_ {
    walk(facts, now).map(move |(place, answer)| match (place.level, answer, &facts.transfer.schedule) {
        (Level::Transfer, Answer::Yes(None), Some(schedule)) => {
            LevelAnswer { place, answer: Answer::Yes(schedule.allows_until(now)) }
        }
        _ => LevelAnswer { place, answer },
    })
}

fn outcome(facts: &Facts, at: Timestamp) -> Option<(RefusalCode, Place)> {
    decide(facts, at).err().map(|refusal| (refusal.code, refusal.place))
}

fn next_change(facts: &Facts, now: Timestamp) -> Option<Timestamp> {
    let before = outcome(facts, now);
    let mut at = now;
    for _ in 0..EDGES {
        at = next_edge(facts, at)?;
        if outcome(facts, at) != before {
            return Some(at);
        }
    }
    None
}

/// The next edge of a level that has a say: what stands further in than the first no changes nothing.
fn next_edge(facts: &Facts, at: Timestamp) -> Option<Timestamp> {
    let mut edges = Vec::new();
    for level in answers(facts, at) {
        edges.extend(level.answer.until().filter(|edge| *edge > at));
        if matches!(level.answer, Answer::No(..)) {
            break;
        }
    }
    edges.into_iter().min()
}

//! The same answers give the same records, whatever the time and the dice.

use super::case::{Case, clipped};
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::cassette::{Drill, Outcome};
use crate::replay::session;

pub(super) const CHECK: Check = Check {
    code: "conformance.not_deterministic",
    rule: "gives the same bytes for the same answers, at another time and with other random bytes",
    next_step: "Keep the time, random bytes and the order of hash maps out of records and checkpoints.",
    run: |case| Box::pin(run(case)),
};

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    if matches!(case.cassette.header.drill, Drill::Write(_)) {
        return Ok(Verdict::Moot("the recording is of writing, whose requests are compared elsewhere".into()));
    }
    let others = tried(case, 0).await?;
    if others != Verdict::Passed {
        return Ok(others);
    }
    // What is asked of a platform may depend on the time, and nobody recorded what it would answer then.
    let later = tried(case, 1).await?;
    Ok(if let Verdict::NotTried(_) = later { others } else { later })
}

async fn tried(case: &Case<'_>, later_ms: u64) -> Result<Verdict, BenchError> {
    let act = case.act().at_another(later_ms);
    let done = session(case.bench, &act, &case.cassette.header.drill).await?;
    if let Some(absent) = act.absent() {
        return Ok(if later_ms > 0 { Verdict::NotTried(absent) } else { Verdict::Failed(absent) });
    }
    let lines = |outcomes: &[Outcome]| outcomes.iter().map(Outcome::to_line).collect::<Vec<_>>();
    let (usual, other) = (lines(&case.usual.outcomes), lines(&done.outcomes));
    let differs = usual.iter().zip(&other).find(|(one, other)| one != other);
    let why = if later_ms > 0 { "a millisecond later" } else { "with other random bytes" };
    if usual.len() != other.len() && differs.is_none() {
        return Ok(Verdict::Failed(format!("{why} it gives another number of pages")));
    }
    Ok(Verdict::of(differs.map(|(one, other)| format!("{why}, {} became {}", clipped(one), clipped(other)))))
}

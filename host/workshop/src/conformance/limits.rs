//! A page is never larger than asked for.

use weighbridge_sandbox::{Ended, Stop};

use super::case::{Case, clipped, or_not_tried};
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::cassette::ReadDrill;
use crate::record::narrow;
use crate::walk::{Gait, walk};

pub(super) const CHECK: Check = Check {
    code: "conformance.limit_ignored",
    rule: "gives pages of as many records and bytes as it is asked for at most, and the same records in them",
    next_step: "Ask `Limit::admits` before each record, and keep the rest for the next page.",
    run: |case| Box::pin(run(case)),
};

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let (drill, _) = or_not_tried!(case.reading());
    let few = tried(case, &narrow(drill), Gait::USUAL).await?;
    if few != Verdict::Passed {
        return Ok(few);
    }
    // A page with room for the longest record, and for little more.
    let longest = case.usual.walked.lines().iter().map(|line| line.len() + 1).max().unwrap_or_default();
    let bytes = u32::try_from(longest + 2).unwrap_or(u32::MAX);
    let short = tried(case, drill, Gait { bytes, ..Gait::USUAL }).await?;
    Ok(if let Verdict::NotTried(_) = short { few } else { short })
}

async fn tried(case: &Case<'_>, drill: &ReadDrill, gait: Gait) -> Result<Verdict, BenchError> {
    let act = case.act();
    let walked = walk(case.bench, &act, drill, gait).await?;
    if let Some(Ended::Stopped(stopped)) = &walked.ended {
        let is_limit = matches!(stopped.stop, Stop::PageTooLong | Stop::PageTooLarge);
        return Ok(if is_limit {
            Verdict::Failed(stopped.to_string())
        } else {
            Verdict::Failed(format!("asked for {} records a page, it was stopped: {stopped}", drill.records))
        });
    }
    if let Some(absent) = act.absent() {
        return Ok(Verdict::NotTried(absent));
    }
    let (few, usual) = (walked.lines(), case.usual.walked.lines());
    let other = few.iter().zip(&usual).find(|(one, other)| one != other);
    Ok(Verdict::of(other.map(|(one, other)| {
        let (one, other) = (clipped(&String::from_utf8_lossy(one)), clipped(&String::from_utf8_lossy(other)));
        format!("asked for smaller pages it gives {one} where it gave {other}")
    })))
}

//! A walk that is broken off at any checkpoint goes on behind it.

use std::collections::BTreeMap;

use weighbridge_sandbox::SyncMode;

use super::case::{Case, clipped, or_not_tried};
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::walk::{Gait, walk};

pub(super) const CHECK: Check = Check {
    code: "conformance.resume_differs",
    rule: "goes on from each checkpoint with the record after it",
    next_step: "A checkpoint says where the next record begins: look at what it holds after the last record of a page.",
    run: |case| Box::pin(run(case)),
};

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let (drill, capability) = or_not_tried!(case.reading());
    if !capability.resumable {
        return Ok(Verdict::Moot("the stream is declared as one that does not resume".into()));
    }
    let act = case.act();
    let walked = walk(case.bench, &act, drill, Gait::INTERRUPTED).await?;
    let (usual, resumed) = (case.usual.walked.lines(), walked.lines());
    let checkpoints = walked.pages.iter().filter(|page| page.more && page.checkpoint.is_some()).count();
    if let Some(fault) = fault(&usual, &resumed, drill.mode == SyncMode::Incremental) {
        return Ok(match act.absent().filter(|_| walked.ended.is_some()) {
            Some(absent) => Verdict::Failed(format!("after a checkpoint it asks for something else: {absent}")),
            None => Verdict::Failed(fault),
        });
    }
    if checkpoints == 0 {
        return Ok(Verdict::NotTried("the recording has no checkpoint before its end; record smaller pages".into()));
    }
    Ok(Verdict::Passed)
}

/// An incremental walk may give a record twice, where it looks back for what came late.
fn fault(usual: &[&[u8]], resumed: &[&[u8]], may_repeat: bool) -> Option<String> {
    let count = |lines: &[&[u8]]| {
        let mut counts: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        lines.iter().for_each(|line| *counts.entry(line.to_vec()).or_default() += 1);
        counts
    };
    let (before, after) = (count(usual), count(resumed));
    let shown = |line: &[u8]| clipped(&String::from_utf8_lossy(line));
    if let Some((line, _)) = before.iter().find(|(line, _)| !after.contains_key(*line)) {
        return Some(format!("interrupted at every checkpoint it never gives {}", shown(line)));
    }
    let repeated = after.iter().find(|(line, times)| before.get(*line).is_none_or(|usual| *times > usual));
    let (line, times) = repeated.filter(|(line, _)| !may_repeat || !before.contains_key(*line))?;
    Some(format!("interrupted at every checkpoint it gives {} {times} times", shown(line)))
}

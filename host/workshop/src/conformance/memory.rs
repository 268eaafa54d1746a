//! A long answer fits into the memory that the connector asked for.

use serde_json::Value;
use weighbridge_sandbox::{Ended, Stop};

use super::case::{Case, or_not_tried};
use super::twist::Twist;
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::cassette::{Answered, Body};
use crate::deck::Played;
use crate::walk::{Gait, PAGE_BYTES, walk};

pub(super) const CHECK: Check = Check {
    code: "conformance.memory_exceeded",
    rule: "reads an answer of 4 MiB, or of 20,000 of the platform's own records, within its memory",
    next_step: "Keep records as they came (`RawValue`) instead of as trees of values, or ask for smaller pages.",
    run: |case| Box::pin(run(case)),
};

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let (drill, _) = or_not_tried!(case.reading());
    let long = case.seen.exchanges.iter().find_map(|exchange| match &exchange.answer {
        Answered::Response { status, headers, body } => {
            let body = lengthened(&body.bytes())?;
            Some(Answered::Response { status: *status, headers: headers.clone(), body })
        }
        Answered::Refused(_) => None,
    });
    let Some(answer) = long else {
        return Ok(Verdict::Moot("no answer has a list that could be longer".into()));
    };
    let act = case.act_at(&Twist { played: Played::new(case.cassette), answer, spares_reads: false });
    let walked = walk(case.bench, &act, drill, Gait::ONCE).await?;
    let out_of_memory = |ended: &&Ended| matches!(ended, Ended::Stopped(stopped) if matches!(stopped.stop, Stop::MemoryExhausted | Stop::Trapped));
    Ok(Verdict::of(walked.ended.iter().find(out_of_memory).map(ToString::to_string)))
}

/// No platform lists more at once.
const RECORDS_MAX: usize = 20_000;

/// The answer with its longest list repeated.
fn lengthened(body: &[u8]) -> Option<Body> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    let list = longest(&mut value)?;
    let bytes = serde_json::to_string(list).map(|text| text.len()).unwrap_or_default().max(1);
    let own = list.clone();
    let times = (PAGE_BYTES as usize / bytes).min(RECORDS_MAX / own.len());
    for _ in 1..times {
        list.extend(own.iter().cloned());
    }
    Some(Body::Text(value.to_string()))
}

fn longest(value: &mut Value) -> Option<&mut Vec<Value>> {
    match value {
        Value::Array(elements) if !elements.is_empty() => Some(elements),
        Value::Object(fields) => fields.values_mut().filter_map(longest).max_by_key(|list| list.len()),
        _ => None,
    }
}

//! A backfill ends where it is told to.

use serde_json::Value;
use weighbridge_model::package::Capability;
use weighbridge_model::package::capability::field_pointer;
use weighbridge_sandbox::{Ended, FailureClass};

use super::case::{Case, clipped, or_not_tried};
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::cassette::ReadDrill;
use crate::walk::{Gait, walk};

pub(super) const CHECK: Check = Check {
    code: "conformance.until_ignored",
    rule: "reads up to `until`, without it, and nothing less",
    next_step: "Give the platform `until` as its upper bound, or leave out what lies at it and beyond.",
    run: |case| Box::pin(run(case)),
};

/// The same walk up to the middle of the records, where they have an order; and its pointer into a record.
pub(crate) fn halved(drill: &ReadDrill, capability: &Capability, records: &[Value]) -> Option<(ReadDrill, String)> {
    let field = field_pointer(capability.cursor_field.as_deref()?);
    let places: Vec<&Value> = records.iter().filter_map(|record| record.pointer(&field)).collect();
    let (first, middle) = (places.first()?, places.get(places.len() / 2)?);
    if drill.until.is_some() || first == middle {
        return None;
    }
    let until = match middle {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some((ReadDrill { until: Some(until), ..drill.clone() }, field))
}

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let (drill, capability) = or_not_tried!(case.reading());
    let records = case.usual.walked.records();
    if capability.cursor_field.is_none() {
        return Ok(Verdict::Moot("the stream has no cursor field".into()));
    }
    let Some((half, field)) = halved(drill, capability, &records) else {
        return Ok(Verdict::NotTried("too few values of the cursor field came".into()));
    };
    let act = case.act();
    let walked = walk(case.bench, &act, &half, Gait::USUAL).await?;
    if let Some(Ended::Failure(failure)) = &walked.ended
        && failure.class == FailureClass::Unsupported
    {
        return Ok(Verdict::Moot("the connector says that it does not do this".into()));
    }
    if let Some(absent) = act.absent() {
        return Ok(Verdict::NotTried(absent));
    }
    let until = half.until.as_deref().unwrap_or_default();
    let is_within = |record: &&Value| record.pointer(&field).is_some_and(|place| lies_before(place, until));
    let came = walked.records();
    if let Some(beyond) = came.iter().find(|record| !is_within(record)) {
        return Ok(Verdict::Failed(format!("until {until}, it gives {}", clipped(&beyond.to_string()))));
    }
    let missing = records.iter().filter(is_within).find(|record| !came.contains(record));
    Ok(Verdict::of(missing.map(|lost| format!("until {until}, it leaves out {}", clipped(&lost.to_string())))))
}

fn lies_before(place: &Value, until: &str) -> bool {
    match place {
        Value::String(text) => text.as_str() < until,
        Value::Number(number) => {
            let (own, bound) = (number.as_f64(), until.parse::<f64>());
            own.zip(bound.ok()).is_some_and(|(own, bound)| own < bound)
        }
        _ => false,
    }
}

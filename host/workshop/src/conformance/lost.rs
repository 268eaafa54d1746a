//! What the platform lists arrives.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::case::{Case, keys_of, or_not_tried};
use super::{Check, Verdict};
use crate::bench::BenchError;
use crate::cassette::{Answered, Asked};

pub(super) const CHECK: Check = Check {
    code: "conformance.record_lost",
    rule: "gives every record that the platform lists where the stream is listed",
    next_step: "Look at the ends of pages: the last record of an answer, and the first after a limit.",
    run: |case| Box::pin(std::future::ready(judged(case))),
};

fn judged(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let (drill, capability) = or_not_tried!(case.reading());
    if drill.since.is_some() || drill.until.is_some() || !case.usual.walked.is_whole {
        return Ok(Verdict::NotTried("the recording is not of a whole stream".into()));
    }
    let key = &capability.primary_key;
    if key.is_empty() {
        return Ok(Verdict::Moot("the stream has no primary key by which a record is known".into()));
    }
    let removed = case.usual.walked.pages.iter().flat_map(|page| crate::walk::split(&page.removed));
    let removed: Vec<Value> = removed.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let mut delivered = keys_of(&case.usual.walked.records(), key);
    delivered.extend(keys_of(&removed, key));
    let mut known = false;
    for keys in places(case, key).values() {
        if keys.iter().any(|key| delivered.contains(key)) {
            known = true;
            if let Some(lost) = keys.iter().find(|key| !delivered.contains(*key)) {
                return Ok(Verdict::Failed(format!("the platform lists a record {lost} that never came")));
            }
        }
    }
    if known {
        return Ok(Verdict::Passed);
    }
    Ok(Verdict::Moot("the platform's answers do not have the records' keys as they come".into()))
}

/// Where lists stand, the query of the address aside: each with the keys of all objects in them.
fn places(case: &Case<'_>, key: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for exchange in &case.seen.exchanges {
        if let Answered::Response { body, .. } = &exchange.answer
            && let Ok(value) = serde_json::from_slice(&body.bytes())
        {
            let Asked { method, url, .. } = &exchange.request;
            let place = format!("{method} {} ", url.split('?').next().unwrap_or_default());
            gather(&value, &place, key, &mut found);
        }
    }
    found
}

/// The outermost lists: what lies inside of a record belongs to it.
fn gather(value: &Value, place: &str, key: &[String], found: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Array(elements) if elements.first().is_some_and(Value::is_object) => {
            found.entry(place.to_owned()).or_default().extend(keys_of(elements, key));
        }
        Value::Array(elements) => elements.iter().for_each(|element| gather(element, place, key, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| gather(field, &format!("{place}/{name}"), key, found));
        }
        _ => {}
    }
}

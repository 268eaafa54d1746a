//! Records are what the schema says.

use std::collections::BTreeSet;

use super::case::{Case, clipped, key_of, or_not_tried};
use super::{Check, Verdict};
use crate::bench::BenchError;

pub(super) const CHECK: Check = Check {
    code: "conformance.schema_untrue",
    rule: "gives records that fit their schema and have the primary key and the cursor field it declares",
    next_step: "Mend the schema in `connector.toml` or `discover`, or what the connector makes of the platform's records.",
    run: |case| Box::pin(std::future::ready(judged(case))),
};

fn judged(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let (_, capability) = or_not_tried!(case.reading());
    let records = case.usual.walked.records();
    if records.is_empty() {
        return Ok(Verdict::NotTried("no record came".into()));
    }
    let mut seen = BTreeSet::new();
    for record in &records {
        match key_of(record, &capability.primary_key) {
            None if !capability.primary_key.is_empty() => {
                let record = clipped(&record.to_string());
                return Ok(Verdict::Failed(format!("a record lacks a field of the primary key: {record}")));
            }
            Some(key) if !seen.insert(key.clone()) => {
                return Ok(Verdict::Failed(format!("two records of one walk have the primary key {key}")));
            }
            _ => {}
        }
    }
    let Some(schema) = &capability.schema else {
        return Ok(Verdict::Moot("the stream has no schema".into()));
    };
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => return Ok(Verdict::Failed(format!("the schema is none: {error}"))),
    };
    let fault = records.iter().find_map(|record| {
        let error = validator.iter_errors(record).next()?;
        Some(clipped(&format!("at {}: {error}", error.instance_path())))
    });
    Ok(Verdict::of(fault))
}

//! Paths and parameters with places in them.

use weighbridge_sdk::{Failure, config, http};

use crate::field::{Field, scalar};

/// A path whose places are filled in from a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(String, Field),
}

impl Path {
    /// Reads a path. `{partition}` is filled in at once.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let text = partitioned(text, true)?;
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let closed = after.split_once('}').filter(|(field, _)| !field.is_empty() && !field.contains('{'));
            let (field, after) = closed.ok_or_else(|| malformed(&text))?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Field(field.to_owned(), Field::parse(field)));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { parts })
    }

    /// Whether it differs from record to record.
    pub(crate) fn has_fields(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Field(..)))
    }

    /// The path for a record, or the name of the field that it lacks.
    pub(crate) fn of(&self, record: &[u8]) -> Result<String, &str> {
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Field(name, field) => {
                    let value = field.of(record).as_ref().and_then(scalar).filter(|value| !value.is_empty());
                    path.push_str(&http::encoded(&value.ok_or(name.as_str())?));
                }
            }
        }
        Ok(path)
    }
}

/// The text with the customer's partition in its places.
pub(crate) fn partitioned(text: &str, encode: bool) -> Result<String, Failure> {
    if !text.contains(PARTITION) {
        return Ok(text.to_owned());
    }
    let missing =
        || Failure::config("rest.partition_missing", "the settings use {partition}, and the endpoint has none");
    let partition = config::partition()?.ok_or_else(missing)?;
    Ok(text.replace(PARTITION, &if encode { http::encoded(&partition) } else { partition }))
}

/// Where the customer's partition goes.
pub(crate) const PARTITION: &str = "{partition}";

fn malformed(text: &str) -> Failure {
    Failure::config("rest.path_malformed", format!("the path `{text}` has a brace that is not closed"))
}

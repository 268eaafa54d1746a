//! Checkpoints: where a walk over a stream goes on.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use weighbridge_sdk::Failure;

use crate::overlap;

/// A place between two records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// What this walk asks for: records changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Value>,
    /// The highest value seen so far; the `since` of the next walk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) high: Option<Value>,
    /// The page that holds the next record; the first one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<PageId>,
    /// How many records of that page come before it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) skip: usize,
    /// The walk is over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) done: bool,
}

/// How a page is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PageId {
    /// By number or offset.
    Number(u64),
    /// By what the page before said.
    Cursor(String),
    /// By its whole URL.
    Url(String),
}

impl Place {
    /// Reads a checkpoint.
    pub(crate) fn read(checkpoint: &[u8]) -> Result<Self, Failure> {
        serde_json::from_slice(checkpoint)
            .map_err(|_| Failure::system("rest.checkpoint_malformed", "the checkpoint is not one of this connector"))
    }

    /// Writes it down.
    pub(crate) fn write(&self) -> Result<Vec<u8>, Failure> {
        Ok(serde_json::to_vec(self)?)
    }

    /// The beginning of the walk that follows a finished one: so far before the highest value of that.
    pub(crate) fn next_walk(self, overlap: u32) -> Result<Self, Failure> {
        let high = self.high.or(self.since);
        let since = high.as_ref().map(|high| overlap::before(high, overlap)).transpose()?;
        Ok(Self { high, since, ..Self::default() })
    }

    /// Notes the value of a record's cursor field.
    pub(crate) fn raise(&mut self, value: Value) {
        let higher = match (&self.high, &value) {
            (None, Value::String(_) | Value::Number(_)) => true,
            (Some(Value::String(high)), Value::String(new)) => new > high,
            (Some(Value::Number(high)), Value::Number(new)) => is_greater(new, high),
            _ => false,
        };
        if higher {
            self.high = Some(value);
        }
    }
}

fn is_greater(new: &serde_json::Number, high: &serde_json::Number) -> bool {
    match (new.as_i128(), high.as_i128()) {
        (Some(new), Some(high)) => new > high,
        _ => new.as_f64() > high.as_f64(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_zero(value: &usize) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

//! Which rejected records.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::name::Code;
use weighbridge_model::problem::Problem;
use weighbridge_model::record::{Fields, Pointer};
use weighbridge_model::run::RejectedBy;
use weighbridge_model::time::{Timestamp, Zone};
use weighbridge_store::tables::DeadLetter;

use crate::account::inputs;

/// Which rejected records. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RejectedFilter {
    /// Only of this transfer.
    pub transfer: Option<TransferId>,
    /// Only of this run.
    pub run: Option<RunId>,
    /// Only those with this code.
    pub code: Option<Code>,
    /// Only those that the mapping, or the destination, rejected.
    pub by: Option<RejectedBy>,
    /// Rejected on this day or at this instant, or later; a day is one of the organisation's zone.
    pub since: Option<String>,
    /// Rejected before this day or instant.
    pub until: Option<String>,
    /// Only those with this value in a field of the record: `/order/id=5`.
    #[serde(rename = "where")]
    pub field: Option<String>,
}

/// A filter that was read.
pub(super) struct Wanted<'a> {
    filter: &'a RejectedFilter,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    field: Option<(Pointer, &'a str)>,
}

impl RejectedFilter {
    pub(super) fn read(&self, zone: &Zone) -> Result<Wanted<'_>, Problem> {
        let instant =
            |text: &Option<String>, at| text.as_deref().map(|text| inputs::instant(zone, text, at)).transpose();
        Ok(Wanted {
            filter: self,
            since: instant(&self.since, "since")?,
            until: instant(&self.until, "until")?,
            field: self.field.as_deref().map(field).transpose()?,
        })
    }
}

fn field(text: &str) -> Result<(Pointer, &str), Problem> {
    let malformed = |what: String| Problem::invalid("where", what);
    let (at, value) = text
        .split_once('=')
        .ok_or_else(|| malformed("write a field, `=` and its value, such as /order/id=5".into()))?;
    let pointer = Pointer::of_field(at).map_err(|error| malformed(error.to_string()))?;
    Ok((pointer, value))
}

impl Wanted<'_> {
    /// As far as the row says it.
    pub(super) fn fits(&self, row: &DeadLetter) -> bool {
        self.filter.run.is_none_or(|run| row.run == Some(run))
            && self.filter.code.as_ref().is_none_or(|code| *code == row.code)
            && self.filter.by.is_none_or(|by| by == row.by)
            && self.since.is_none_or(|since| row.at >= since)
            && self.until.is_none_or(|until| row.at < until)
    }

    /// Whether the record itself has to be looked at.
    pub(super) const fn asks_for_a_field(&self) -> bool {
        self.field.is_some()
    }

    /// A value is written as JSON has it, and a text without its quotes too.
    pub(super) fn fits_record(&self, record: &str) -> bool {
        let Some((pointer, wanted)) = &self.field else { return true };
        let Ok(fields) = Fields::parse(record) else { return false };
        pointer.find(&fields).is_some_and(|value| {
            value.get() == *wanted || serde_json::from_str::<String>(value.get()).is_ok_and(|text| text == *wanted)
        })
    }
}

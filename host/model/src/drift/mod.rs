//! What is accepted of a stream's records, and what becomes of a record that does not fit.

mod accepted;
mod field_type;
mod judge;
mod schema;

use serde::{Deserialize, Serialize};

pub use accepted::{Accepted, AcceptedField, Learnt};
pub use field_type::{FieldType, FieldTypes};
pub use judge::{Drift, Verdict, judge};
pub use schema::StreamSchema;

/// What happens when records do not fit what was accepted of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftPolicy {
    /// What is new is accepted, and the record moves.
    #[default]
    Evolve,
    /// Nothing moves until a person accepts what is new.
    Freeze,
    /// Such a record is left out.
    DiscardRow,
    /// The field that does not fit is left out of the record, which moves.
    DiscardValue,
}

impl DriftPolicy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Evolve, Self::Freeze, Self::DiscardRow, Self::DiscardValue];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Evolve => "evolve",
            Self::Freeze => "freeze",
            Self::DiscardRow => "discard_row",
            Self::DiscardValue => "discard_value",
        }
    }
}

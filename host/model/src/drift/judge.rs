//! The rule: what becomes of a record, by what is accepted of its stream and by the endpoint's policy.

use std::fmt;

use super::DriftPolicy;
use super::accepted::Accepted;
use super::field_type::{FieldType, FieldTypes};
use crate::record::Fields;

/// Something of a record that does not fit. It has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift<'a> {
    /// The field's name.
    pub field: &'a str,
    /// The type of what was found in it.
    pub found: FieldType,
    /// The types that are accepted; none where the field is new.
    pub accepted: Option<FieldTypes>,
}

/// What becomes of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It moves.
    Moves,
    /// It moves, and this is accepted with it.
    Teaches(Vec<Drift<'a>>),
    /// Nothing moves, because of this.
    Freezes(Vec<Drift<'a>>),
    /// It is left out, because of this.
    RowDiscarded(Vec<Drift<'a>>),
    /// It moves without these fields.
    ValuesDiscarded(Vec<Drift<'a>>),
}

/// Says what becomes of a record.
pub fn judge<'a>(accepted: &Accepted, policy: DriftPolicy, record: &'a Fields<'_>) -> Verdict<'a> {
    let found = accepted.differences(record);
    if found.is_empty() {
        return Verdict::Moves;
    }
    if policy == DriftPolicy::Evolve || found.iter().all(Drift::is_first_value) {
        return Verdict::Teaches(found);
    }
    let drifts = found.into_iter().filter(|one| !one.is_first_value()).collect();
    match policy {
        DriftPolicy::Evolve => Verdict::Teaches(drifts),
        DriftPolicy::Freeze => Verdict::Freezes(drifts),
        DriftPolicy::DiscardRow => Verdict::RowDiscarded(drifts),
        DriftPolicy::DiscardValue => Verdict::ValuesDiscarded(drifts),
    }
}

impl Drift<'_> {
    /// Whether it is the first value of a field that had none: it contradicts nothing, and says what the field holds.
    fn is_first_value(&self) -> bool {
        self.accepted == Some(FieldTypes::NULL)
    }
}

/// The longest name of a field that is written out.
const NAME_CHARS_MAX: usize = 100;

impl fmt::Display for Drift<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, found) = (self.field.chars().take(NAME_CHARS_MAX).collect::<String>(), self.found.word());
        match self.accepted {
            None => write!(f, "the field `{name}` is new, and holds {found}"),
            Some(accepted) => write!(f, "the field `{name}` is to hold {accepted}, and holds {found}"),
        }
    }
}

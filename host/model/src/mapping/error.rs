//! Why a record is rejected.

use crate::record::NotAnObject;

/// A record that the mapping cannot shape.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not a JSON object.
    #[error(transparent)]
    NotAnObject(#[from] NotAnObject),
    /// A value cannot be turned into the type that its rule names.
    #[error("{at}: {value} cannot be turned into {wanted}")]
    Cast {
        /// The rule, as a path into the mapping.
        at: String,
        /// The value, cut to 100 bytes.
        value: String,
        /// What it was to become.
        wanted: &'static str,
    },
    /// A value is not in the table, and the rule has no default.
    #[error("{at}: {value} is not in the table, and the rule has no default")]
    NotInTable {
        /// The rule, as a path into the mapping.
        at: String,
        /// The value, cut to 100 bytes.
        value: String,
    },
    /// A part of a text is absent, or no text, number or boolean.
    #[error("{at}: there is no text, number or boolean at `{field}`")]
    NoPart {
        /// The rule, as a path into the mapping.
        at: String,
        /// Where the part was looked for.
        field: String,
    },
    /// A value is no date of the form that its rule reads.
    #[error("{at}: {value} is no date that the rule reads")]
    Date {
        /// The rule, as a path into the mapping.
        at: String,
        /// The value, cut to 100 bytes.
        value: String,
    },
    /// A value is no number of the form that its rule reads, or does not fit the one that it writes.
    #[error("{at}: {value} is no number that the rule reads and that fits what it writes")]
    Number {
        /// The rule, as a path into the mapping.
        at: String,
        /// The value, cut to 100 bytes.
        value: String,
    },
    /// No record link has this key.
    #[error("{at}: the record {value} has no id at `{endpoint}` yet")]
    NoLink {
        /// The rule, as a path into the mapping.
        at: String,
        /// The key, cut to 100 bytes.
        value: String,
        /// The endpoint.
        endpoint: String,
    },
    /// An expression failed.
    #[error("{at}: the expression fails: {what}")]
    Expression {
        /// The rule, as a path into the mapping.
        at: String,
        /// What it says.
        what: String,
    },
    /// The value for `each` is not an array of objects.
    #[error("{at}: the value is not an array of objects")]
    NotObjects {
        /// The rule, as a path into the mapping.
        at: String,
    },
}

impl RecordError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAnObject(_) => "mapping.not_an_object",
            Self::Cast { .. } => "mapping.cast_failed",
            Self::NotInTable { .. } => "mapping.not_in_table",
            Self::NotObjects { .. } => "mapping.not_objects",
            Self::NoPart { .. } => "mapping.part_missing",
            Self::Date { .. } => "mapping.date_malformed",
            Self::Number { .. } => "mapping.number_malformed",
            Self::NoLink { .. } => "mapping.no_link",
            Self::Expression { .. } => "mapping.expression_failed",
        }
    }

    /// The rule, as a path into the mapping; none where the record itself is at fault.
    pub fn at(&self) -> Option<&str> {
        match self {
            Self::NotAnObject(_) => None,
            Self::Cast { at, .. }
            | Self::NotInTable { at, .. }
            | Self::NotObjects { at }
            | Self::NoPart { at, .. }
            | Self::Date { at, .. }
            | Self::Number { at, .. }
            | Self::NoLink { at, .. }
            | Self::Expression { at, .. } => Some(at),
        }
    }
}

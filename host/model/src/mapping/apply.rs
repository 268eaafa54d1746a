//! One record through a mapping.

use serde_json::value::RawValue;

use super::cast::cast;
use super::compile::{Mapping, Node, Shape, Step, StepValue};
use crate::record::{Fields, NotAnObject};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// It was written.
    Written,
    /// A filter left it out.
    Filtered,
}

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
        }
    }
}

impl Mapping {
    /// Appends the mapped record and an LF to `out`, or nothing where a filter leaves it out. After an error `out` is as it
    /// was before.
    pub fn apply(&self, fields: &Fields<'_>, out: &mut Vec<u8>) -> Result<Mapped, RecordError> {
        if !self.filters.iter().all(|filter| filter.admits(fields)) {
            return Ok(Mapped::Filtered);
        }
        let start = out.len();
        match self.shape.write(fields, out) {
            Ok(()) => {
                out.push(b'\n');
                Ok(Mapped::Written)
            }
            Err(error) => {
                out.truncate(start);
                Err(error)
            }
        }
    }
}

impl Mapping {
    /// Appends what the mapping makes of a primary key and an LF: the values it copies from there, and nothing else.
    pub fn apply_key(&self, fields: &Fields<'_>, out: &mut Vec<u8>) -> Result<(), RecordError> {
        let start = out.len();
        let written = self.keys.write(fields, out);
        out.push(b'\n');
        written.inspect_err(|_| out.truncate(start))
    }
}

impl Shape {
    fn write(&self, fields: &Fields<'_>, out: &mut Vec<u8>) -> Result<(), RecordError> {
        out.push(b'{');
        let mut first = true;
        if let Some(except) = &self.keep_except {
            for (name, value) in fields.iter().filter(|(name, _)| !except.iter().any(|other| other == name)) {
                begin_field(out, name, &mut first);
                out.extend_from_slice(value.get().as_bytes());
            }
        }
        self.write_nodes(&self.root, fields, out, &mut first)?;
        out.push(b'}');
        Ok(())
    }

    /// Writes the nodes that have a value; the others leave no trace.
    fn write_nodes(
        &self,
        nodes: &[(String, Node)],
        fields: &Fields<'_>,
        out: &mut Vec<u8>,
        first: &mut bool,
    ) -> Result<(), RecordError> {
        for (name, node) in nodes {
            let (start, was_first) = (out.len(), *first);
            begin_field(out, name, first);
            let written = match node {
                Node::Step(step) => self.steps[*step].write(fields, out)?,
                Node::Object(inner) => {
                    let mut none = true;
                    out.push(b'{');
                    self.write_nodes(inner, fields, out, &mut none)?;
                    out.push(b'}');
                    !none
                }
            };
            if !written {
                out.truncate(start);
                *first = was_first;
            }
        }
        Ok(())
    }
}

fn begin_field(out: &mut Vec<u8>, name: &str, first: &mut bool) {
    if !std::mem::replace(first, false) {
        out.push(b',');
    }
    write_string(out, name);
    out.push(b':');
}

/// A JSON string; names and values without anything to escape are the common case.
pub(super) fn write_string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
    }
}

impl Step {
    /// Appends the value; `false` where there is none.
    fn write(&self, fields: &Fields<'_>, out: &mut Vec<u8>) -> Result<bool, RecordError> {
        let found = match &self.value {
            StepValue::Constant(text) => {
                out.extend_from_slice(text.as_bytes());
                return Ok(true);
            }
            StepValue::Copy { from, .. } | StepValue::Each { from, .. } => from.find(fields),
        };
        let Some(value) = found.filter(|value| self.default.is_none() || value.get() != "null") else {
            return Ok(self.write_default(out));
        };
        match &self.value {
            StepValue::Copy { cast: wanted, table, .. } => match table {
                Some(table) => match table.get(text_of(value).as_ref()) {
                    Some(text) => out.extend_from_slice(text.as_bytes()),
                    None if self.write_default(out) => {}
                    None => return Err(RecordError::NotInTable { at: self.at.clone(), value: excerpt(value) }),
                },
                None => cast(value, *wanted, out).map_err(|wanted| self.cast_failed(value, wanted))?,
            },
            StepValue::Each { shape, .. } => self.write_each(value, shape, out)?,
            StepValue::Constant(_) => {}
        }
        Ok(true)
    }

    fn write_default(&self, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.default.as_deref().unwrap_or_default().as_bytes());
        self.default.is_some()
    }

    fn write_each(&self, value: &RawValue, shape: &Shape, out: &mut Vec<u8>) -> Result<(), RecordError> {
        let elements: Vec<Fields<'_>> =
            serde_json::from_str(value.get()).map_err(|_| RecordError::NotObjects { at: self.at.clone() })?;
        out.push(b'[');
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            shape.write(element, out)?;
        }
        out.push(b']');
        Ok(())
    }

    fn cast_failed(&self, value: &RawValue, wanted: &'static str) -> RecordError {
        RecordError::Cast { at: self.at.clone(), value: excerpt(value), wanted }
    }
}

/// The text by which a table is looked up: a string's contents, anything else as it is written.
fn text_of(value: &RawValue) -> std::borrow::Cow<'_, str> {
    if value.get().starts_with('"') {
        serde_json::from_str::<String>(value.get()).map_or(std::borrow::Cow::Borrowed(""), std::borrow::Cow::Owned)
    } else {
        std::borrow::Cow::Borrowed(value.get())
    }
}

fn excerpt(value: &RawValue) -> String {
    let text = value.get();
    let end = (0..=text.len().min(100)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].to_owned()
}

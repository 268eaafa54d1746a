//! One record through a mapping.

use super::compile::{Mapping, Node, Shape};
use super::error::RecordError;
use super::known::{Known, Questions};
use crate::record::Fields;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// It was written.
    Written,
    /// A filter left it out.
    Filtered,
}

impl Mapping {
    /// The number of the first filter that leaves the record out, if one does.
    pub fn left_out_by(&self, fields: &Fields<'_>) -> Option<usize> {
        self.filters.iter().position(|filter| !filter.admits(fields))
    }

    /// Appends the mapped record and an LF to `out`, or nothing where a filter leaves it out. After an error `out` is as it
    /// was before.
    pub fn apply(&self, fields: &Fields<'_>, known: &mut dyn Known, out: &mut Vec<u8>) -> Result<Mapped, RecordError> {
        if self.left_out_by(fields).is_some() {
            return Ok(Mapped::Filtered);
        }
        let start = out.len();
        match self.shape.write(fields, known, out) {
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
    pub fn apply_key(&self, fields: &Fields<'_>, known: &mut dyn Known, out: &mut Vec<u8>) -> Result<(), RecordError> {
        let start = out.len();
        let written = self.keys.write(fields, known, out);
        out.push(b'\n');
        written.inspect_err(|_| out.truncate(start))
    }

    /// Notes what has to be known before the record is mapped. A record that is rejected either way asks for less.
    pub fn ask(&self, fields: &Fields<'_>, questions: &mut Questions) {
        let _ = self.apply(fields, questions, &mut Vec::new());
    }

    /// Notes what has to be known before the primary key is mapped.
    pub fn ask_key(&self, fields: &Fields<'_>, questions: &mut Questions) {
        let _ = self.apply_key(fields, questions, &mut Vec::new());
    }
}

impl Shape {
    pub(super) fn write(
        &self,
        fields: &Fields<'_>,
        known: &mut dyn Known,
        out: &mut Vec<u8>,
    ) -> Result<(), RecordError> {
        out.push(b'{');
        let mut first = true;
        if let Some(except) = &self.keep_except {
            for (name, value) in fields.iter().filter(|(name, _)| !except.iter().any(|other| other == name)) {
                begin_field(out, name, &mut first);
                out.extend_from_slice(value.get().as_bytes());
            }
        }
        self.write_nodes(&self.root, (fields, known), out, &mut first)?;
        out.push(b'}');
        Ok(())
    }

    /// Writes the nodes that have a value; the others leave no trace.
    fn write_nodes(
        &self,
        nodes: &[(String, Node)],
        (fields, known): (&Fields<'_>, &mut dyn Known),
        out: &mut Vec<u8>,
        first: &mut bool,
    ) -> Result<(), RecordError> {
        for (name, node) in nodes {
            let (start, was_first) = (out.len(), *first);
            begin_field(out, name, first);
            let written = match node {
                Node::Step(step) => self.steps[*step].write(fields, known, out)?,
                Node::Object(inner) => {
                    let mut none = true;
                    out.push(b'{');
                    self.write_nodes(inner, (fields, &mut *known), out, &mut none)?;
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

//! What one rule writes.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::apply::write_string;
use super::cast::cast;
use super::compile::{Joined, Link, Piece, Shape, Shaping, Step, StepValue};
use super::error::RecordError;
use super::known::{Found, Known};
use super::rules::{AbsentLink, AbsentPart, Split};
use crate::record::Fields;

impl Step {
    /// Appends the value; `false` where there is none.
    pub(super) fn write(
        &self,
        fields: &Fields<'_>,
        known: &mut dyn Known,
        out: &mut Vec<u8>,
    ) -> Result<bool, RecordError> {
        let found = match &self.value {
            StepValue::Constant(text) => {
                out.extend_from_slice(text.as_bytes());
                return Ok(true);
            }
            StepValue::Concat(joined) => return self.write_joined(joined, fields, out),
            StepValue::Expression(expression) => return self.write_evaluated(*expression, fields, known, out),
            StepValue::Copy { from, .. } | StepValue::Shaped { from, .. } | StepValue::Each { from, .. } => {
                from.find(fields)
            }
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
            StepValue::Shaped { split, shaping, .. } => return self.write_shaped(value, (split, shaping), known, out),
            StepValue::Each { shape, .. } => self.write_each(value, shape, known, out)?,
            StepValue::Constant(_) | StepValue::Concat(_) | StepValue::Expression(_) => {}
        }
        Ok(true)
    }

    fn write_default(&self, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.default.as_deref().unwrap_or_default().as_bytes());
        self.default.is_some()
    }

    fn write_each(
        &self,
        value: &RawValue,
        shape: &Shape,
        known: &mut dyn Known,
        out: &mut Vec<u8>,
    ) -> Result<(), RecordError> {
        let elements: Vec<Fields<'_>> =
            serde_json::from_str(value.get()).map_err(|_| RecordError::NotObjects { at: self.at.clone() })?;
        out.push(b'[');
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            shape.write(element, known, out)?;
        }
        out.push(b']');
        Ok(())
    }

    /// A value that is more than moved: cut first, then given its new form. Kept apart, as the next ones are, so that moving a
    /// value stays as small as it was.
    #[inline(never)]
    fn write_shaped(
        &self,
        value: &RawValue,
        (split, shaping): (&Option<Split>, &Shaping),
        known: &mut dyn Known,
        out: &mut Vec<u8>,
    ) -> Result<bool, RecordError> {
        if value.get() == "null" {
            out.extend_from_slice(b"null");
            return Ok(true);
        }
        let Some(split) = split else { return self.write_form(value, shaping, known, out) };
        let text = string_of(value).ok_or_else(|| self.cast_failed(value, "a text that can be split"))?;
        let Some(part) = part_of(&text, split) else { return Ok(self.write_default(out)) };
        let mut quoted = Vec::with_capacity(part.len() + 2);
        write_string(&mut quoted, part);
        let quoted = String::from_utf8_lossy(&quoted);
        let part: &RawValue =
            serde_json::from_str(&quoted).map_err(|_| self.cast_failed(value, "a text that can be split"))?;
        self.write_form(part, shaping, known, out)
    }

    fn write_form(
        &self,
        value: &RawValue,
        shaping: &Shaping,
        known: &mut dyn Known,
        out: &mut Vec<u8>,
    ) -> Result<bool, RecordError> {
        let at = || self.at.clone();
        match shaping {
            Shaping::Cast(wanted) => cast(value, *wanted, out).map_err(|wanted| self.cast_failed(value, wanted))?,
            Shaping::Table(table) => match table.get(text_of(value).as_ref()) {
                Some(text) => out.extend_from_slice(text.as_bytes()),
                None if self.write_default(out) => {}
                None => return Err(RecordError::NotInTable { at: at(), value: excerpt(value) }),
            },
            Shaping::Date(date) => {
                let shaped = date.shape(&text_of(value), out);
                shaped.ok_or_else(|| RecordError::Date { at: at(), value: excerpt(value) })?;
            }
            Shaping::Number(number) => {
                let shaped = number.shape(&text_of(value), value.get().starts_with('"'), out);
                shaped.ok_or_else(|| RecordError::Number { at: at(), value: excerpt(value) })?;
            }
            Shaping::Link(link) => self.write_link(value, link, known, out)?,
        }
        Ok(true)
    }

    fn write_link(
        &self,
        value: &RawValue,
        link: &Link,
        known: &mut dyn Known,
        out: &mut Vec<u8>,
    ) -> Result<(), RecordError> {
        let mut key = Vec::new();
        cast(value, link.cast, &mut key).map_err(|wanted| self.cast_failed(value, wanted))?;
        let key = String::from_utf8_lossy(&key);
        match (known.link(link.endpoint, &key), link.absent) {
            (Found::Value(id), _) => write_string(out, id),
            (Found::Asked, _) | (_, AbsentLink::Null) => out.extend_from_slice(b"null"),
            (_, AbsentLink::Keep) => out.extend_from_slice(key.as_bytes()),
            (_, AbsentLink::Reject) => {
                let (value, endpoint) = (excerpt(value), link.name.clone());
                return Err(RecordError::NoLink { at: self.at.clone(), value, endpoint });
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn write_joined(&self, joined: &Joined, fields: &Fields<'_>, out: &mut Vec<u8>) -> Result<bool, RecordError> {
        let mut parts: Vec<Cow<'_, str>> = Vec::with_capacity(joined.pieces.len());
        for piece in &joined.pieces {
            let from = match piece {
                Piece::Text(text) => {
                    parts.push(Cow::Borrowed(text));
                    continue;
                }
                Piece::Copy(from) => from,
            };
            let found = from.find(fields).filter(|value| value.get() != "null");
            match (found, joined.absent) {
                (Some(value), _) if !value.get().starts_with(['{', '[']) => parts.push(text_of(value)),
                (None, AbsentPart::Skip) => {}
                (None, AbsentPart::Empty) => parts.push(Cow::Borrowed("")),
                (None, AbsentPart::Nothing) => return Ok(self.write_default(out)),
                (Some(_), _) | (None, AbsentPart::Reject) => {
                    return Err(RecordError::NoPart { at: self.at.clone(), field: from.to_string() });
                }
            }
        }
        write_string(out, &parts.join(joined.separator.as_str()));
        Ok(true)
    }

    #[inline(never)]
    fn write_evaluated(
        &self,
        expression: usize,
        fields: &Fields<'_>,
        known: &mut dyn Known,
        out: &mut Vec<u8>,
    ) -> Result<bool, RecordError> {
        match known.evaluated(expression, &fields.to_json()) {
            Found::Value("null") | Found::Nothing if self.default.is_some() => Ok(self.write_default(out)),
            Found::Value(json) => {
                out.extend_from_slice(json.as_bytes());
                Ok(true)
            }
            Found::Nothing => Ok(false),
            Found::Asked => {
                out.extend_from_slice(b"null");
                Ok(true)
            }
            Found::Failed(what) => Err(RecordError::Expression { at: self.at.clone(), what: what.to_owned() }),
        }
    }

    fn cast_failed(&self, value: &RawValue, wanted: &'static str) -> RecordError {
        RecordError::Cast { at: self.at.clone(), value: excerpt(value), wanted }
    }
}

/// The part that a rule names, counted from the beginning or from the end.
fn part_of<'a>(text: &'a str, split: &Split) -> Option<&'a str> {
    let (separator, index) = (split.separator.as_str(), split.part.unsigned_abs() as usize);
    if split.part >= 0 { text.split(separator).nth(index) } else { text.rsplit(separator).nth(index - 1) }
}

fn string_of(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// The text by which a table is looked up: a string's contents, anything else as it is written.
fn text_of(value: &RawValue) -> Cow<'_, str> {
    if value.get().starts_with('"') {
        string_of(value).map_or(Cow::Borrowed(""), Cow::Owned)
    } else {
        Cow::Borrowed(value.get())
    }
}

fn excerpt(value: &RawValue) -> String {
    let text = value.get();
    let end = (0..=text.len().min(100)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].to_owned()
}

//! A page as a table: CSV as RFC 4180 has it, in which nothing is a formula.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;
use weighbridge::{PulledLine, PulledPage};

use super::columns::DELETED;
use crate::api::{cell, quoted};

/// All lines under their columns; the last column says which records are gone.
pub(super) fn csv(columns: &[String], page: &PulledPage) -> String {
    let mut text = String::with_capacity(page.items().0.len());
    let headings = columns.iter().map(String::as_str).chain([DELETED]);
    row(&mut text, headings.map(quoted));
    for line in page.lines() {
        let (record, deleted) = match line {
            PulledLine::Record(record) => (record, "false"),
            PulledLine::Deleted(key) => (key, "true"),
        };
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(record).unwrap_or_default();
        let cells = columns.iter().map(|column| fields.get(column).map(|raw| field(raw)).unwrap_or_default());
        row(&mut text, cells.chain([deleted.to_owned()]));
    }
    text
}

fn row(text: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&cell);
    }
    text.push_str("\r\n");
}

/// A number stays as the source wrote it, with all its digits; it is no formula, also where it is below zero.
fn field(raw: &RawValue) -> String {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'-') => text.to_owned(),
        Some(b'"') => serde_json::from_str::<Value>(text).map(|value| quoted(&cell(&value))).unwrap_or_default(),
        Some(b'n') => String::new(),
        Some(b't' | b'f') => text.to_owned(),
        _ => quoted(text),
    }
}

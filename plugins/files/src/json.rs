//! The records of one JSON document.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;
use weighbridge_sdk::Failure;

use crate::body::Body;

/// A document is held whole, in a guest's little memory.
const DOCUMENT_BYTES_MAX: usize = 16 << 20;

/// A document, and where its records are.
pub(crate) struct Document {
    text: String,
    records: Vec<Range<usize>>,
}

impl Document {
    /// Reads a whole file. The records are the array at a JSON Pointer, or the one object there.
    pub(crate) fn read(body: &mut Body, pointer: &str) -> Result<Self, Failure> {
        while body.fill()? {
            if body.unread().len() > DOCUMENT_BYTES_MAX {
                let message =
                    format!("a JSON document has at most {DOCUMENT_BYTES_MAX} bytes; JSON lines have no limit");
                return Err(Failure::config("files.json_too_large", message));
            }
        }
        let text = String::from_utf8_lossy(body.unread()).into_owned();
        let found = find(serde_json::from_str(&text).map_err(|error| malformed(&error))?, pointer)?;
        let place = |raw: &RawValue| {
            let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
            start..start + raw.get().len()
        };
        let records = if found.get().starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(found.get()).map_err(|error| malformed(&error))?;
            items.into_iter().map(place).collect()
        } else {
            vec![place(found)]
        };
        Ok(Self { text, records })
    }

    /// A record by its number; none behind the last one.
    pub(crate) fn record(&self, index: u64) -> Result<Option<&[u8]>, Failure> {
        let found = usize::try_from(index).ok().and_then(|index| self.records.get(index));
        let Some(record) = found.map(|range| &self.text[range.clone()]) else { return Ok(None) };
        if record.starts_with('{') {
            return Ok(Some(record.as_bytes()));
        }
        Err(Failure::config("files.json_malformed", format!("record {index} is no JSON object")))
    }
}

/// What a JSON Pointer leads to.
fn find<'a>(document: &'a RawValue, pointer: &str) -> Result<&'a RawValue, Failure> {
    let steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    let mut place = document;
    for step in steps {
        let members: BTreeMap<String, &RawValue> =
            serde_json::from_str(place.get()).map_err(|error| malformed(&error))?;
        let missing = || Failure::config("files.json_pointer", format!("the document has nothing at `{pointer}`"));
        place = members.get(&step).copied().ok_or_else(missing)?;
    }
    Ok(place)
}

fn malformed(error: &serde_json::Error) -> Failure {
    Failure::config("files.json_malformed", format!("it is not the JSON expected: {error}"))
}

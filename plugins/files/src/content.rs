//! The records of a file, whatever is in it.

use serde::de::IgnoredAny;
use weighbridge_sdk::Failure;

use crate::body::Body;
use crate::csv::Rows;
use crate::json::Document;

/// The most bytes of one record; a page has no more.
pub(crate) const RECORD_BYTES_MAX: usize = 4 << 20;

/// What a file holds.
pub(crate) enum Content {
    Rows(Box<Rows>),
    Lines,
    Document(Document),
}

impl Content {
    /// The record at an offset, put behind what there is, and the offset behind it; none at the end.
    pub(crate) fn next(&mut self, body: &mut Body, offset: u64, record: &mut Vec<u8>) -> Result<Option<u64>, Failure> {
        match self {
            Self::Rows(rows) => Ok(rows.next(body, record)?.then(|| body.offset())),
            Self::Lines => Ok(line(body, record)?.then(|| body.offset())),
            Self::Document(document) => Ok(document.record(offset)?.map(|found| {
                record.extend_from_slice(found);
                offset + 1
            })),
        }
    }
}

/// The next line that is not empty.
fn line(body: &mut Body, record: &mut Vec<u8>) -> Result<bool, Failure> {
    loop {
        let (byte, length) = (body.offset(), line_end(body)?);
        if length == 0 {
            return Ok(false);
        }
        let text = body.unread()[..length].trim_ascii();
        if !text.is_empty() {
            let found: Result<IgnoredAny, _> = serde_json::from_slice(text);
            if found.is_err() || text[0] != b'{' {
                let message = format!("the line at byte {byte} is no JSON object");
                return Err(Failure::config("files.json_malformed", message));
            }
            record.extend_from_slice(text);
        }
        body.take(length);
        if !record.is_empty() {
            return Ok(true);
        }
    }
}

/// How long the next line is, its end included; the last one may have none.
fn line_end(body: &mut Body) -> Result<usize, Failure> {
    let mut seen = 0;
    loop {
        if let Some(end) = memchr::memchr(b'\n', &body.unread()[seen..]) {
            return Ok(seen + end + 1);
        }
        seen = body.unread().len();
        if seen > RECORD_BYTES_MAX {
            let message = format!("the line at byte {} has more than {RECORD_BYTES_MAX} bytes", body.offset());
            return Err(Failure::config("files.line_too_long", message));
        }
        if !body.fill()? {
            return Ok(seen);
        }
    }
}

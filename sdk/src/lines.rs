//! Records as JSON lines: one UTF-8 JSON object a line, each ended by LF.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::Failure;

/// Lines that are being collected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    bytes: Vec<u8>,
    count: u32,
}

impl Lines {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// None yet, with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), count: 0 }
    }

    /// Adds a record.
    pub fn push<T: Serialize + ?Sized>(&mut self, record: &T) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.bytes, record)?;
        self.end_line();
        Ok(())
    }

    /// Adds a record as the platform wrote it, without reading it again. Line breaks between its parts become spaces.
    pub fn push_raw(&mut self, record: &RawValue) {
        self.push_json(record.get().as_bytes());
    }

    /// The same from bytes that are known to be one JSON object, such as a part of an answer that was parsed.
    pub fn push_json(&mut self, record: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record);
        // Inside a JSON string a line break is always escaped, so every bare one is only layout.
        let added = &mut self.bytes[start..];
        if memchr::memchr2(b'\n', b'\r', added).is_some() {
            added.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        }
        self.end_line();
    }

    /// How many.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Their length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The lines themselves.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn end_line(&mut self) {
        self.bytes.push(b'\n');
        self.count += 1;
    }
}

/// The lines of a buffer, without their LF.
pub fn raw(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    Raw { rest: lines }
}

/// The records of a buffer.
pub fn records<T: DeserializeOwned>(lines: &[u8]) -> impl Iterator<Item = Result<T, Failure>> {
    raw(lines).map(|line| Ok(serde_json::from_slice(line)?))
}

struct Raw<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Raw<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        Some(line)
    }
}

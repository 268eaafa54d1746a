//! JSON lines that a guest hands over: counted and checked once, at the boundary.

mod find;
mod scan;

pub use find::{Pointer, find};

use scan::{Fault, Scan};

/// Where a list of lines goes wrong, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// What is wrong.
    pub kind: LineFaultKind,
    /// In which line, from 1.
    pub line: usize,
    /// At which byte: of the list where it is no text, of the line else.
    pub byte: usize,
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFaultKind {
    /// The last one is not ended by a line feed.
    Unended,
    /// It is no UTF-8.
    Utf8,
    /// It is not one JSON object.
    Json,
    /// It has the character U+0000 in it.
    Nul,
}

/// Counts the lines, each of which must be one JSON object ended by a line feed.
pub fn check(bytes: &[u8]) -> Result<u64, LineFault> {
    if let Err(fault) = std::str::from_utf8(bytes) {
        let line = memchr::memchr_iter(b'\n', &bytes[..fault.valid_up_to()]).count() + 1;
        return Err(LineFault { kind: LineFaultKind::Utf8, line, byte: fault.valid_up_to() });
    }
    let (mut start, mut line) = (0, 0);
    for end in memchr::memchr_iter(b'\n', bytes) {
        line += 1;
        let object = Scan::new(&bytes[start..end]).object();
        object.map_err(|(fault, byte)| LineFault { kind: fault.into(), line, byte })?;
        start = end + 1;
    }
    if start < bytes.len() {
        return Err(LineFault { kind: LineFaultKind::Unended, line: line + 1, byte: bytes.len() - start });
    }
    Ok(line as u64)
}

impl From<Fault> for LineFaultKind {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Json => Self::Json,
            Fault::Nul => Self::Nul,
        }
    }
}

//! JSON lines that a guest hands over: counted and checked once, at the boundary.

mod find;
mod scan;

pub(crate) use find::{Pointer, find};

use crate::outcome::{Stop, Stopped};
use scan::{Fault, Scan};

/// Counts the lines, each of which must be one JSON object ended by a line feed. `what` names the list in a message.
pub fn check(bytes: &[u8], what: &str) -> Result<u64, Stopped> {
    if let Err(fault) = std::str::from_utf8(bytes) {
        let line = memchr::memchr_iter(b'\n', &bytes[..fault.valid_up_to()]).count() + 1;
        return Err(at(Stop::Utf8Invalid, what, line, fault.valid_up_to()));
    }
    let (mut start, mut lines) = (0, 0);
    for end in memchr::memchr_iter(b'\n', bytes) {
        lines += 1;
        Scan::new(&bytes[start..end]).object().map_err(|(fault, place)| at(stop(fault), what, lines, place))?;
        start = end + 1;
    }
    if start < bytes.len() {
        return Err(at(Stop::LineUnended, what, lines + 1, bytes.len() - start));
    }
    Ok(lines as u64)
}

/// How many lines a list has that the host itself made or has checked.
pub(crate) fn count(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

fn stop(fault: Fault) -> Stop {
    match fault {
        Fault::Json => Stop::JsonInvalid,
        Fault::Nul => Stop::NulRefused,
    }
}

fn at(stop: Stop, what: &str, line: usize, byte: usize) -> Stopped {
    Stopped::new(stop, format!("{} See line {line} of `{what}`, byte {byte}.", stop.sentence()))
}

//! JSON lines that a guest hands over, by the rules of the model, and how breaking one ends the guest.

use weighbridge_model::lines::{self, LineFault, LineFaultKind};

use crate::outcome::{Stop, Stopped};

/// Counts the lines, each of which must be one JSON object ended by a line feed. `what` names the list in a message.
pub fn check(bytes: &[u8], what: &str) -> Result<u64, Stopped> {
    lines::check(bytes).map_err(|LineFault { kind, line, byte }| {
        let stop = stop(kind);
        Stopped::new(stop, format!("{} See line {line} of `{what}`, byte {byte}.", stop.sentence()))
    })
}

/// How many lines a list has that the host itself made or has checked.
pub(crate) fn count(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

fn stop(kind: LineFaultKind) -> Stop {
    match kind {
        LineFaultKind::Unended => Stop::LineUnended,
        LineFaultKind::Utf8 => Stop::Utf8Invalid,
        LineFaultKind::Json => Stop::JsonInvalid,
        LineFaultKind::Nul => Stop::NulRefused,
    }
}

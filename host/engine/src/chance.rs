//! The one place that asks the system for randomness.

use crate::error::EngineError;

/// So many random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], EngineError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| EngineError::Randomness(error.to_string()))?;
    Ok(bytes)
}

/// A share of `span`, evenly spread from nothing to all of it.
pub(crate) fn share_of(span: u64) -> Result<u64, EngineError> {
    Ok(u64::from_be_bytes(bytes()?).checked_rem(span.saturating_add(1)).unwrap_or(0))
}

/// Ten random bytes by which a request is found in the log.
pub fn request_id() -> Option<[u8; 10]> {
    bytes().ok()
}

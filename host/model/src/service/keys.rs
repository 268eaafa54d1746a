//! What is kept of a third party's keys: hashes, the one before as long as both are to work.

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::api_key::ApiKey;
use crate::digest::Digest;
use crate::time::Timestamp;

/// The key in use and, while an exchange goes on, the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// SHA-256 of the key in use.
    pub current: Digest,
    /// The key before, while it still works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousKey>,
}

/// A key that was exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousKey {
    /// SHA-256 of it.
    pub digest: Digest,
    /// The first instant at which it no longer works.
    pub until: Timestamp,
}

impl Keys {
    /// Only this key.
    pub fn of(key: &ApiKey) -> Self {
        Self { current: key.digest(), previous: None }
    }

    /// The new key, and the one in use up to an instant. A key that was exchanged before works no more.
    #[must_use]
    pub fn exchanged(&self, key: &ApiKey, until: Timestamp) -> Self {
        Self { current: key.digest(), previous: Some(PreviousKey { digest: self.current, until }) }
    }

    /// Whether this key works. Both hashes are compared, each in constant time.
    pub fn admit(&self, key: &ApiKey, now: Timestamp) -> bool {
        let digest = key.digest();
        let is = |kept: &Digest| kept.as_bytes().ct_eq(digest.as_bytes());
        let previous = self.previous.filter(|previous| now < previous.until);
        let is_previous = previous.map_or(subtle::Choice::from(0), |previous| is(&previous.digest));
        (is(&self.current) | is_previous).into()
    }
}

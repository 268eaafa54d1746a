//! The Connection ID that a third party shows beside its key: no secret, and not guessable either.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const PREFIX: &str = "wbc_";

/// Names an external service from outside: `wbc_` and 26 letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessId([u8; 16]);

/// The text is no Connection ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("access_id.malformed: this is no Connection ID: `wbc_` and 26 letters and digits are expected; copy it whole")]
pub struct MalformedAccessId;

impl AccessId {
    /// An id from its bytes, which are random.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, as they stand in a key of the store.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for AccessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", data_encoding::BASE32HEX_NOPAD.encode(&self.0).to_ascii_lowercase())
    }
}

impl fmt::Debug for AccessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessId({self})")
    }
}

impl schemars::JsonSchema for AccessId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AccessId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^wbc_[0-9a-v]{26}$" })
    }
}

impl FromStr for AccessId {
    type Err = MalformedAccessId;

    fn from_str(text: &str) -> Result<Self, MalformedAccessId> {
        let digits = text.strip_prefix(PREFIX).ok_or(MalformedAccessId)?.to_ascii_uppercase();
        let bytes = data_encoding::BASE32HEX_NOPAD.decode(digits.as_bytes()).map_err(|_| MalformedAccessId)?;
        bytes.try_into().map(Self).map_err(|_| MalformedAccessId)
    }
}

impl Serialize for AccessId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccessId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

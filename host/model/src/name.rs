//! Short names that are no secret: identifiers of connectors, streams, schemes and codes.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::digest::Digest;

/// The text cannot be a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what}: 1 to 100 characters of a-z, A-Z, 0-9, `_`, `-` and `.` are expected")]
pub struct MalformedName {
    /// What it was to name.
    pub what: &'static str,
    /// The text as it was given.
    pub text: String,
}

const fn is_name(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        if !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.') {
            return false;
        }
        rest = after;
    }
    !text.is_empty() && text.len() <= 100
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $what:literal)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = MalformedName;

            fn from_str(text: &str) -> Result<Self, MalformedName> {
                if is_name(text) {
                    Ok(Self(Cow::Owned(text.to_owned())))
                } else {
                    Err(MalformedName { what: $what, text: text.to_owned() })
                }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_.-]{1,100}$" })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

names! {
    /// A connector, by publisher and platform: `weighbridge.rest`.
    ConnectorName = "connector's name"
    /// A stream of a connector: `orders`.
    StreamName = "stream's name"
    /// An auth scheme of a manifest.
    SchemeName = "auth scheme's name"
    /// A stable code of an outcome: `tryton.session_expired`.
    Code = "code"
}

impl Code {
    /// A code that stands in this program itself: one that is none is found by the compiler where this is a constant, and
    /// by the first test that comes by anywhere else.
    pub const fn known(text: &'static str) -> Self {
        assert!(is_name(text), "a code of this program is one");
        Self(Cow::Borrowed(text))
    }
}

/// A name that a person gave, findable without being readable: a keyed hash that the vault makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NameHash(Digest);

impl NameHash {
    /// Takes the keyed hash that a vault made.
    pub const fn new(keyed: Digest) -> Self {
        Self(keyed)
    }

    /// The bytes, as they stand in a key of the store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

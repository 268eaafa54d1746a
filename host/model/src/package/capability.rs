//! One thing a connector can do: a stream it reads or writes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use crate::endpoint::Direction;

/// A stream in one direction. Its switch, its price and its category hang on this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// The stream's name, or `*` for streams that the connection's configuration names (`discover` then lists them with
    /// their schemas and keys).
    pub stream: String,
    /// Whether it is read or written.
    pub direction: Direction,
    /// How it can be read or written.
    pub modes: Vec<Mode>,
    /// JSON Schema of one record; absent when only `discover` knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// The fields that name a record: JSON Pointers (`/id`) or names of top-level fields (`id`). Empty: no primary key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// The field that never falls from one record to the next in an incremental walk: a JSON Pointer or a top-level name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor_field: Option<String>,
    /// Whether an unfinished walk can go on from a checkpoint.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub resumable: bool,
    /// What it is for, in a sentence for the person who switches it on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// What a person picks by: `accounting`, `commerce`, `warehouse`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
}

/// How a stream is read (the first two) or written (the other three).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every record, each time.
    FullRefresh,
    /// What changed since the checkpoint.
    Incremental,
    /// Records are added; nothing is looked up.
    Append,
    /// A whole generation takes the place of the one before.
    Overwrite,
    /// Records are added or replaced by their primary key.
    Upsert,
}

impl Mode {
    /// The word for it, as manifests write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FullRefresh => "full_refresh",
            Self::Incremental => "incremental",
            Self::Append => "append",
            Self::Overwrite => "overwrite",
            Self::Upsert => "upsert",
        }
    }

    /// The direction this mode belongs to.
    pub const fn direction(self) -> Direction {
        match self {
            Self::FullRefresh | Self::Incremental => Direction::Source,
            Self::Append | Self::Overwrite | Self::Upsert => Direction::Destination,
        }
    }
}

/// The JSON Pointer of a key or cursor field, which may be written as a top-level name.
pub fn field_pointer(field: &str) -> String {
    if field.is_empty() || field.starts_with('/') {
        return field.to_owned();
    }
    format!("/{}", field.replace('~', "~0").replace('/', "~1"))
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_yes(value: &bool) -> bool {
    *value
}

//! A mapping as a person writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// All rules of one version of a mapping.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What happens to fields that no rule names.
    #[serde(default)]
    pub keep: Keep,
    /// Which records go on at all; every filter must let a record through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<Filter>,
    /// What is written, in this order.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// What happens to the top-level fields that no rule reads or drops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Only what a rule writes is written.
    #[default]
    Mapped,
    /// They are written under their own names.
    All,
}

/// One rule: exactly one of `copy`, `constant`, `each` and `drop`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Where the value is read, as a JSON Pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
    /// The value itself.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub constant: Option<Value>,
    /// The array whose elements, all objects, are each mapped by `rules`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// The top-level field that is not kept; with `keep: all` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop: Option<String>,
    /// Where the value is written, as a JSON Pointer through objects; the place it was read from where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The type the value is turned into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cast: Option<Cast>,
    /// What is written instead of a value, by its text; a value that is not listed takes the default, or is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<BTreeMap<String, Value>>,
    /// What is written where there is no value, or null.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The rules for the elements of `each`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Self>,
}

/// Tells a null that was written from a key that was not.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A type to turn a value into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cast {
    /// Text, of a text, a number or a boolean.
    String,
    /// A whole number, of one or of its text.
    Integer,
    /// Any JSON number, of one or of its text.
    Number,
    /// A boolean, of one, of `true`, `false`, `1` or `0`, or of their text.
    Boolean,
}

/// Lets a record through when the value at `field` passes the test: exactly one of `equals`, `differs`, `in` and `exists`.
/// A field that is absent counts as null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Where the value is, as a JSON Pointer.
    pub field: String,
    /// It is this value.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub equals: Option<Value>,
    /// It is another value.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub differs: Option<Value>,
    /// It is one of these.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<Value>>,
    /// It is there and not null, or the opposite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
}

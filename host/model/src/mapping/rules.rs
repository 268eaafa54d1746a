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

/// One rule: exactly one of `copy`, `constant`, `concat`, `jq`, `each` and `drop`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Where the value is read, as a JSON Pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
    /// The value itself.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub constant: Option<Value>,
    /// Several values, one after the other, as one text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concat: Option<Concat>,
    /// What one jq expression makes of the record, or of the element inside of `each`: one value, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jq: Option<String>,
    /// The array whose elements, all objects, are each mapped by `rules`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// The top-level field that is not kept; with `keep: all` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop: Option<String>,
    /// Where the value is written, as a JSON Pointer through objects; the place it was read from where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The part of a text that is taken, before anything else is done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// How a date or time is read and written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<DateFormat>,
    /// How a number is read and written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberFormat>,
    /// The value is a source record's primary key; what is written is the id that this record was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// The type the value is turned into; beside `lookup`, before it is looked up.
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

/// Several values as one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concat {
    /// In this order.
    pub parts: Vec<Part>,
    /// What stands between two of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub separator: String,
    /// What an absent field does, or one that is null.
    #[serde(default)]
    pub absent: AbsentPart,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The text, number or boolean at this JSON Pointer.
    Copy(String),
    /// This text.
    Text(String),
}

/// What an absent part does to a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsentPart {
    /// The record is rejected.
    #[default]
    Reject,
    /// It is passed over, with its separator.
    Skip,
    /// It counts as an empty text.
    Empty,
    /// There is no value at all: the rule's default is written, or nothing.
    Nothing,
}

/// The part of a text that is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Where the text is cut.
    pub separator: String,
    /// Which part, counted from 0, or from the end: the last one is -1. A part that is not there counts as absent.
    pub part: i32,
}

/// How a date or time is read and written: each by a pattern (`%d.%m.%Y %H:%M`), or by one of the words `iso`, `unix` (seconds)
/// and `unix_ms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateFormat {
    /// How it is read.
    #[serde(default = "iso")]
    pub read: String,
    /// How it is written.
    #[serde(default = "iso")]
    pub write: String,
    /// The IANA zone in which a time without an offset is meant, and in which all are written; `UTC` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

fn iso() -> String {
    "iso".to_owned()
}

/// How a number is read and written. Numbers are exact decimals of at most 28 digits, and never floats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberFormat {
    /// How texts are read; JSON numbers are what they are.
    #[serde(default)]
    pub read: Digits,
    /// So many decimals are written; as many as there are where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// What happens to decimals beyond.
    #[serde(default)]
    pub round: Round,
    /// How it is written as a text; as a JSON number where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<Digits>,
}

/// What stands in a number beside its digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digits {
    /// Before the decimals.
    #[serde(default = "point")]
    pub decimal: String,
    /// Between groups of digits; nothing where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
}

impl Default for Digits {
    fn default() -> Self {
        Self { decimal: point(), group: String::new() }
    }
}

fn point() -> String {
    ".".to_owned()
}

/// What happens to decimals that are too many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// To the nearest, and a half away from zero.
    #[default]
    HalfUp,
    /// To the nearest, and a half to the even neighbour.
    HalfEven,
    /// They are cut off.
    Down,
    /// The record is rejected.
    Reject,
}

/// Which destination id a source record became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The destination endpoint whose record links are searched.
    pub endpoint: String,
    /// What a key without a link does.
    #[serde(default)]
    pub absent: AbsentLink,
}

/// What a key without a record link does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsentLink {
    /// The record is rejected.
    #[default]
    Reject,
    /// Null is written.
    Null,
    /// The key itself is written.
    Keep,
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

//! Taking one field out of a record, without building the rest of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// A field of a record, ready to be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// A top-level name: found in one walk.
    Name(String),
    /// A JSON Pointer to something deeper.
    Pointer(String),
}

impl Field {
    /// From a top-level name or a JSON Pointer.
    pub(crate) fn parse(field: &str) -> Self {
        match field.strip_prefix('/') {
            Some(name) if !name.contains('/') => Self::Name(name.replace("~1", "/").replace("~0", "~")),
            Some(_) => Self::Pointer(field.to_owned()),
            None => Self::Name(field.to_owned()),
        }
    }

    /// Its value in a record; nothing when the record is malformed or has no such field.
    pub(crate) fn of(&self, record: &[u8]) -> Option<Value> {
        match self {
            Self::Name(name) => {
                let mut reader = serde_json::Deserializer::from_slice(record);
                Named(name).deserialize(&mut reader).ok().flatten()
            }
            Self::Pointer(pointer) => {
                let mut whole: Value = serde_json::from_slice(record).ok()?;
                whole.pointer_mut(pointer).map(Value::take)
            }
        }
    }
}

/// Text as it is, a number or truth value as JSON writes it.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

struct Named<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Named<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == self.0 {
                found = Some(entries.next_value()?);
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

//! One record, split into its fields without touching their bytes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of one JSON object, in their order, each value as it was written.
#[derive(Debug, Default)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// The line is not a JSON object.
#[derive(Debug, thiserror::Error)]
#[error("the line is not a JSON object: {0}")]
pub struct NotAnObject(#[from] serde_json::Error);

impl<'a> Fields<'a> {
    /// Splits one JSON object.
    pub fn parse(line: &'a str) -> Result<Self, NotAnObject> {
        Ok(serde_json::from_str(line)?)
    }

    /// The value of a field; of several of one name the last.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(field, _)| field == name).map(|(_, value)| *value)
    }

    /// Leaves out the fields of which this is not said.
    pub fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _)| is_kept(name));
    }

    /// The object, written again.
    pub fn to_json(&self) -> String {
        let mut text = String::from("{");
        for (index, (name, value)) in self.iter().enumerate() {
            text.push_str(if index > 0 { "," } else { "" });
            text.push_str(&serde_json::Value::from(name).to_string());
            text.push(':');
            text.push_str(value.get());
        }
        text.push('}');
        text
    }

    /// All fields in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), *value))
    }
}

/// A field's name, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field's name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;

        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::with_capacity(16);
                while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(FieldsVisitor)
    }
}

/// A JSON Pointer (RFC 6901), split into its unescaped steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

/// The text is not a JSON Pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a JSON Pointer: it begins with `/`, and in a name `~` is written `~0` and `/` is written `~1`")]
pub struct MalformedPointer(pub String);

impl Pointer {
    /// A pointer to something inside a record; the empty one, to the record itself, is none.
    pub fn parse(text: &str) -> Result<Self, MalformedPointer> {
        let malformed = || MalformedPointer(text.to_owned());
        let rest = text.strip_prefix('/').ok_or_else(malformed)?;
        rest.split('/').map(|step| unescape(step).ok_or_else(malformed)).collect::<Result<_, _>>().map(Self)
    }

    /// A field name, or a pointer where it begins with `/`.
    pub fn of_field(text: &str) -> Result<Self, MalformedPointer> {
        if text.starts_with('/') { Self::parse(text) } else { Ok(Self(vec![text.to_owned()])) }
    }

    /// A pointer that finds nothing.
    pub(crate) const fn nowhere() -> Self {
        Self(Vec::new())
    }

    /// The steps, from the outside in.
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// What it points at, as it was written.
    pub fn find<'a>(&self, fields: &Fields<'a>) -> Option<&'a RawValue> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(fields.get(first)?, |value, step| child(value, step))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| write!(f, "/{}", step.replace('~', "~0").replace('/', "~1")))
    }
}

fn unescape(step: &str) -> Option<String> {
    let mut text = String::with_capacity(step.len());
    let mut characters = step.chars();
    while let Some(character) = characters.next() {
        text.push(match (character, character == '~') {
            (_, false) => character,
            (_, true) => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
        });
    }
    Some(text)
}

fn child<'a>(value: &'a RawValue, step: &str) -> Option<&'a RawValue> {
    match value.get().as_bytes().first()? {
        b'{' => serde_json::from_str::<Fields<'a>>(value.get()).ok()?.get(step),
        b'[' => {
            let index: usize = (step == "0" || !step.starts_with(['0', '+'])).then(|| step.parse().ok())??;
            serde_json::from_str::<Vec<&'a RawValue>>(value.get()).ok()?.get(index).copied()
        }
        _ => None,
    }
}

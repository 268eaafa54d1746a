//! Finding the records and a few values in an answer, in one walk over it and without building it.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use weighbridge_sdk::Failure;

/// Where the records of an answer lie in its body, and the value at one more place.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) records: Vec<Range<usize>>,
    pub(crate) has_list: bool,
    pub(crate) value: Option<Value>,
}

/// Looks for the list of records at one pointer and for a value at another.
pub(crate) fn find(body: &[u8], records: &str, value: Option<&str>) -> Result<Found, Failure> {
    let text = std::str::from_utf8(body).map_err(|error| not_json(&error))?;
    let mut found = Found::default();
    let mut targets = vec![Target { path: segments(records), what: What::Records }];
    targets.extend(value.map(|value| Target { path: segments(value), what: What::Value }));
    let mut reader = serde_json::Deserializer::from_str(text);
    Node { targets: &targets, depth: 0, base: text.as_ptr() as usize, found: &mut found }
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|error| not_json(&error))?;
    Ok(found)
}

struct Target {
    path: Vec<String>,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Records,
    Value,
}

fn segments(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect()
}

fn not_json(error: &dyn fmt::Display) -> Failure {
    Failure::transient("rest.not_json", format!("the platform's answer is not the JSON expected: {error}"))
}

/// A place in the answer, and the targets that lie at it or below.
struct Node<'a> {
    targets: &'a [Target],
    depth: usize,
    base: usize,
    found: &'a mut Found,
}

impl Node<'_> {
    fn ends_here(&self, what: What) -> bool {
        self.targets.iter().any(|target| target.what == what && target.path.len() == self.depth)
    }

    /// The targets below a key. They are few, and few keys lead to one.
    fn below(&self, key: &str) -> bool {
        self.targets.iter().any(|target| target.path.get(self.depth).is_some_and(|segment| segment == key))
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.ends_here(What::Records) {
            return deserializer.deserialize_any(Records(self));
        }
        if self.ends_here(What::Value) {
            self.found.value = Some(serde::Deserialize::deserialize(deserializer)?);
            return Ok(());
        }
        deserializer.deserialize_any(Below(self))
    }
}

/// Visits the list of records and notes where each lies.
struct Records<'a>(Node<'a>);

impl<'de> Visitor<'de> for Records<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.found.has_list = true;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.found.has_list = true;
        while let Some(record) = items.next_element::<&RawValue>()? {
            let start = record.get().as_ptr() as usize - self.0.base;
            self.0.found.records.push(start..start + record.get().len());
        }
        Ok(())
    }
}

/// Visits what lies around the targets.
struct Below<'a>(Node<'a>);

impl<'de> Visitor<'de> for Below<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        loop {
            let more = if self.0.below(&index.to_string()) {
                let targets = narrowed(&self.0, &index.to_string());
                let node = Node { targets: &targets, depth: 0, base: self.0.base, found: &mut *self.0.found };
                items.next_element_seed(node)?.is_some()
            } else {
                items.next_element::<IgnoredAny>()?.is_some()
            };
            if !more {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
            if self.0.below(&key) {
                let targets = narrowed(&self.0, &key);
                entries.next_value_seed(Node {
                    targets: &targets,
                    depth: 0,
                    base: self.0.base,
                    found: &mut *self.0.found,
                })?;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The targets below a key, as seen from there.
fn narrowed(node: &Node<'_>, key: &str) -> Vec<Target> {
    let below = node.targets.iter().filter(|target| target.path.get(node.depth).is_some_and(|segment| segment == key));
    below.map(|target| Target { path: target.path[node.depth + 1..].to_vec(), what: target.what }).collect()
}

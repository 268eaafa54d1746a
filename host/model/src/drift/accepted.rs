//! The fields that are accepted of a stream, found quickly.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field_type::{FieldType, FieldTypes};
use super::judge::Drift;
use crate::id::RunId;
use crate::record::Fields;
use crate::time::Timestamp;

/// When something was learnt of a stream, and in which run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learnt {
    /// When.
    pub at: Timestamp,
    /// In which run.
    pub run: RunId,
}

/// A field at the top level of a stream's records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedField {
    /// Its name.
    pub name: String,
    /// The types that it may have.
    pub types: FieldTypes,
    /// When it was learnt last; none where it was there from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt: Option<Learnt>,
}

/// The fields that are accepted of a stream, in the order in which they usually come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<AcceptedField>", into = "Vec<AcceptedField>")]
pub struct Accepted {
    fields: Vec<AcceptedField>,
    places: HashMap<String, usize>,
    names_bytes: usize,
}

/// Where the names of fields are data themselves there is no end to them: so many are remembered,
const FIELDS_MAX: usize = 1_000;
/// and no more than this of their names.
const NAMES_BYTES_MAX: usize = 64 << 10;

impl Accepted {
    /// What a stream's description says of it; none where it says nothing of fields.
    pub fn described(schema: &Value) -> Option<Self> {
        let properties = schema.get("properties")?.as_object().filter(|properties| !properties.is_empty())?;
        let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let field = |(name, property): (&String, &Value)| {
            let types = described_types(property);
            let types = if required.contains(&name.as_str()) { types } else { types.with(FieldType::Null) };
            AcceptedField { name: name.clone(), types, learnt: None }
        };
        Some(properties.iter().map(field).collect::<Vec<_>>().into())
    }

    /// What of a record does not fit: fields that are new, and values of another type. A record usually has its fields in the
    /// order of the one before, so each is looked for where it is expected, and only then by its name.
    pub fn differences<'a>(&self, record: &'a Fields<'_>) -> Vec<Drift<'a>> {
        let (mut found, mut expected) = (Vec::new(), 0);
        for (name, value) in record.iter() {
            let here = self.fields.get(expected).filter(|field| field.name == name).map(|_| expected);
            let place = here.or_else(|| self.places.get(name).copied());
            let (kind, accepted) = (FieldType::of(value.get()), place.map(|place| self.fields[place].types));
            if !accepted.is_some_and(|types| types.fit(kind)) {
                found.push(Drift { field: name, found: kind, accepted });
            }
            expected = place.map_or(expected, |place| place + 1);
        }
        found
    }

    /// Accepts a field, or one more type of one; that a new field has no value in another record is accepted with it. Answers
    /// whether anything was learnt by it.
    pub fn learn(&mut self, name: &str, found: FieldType, learnt: Option<Learnt>) -> bool {
        let types = seen(found);
        let types = if self.places.contains_key(name) { types } else { types.with(FieldType::Null) };
        self.add(name, types, learnt)
    }

    /// Notes what was found, and nothing beyond it.
    pub fn note(&mut self, name: &str, found: FieldType, learnt: Option<Learnt>) -> bool {
        self.add(name, seen(found), learnt)
    }

    fn add(&mut self, name: &str, more: FieldTypes, learnt: Option<Learnt>) -> bool {
        if let Some(place) = self.places.get(name) {
            let field = &mut self.fields[*place];
            let types = field.types.iter().chain(more.iter()).collect();
            if types == field.types {
                return false;
            }
            (field.types, field.learnt) = (types, learnt.or(field.learnt));
            return true;
        }
        if self.fields.len() >= FIELDS_MAX || self.names_bytes + name.len() > NAMES_BYTES_MAX {
            return false;
        }
        self.insert(AcceptedField { name: name.to_owned(), types: more, learnt });
        true
    }

    /// The fields, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &AcceptedField> {
        self.fields.iter()
    }

    /// A field of that name.
    pub fn get(&self, name: &str) -> Option<&AcceptedField> {
        self.places.get(name).map(|place| &self.fields[*place])
    }

    /// Whether nothing is accepted.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn insert(&mut self, field: AcceptedField) {
        self.names_bytes += field.name.len();
        self.places.insert(field.name.clone(), self.fields.len());
        self.fields.push(field);
    }
}

/// That a number which was seen had no fraction says nothing of the next one.
fn seen(found: FieldType) -> FieldTypes {
    FieldTypes::default().with(if found == FieldType::Integer { FieldType::Number } else { found })
}

/// What is not said, or not in words that are known here, may be anything.
fn described_types(property: &Value) -> FieldTypes {
    let words = match property.get("type") {
        Some(Value::String(word)) => vec![word.as_str()],
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let types: FieldTypes = words.into_iter().filter_map(FieldType::of_word).collect();
    if types == FieldTypes::default() { FieldTypes::ANY } else { types }
}

impl From<Vec<AcceptedField>> for Accepted {
    fn from(fields: Vec<AcceptedField>) -> Self {
        let mut accepted = Self::default();
        for field in fields {
            if !accepted.places.contains_key(&field.name) {
                accepted.insert(field);
            }
        }
        accepted
    }
}

impl From<Accepted> for Vec<AcceptedField> {
    fn from(accepted: Accepted) -> Self {
        accepted.fields
    }
}

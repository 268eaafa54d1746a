//! Which records go on at all.

use serde_json::Value;

use super::compile::{MappingError, pointer};
use super::rules::Filter;
use crate::record::{Fields, Pointer};

#[derive(Clone, Debug)]
pub(super) struct CompiledFilter {
    field: Pointer,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    Equals(Value),
    Differs(Value),
    In(Vec<Value>),
    Exists(bool),
}

impl CompiledFilter {
    pub(super) fn compile(filter: &Filter, at: &str) -> Result<Self, MappingError> {
        let test = match (&filter.equals, &filter.differs, &filter.one_of, filter.exists) {
            (Some(value), None, None, None) => Test::Equals(value.clone()),
            (None, Some(value), None, None) => Test::Differs(value.clone()),
            (None, None, Some(values), None) if values.is_empty() => {
                return Err(MappingError::new(format!("{at}/in"), "no record would go on; list the values that may"));
            }
            (None, None, Some(values), None) => Test::In(values.clone()),
            (None, None, None, Some(wanted)) => Test::Exists(wanted),
            _ => {
                let what = "a filter has exactly one of `equals`, `differs`, `in` and `exists`";
                return Err(MappingError::new(at, what));
            }
        };
        Ok(Self { field: pointer(&filter.field, &format!("{at}/field"))?, test })
    }

    pub(super) fn admits(&self, fields: &Fields<'_>) -> bool {
        let found = self.field.find(fields);
        // A number too large to be compared is none of the values that a rule can name, and not null either.
        let value = || found.map_or(Some(Value::Null), |raw| serde_json::from_str(raw.get()).ok());
        match &self.test {
            Test::Equals(wanted) => value().as_ref() == Some(wanted),
            Test::Differs(unwanted) => value().as_ref() != Some(unwanted),
            Test::In(wanted) => value().is_some_and(|value| wanted.contains(&value)),
            Test::Exists(wanted) => found.is_some_and(|raw| raw.get() != "null") == *wanted,
        }
    }
}

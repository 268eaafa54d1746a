//! Records that the platform lists as deleted.

use serde_json::{Map, Value};
use weighbridge_sdk::Failure;

use crate::field::Field;

/// How a deleted record is known, and what it is called by.
pub(crate) struct Removal {
    mark: Field,
    /// Each field of the primary key, with the steps that lead to it.
    key: Vec<(Vec<String>, Field)>,
}

impl Removal {
    /// For a stream with this primary key.
    pub(crate) fn new(mark: &str, primary_key: &[String]) -> Result<Self, Failure> {
        if primary_key.is_empty() {
            let message = "a stream without a primary key cannot say which record was deleted; remove `removed`";
            return Err(Failure::config("rest.removed_without_key", message));
        }
        let key = primary_key.iter().map(|field| (steps(field), Field::parse(field))).collect();
        Ok(Self { mark: Field::parse(mark), key })
    }

    /// The primary key of a record that is marked as deleted.
    pub(crate) fn of(&self, record: &[u8]) -> Option<Value> {
        if self.mark.of(record) != Some(Value::Bool(true)) {
            return None;
        }
        let mut key = Value::Object(Map::new());
        for (steps, field) in &self.key {
            let place = steps.iter().fold(&mut key, |value, step| &mut value[step.as_str()]);
            *place = field.of(record)?;
        }
        Some(key)
    }
}

fn steps(field: &str) -> Vec<String> {
    match field.strip_prefix('/') {
        Some(path) => path.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
        None => vec![field.to_owned()],
    }
}

//! The columns of a table of records: the fields of the schema, or of the page where there is no schema.

use serde_json::{Map, Value};
use weighbridge::{PulledLine, PulledPage};

/// The field that says of a line that its record is gone.
pub(super) const DELETED: &str = "_deleted";

/// The columns: those of the schema in its order, or those of the page's records as they first come.
pub(super) fn of(schema: Option<&Value>, page: &PulledPage) -> Vec<String> {
    let named = schema.and_then(|schema| schema["properties"].as_object()).filter(|fields| !fields.is_empty());
    match named {
        Some(fields) => fields.keys().cloned().collect(),
        None => of_page(page),
    }
}

fn of_page(page: &PulledPage) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in page.lines() {
        let (PulledLine::Record(text) | PulledLine::Deleted(text)) = line;
        let fields: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
        let unknown: Vec<_> = fields.into_iter().map(|(name, _)| name).filter(|name| !found.contains(name)).collect();
        found.extend(unknown);
    }
    found
}

//! The fields of a record, from its JSON Schema: those inside of others too, under their paths.

use serde_json::Value;

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Its path: `customer.id`, `lines[].price`.
    pub(super) path: String,
    /// What it holds, in words.
    pub(super) kind: String,
    /// What the source says of it.
    pub(super) about: String,
}

/// Deeper ones are left to the schema itself.
const DEPTH_MAX: usize = 4;
const FIELDS_MAX: usize = 500;

/// All fields, in the order of the schema.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    inside("", schema, &mut found, 0);
    found.truncate(FIELDS_MAX);
    found
}

fn inside(prefix: &str, schema: &Value, found: &mut Vec<Field>, depth: usize) {
    let Some(properties) = schema["properties"].as_object().filter(|_| depth < DEPTH_MAX) else { return };
    for (name, property) in properties {
        let path = format!("{prefix}{name}");
        let about = property["description"].as_str().or(property["title"].as_str()).unwrap_or_default().to_owned();
        found.push(Field { path: path.clone(), kind: kind(property), about });
        inside(&format!("{path}."), property, found, depth + 1);
        inside(&format!("{path}[]."), &property["items"], found, depth + 1);
    }
}

/// `string (date-time) or null`, `one of: open, paid`.
fn kind(schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words.iter().map(crate::api::cell).collect();
        return format!("one of: {}", words.join(", "));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let text = if kinds.is_empty() { "any".to_owned() } else { kinds.join(" or ") };
    match schema["format"].as_str() {
        Some(format) => format!("{text} ({format})"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::fields;

    #[test]
    fn fields_inside_of_others_stand_under_their_paths() {
        let schema = json!({ "properties": {
            "id": { "type": "integer", "description": "The number." },
            "at": { "type": ["string", "null"], "format": "date-time" },
            "lines": { "type": "array", "items": { "properties": { "price": { "type": "string" } } } },
            "state": { "enum": ["open", "paid"] },
        }});
        let shown: Vec<_> = fields(&schema).into_iter().map(|field| (field.path, field.kind, field.about)).collect();
        let wanted = [
            ("at", "string or null (date-time)", ""),
            ("id", "integer", "The number."),
            ("lines", "array", ""),
            ("lines[].price", "string", ""),
            ("state", "one of: open, paid", ""),
        ];
        assert_eq!(shown, wanted.map(|(path, kind, about)| (path.into(), kind.into(), about.into())));
    }
}

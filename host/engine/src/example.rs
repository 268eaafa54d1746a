//! A record as it might come: the schema's own example where it has one, else something of the right kind.

use serde_json::{Map, Value, json};

const DEPTH_MAX: usize = 4;

/// One record of a stream with this JSON Schema.
pub fn example_record(schema: &Value) -> Value {
    value(schema, 0)
}

fn value(schema: &Value, depth: usize) -> Value {
    let own = [&schema["example"], &schema["examples"][0], &schema["default"], &schema["const"], &schema["enum"][0]];
    if let Some(own) = own.into_iter().find(|one| !one.is_null()) {
        return own.clone();
    }
    match kind(schema) {
        "object" if depth < DEPTH_MAX => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), value(field, depth + 1))).collect::<Map<_, _>>().into()
        }
        "array" if depth < DEPTH_MAX => json!([value(&schema["items"], depth + 1)]),
        "integer" => json!(1),
        "number" => json!(12.5),
        "boolean" => json!(true),
        "string" => text(schema["format"].as_str().unwrap_or_default()).into(),
        _ => Value::Null,
    }
}

/// The first kind that is something.
fn kind(schema: &Value) -> &str {
    let first = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    };
    first.unwrap_or(if schema["properties"].is_object() { "object" } else { "null" })
}

fn text(format: &str) -> &'static str {
    match format {
        "date-time" => "2026-03-31T08:00:00Z",
        "date" => "2026-03-31",
        "time" => "08:00:00",
        "email" => "person@example.com",
        "uri" | "url" => "https://example.com/",
        "uuid" => "7d444840-9dc0-11d1-b245-5ffdce74fad2",
        _ => "text",
    }
}

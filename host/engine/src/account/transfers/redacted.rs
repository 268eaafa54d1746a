//! A record without its contents: what it is made of stays to be seen, and nothing that it says.

use serde_json::{Map, Value, json};

/// What stands in the place of a text.
const HIDDEN: &str = "•••";

/// The record with every value hidden: texts are `•••`, numbers 0, switches false, and of an array one element stays. Names of
/// fields are kept as far as the stream's description has them; where it has none, only those of the record itself are.
pub(super) fn redacted(record: &str, schema: Option<&Value>) -> String {
    let record: Value = serde_json::from_str(record).unwrap_or_default();
    let shown = match (&record, schema) {
        (Value::Object(fields), None) => {
            fields.iter().map(|(name, value)| (name.clone(), hidden(value, None))).collect()
        }
        _ => hidden(&record, schema),
    };
    shown.to_string()
}

fn hidden(value: &Value, schema: Option<&Value>) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => json!(false),
        Value::Number(_) => json!(0),
        Value::String(_) => json!(HIDDEN),
        Value::Array(items) => {
            let of = schema.and_then(|schema| schema.get("items"));
            items.first().map(|first| hidden(first, of)).into_iter().collect()
        }
        Value::Object(fields) => {
            let known = schema.and_then(|schema| schema["properties"].as_object());
            let described = |name: &String| known.and_then(|known| known.get(name));
            let kept = fields.iter().filter_map(|(name, value)| {
                let of = described(name)?;
                Some((name.clone(), hidden(value, Some(of))))
            });
            kept.collect::<Map<_, _>>().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::redacted;

    fn check(record: &Value, schema: Option<&Value>, wanted: &Value) {
        assert_eq!(serde_json::from_str::<Value>(&redacted(&record.to_string(), schema)).unwrap_or_default(), *wanted);
    }

    #[test]
    fn values_are_hidden_and_their_types_stay() {
        let record =
            json!({ "id": 7, "name": "Anna", "paid": true, "note": null, "lines": [{ "sku": "a" }, { "sku": "b" }] });
        let schema = json!({ "properties": {
            "id": {}, "name": {}, "paid": {}, "note": {},
            "lines": { "items": { "properties": { "sku": {} } } },
        }});
        let wanted = json!({ "id": 0, "name": "•••", "paid": false, "note": null, "lines": [{ "sku": "•••" }] });
        check(&record, Some(&schema), &wanted);
    }

    #[test]
    fn names_that_nothing_describes_are_left_out_since_they_may_be_contents() {
        let record = json!({ "by_customer": { "anna@example.com": 1 }, "anna@example.com": 2 });
        let schema = json!({ "properties": { "by_customer": { "type": "object" } } });
        check(&record, Some(&schema), &json!({ "by_customer": {} }));
        check(&record, None, &json!({ "by_customer": {}, "anna@example.com": 0 }));
        check(&json!("no object"), None, &json!("•••"));
    }
}

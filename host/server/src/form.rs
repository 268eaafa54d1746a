//! A form made from the JSON Schema of a connection's settings, and its answers as JSON again.

use serde_json::{Map, Value};
use weighbridge::account::SecretAsked;

use crate::page::escaped;

/// What stands in front of a setting's name in a form.
const SETTING: &str = "setting.";
/// What stands in front of a secret's name.
const SECRET: &str = "secret.";

/// The fields for a schema's settings, with what was entered before.
pub(crate) fn settings(schema: &Value, before: &[(String, String)]) -> String {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.map(|(name, property)| setting(name, property, required.contains(&name.as_str()), before)).collect()
}

fn setting(name: &str, property: &Value, required: bool, before: &[(String, String)]) -> String {
    let field = format!("{SETTING}{name}");
    let title = property["title"].as_str().unwrap_or(name);
    let entered = before.iter().find(|(key, _)| *key == field).map(|(_, value)| value.clone());
    let value = entered.unwrap_or_else(|| match &property["default"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let about = property["description"].as_str().map(|text| format!("<span class=\"hint\">{}</span>", escaped(text)));
    let required = if required { " required" } else { "" };
    let (id, shown) = (escaped(&field), escaped(&value));
    let control = match (property["enum"].as_array(), property["type"].as_str()) {
        (Some(words), _) => choice(&id, words, &value, required),
        (None, Some("boolean")) => choice(&id, &[Value::from("true"), Value::from("false")], &value, required),
        (None, Some("integer" | "number")) => {
            format!("<input id=\"{id}\" name=\"{id}\" inputmode=\"numeric\" value=\"{shown}\"{required}>")
        }
        (None, Some("object" | "array")) => {
            format!("<textarea id=\"{id}\" name=\"{id}\" rows=\"4\" spellcheck=\"false\"{required}>{shown}</textarea>")
        }
        _ => format!("<input id=\"{id}\" name=\"{id}\" value=\"{shown}\" spellcheck=\"false\"{required}>"),
    };
    format!("<label for=\"{id}\">{}</label>{}{control}", escaped(title), about.unwrap_or_default())
}

fn choice(id: &str, words: &[Value], chosen: &str, required: &str) -> String {
    let words = words.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned));
    let options = words.map(|word| {
        let selected = if word == chosen { " selected" } else { "" };
        format!("<option{selected}>{}</option>", escaped(&word))
    });
    format!(
        "<select id=\"{id}\" name=\"{id}\"{required}><option value=\"\"></option>{}</select>",
        options.collect::<String>()
    )
}

/// The fields for secrets; what was entered before is never in them.
pub(crate) fn secrets(asked: &[SecretAsked]) -> String {
    let field = |one: &SecretAsked| {
        let (id, title) = (escaped(&format!("{SECRET}{}", one.name)), escaped(&one.title));
        format!(
            "<label for=\"{id}\">{title}</label>\
             <input id=\"{id}\" name=\"{id}\" type=\"password\" autocomplete=\"off\" required>"
        )
    };
    asked.iter().map(field).collect()
}

/// The settings that were entered, as their schema says; what is left empty is left out.
pub(crate) fn entered(schema: &Value, fields: &[(String, String)]) -> Map<String, Value> {
    let settings = fields.iter().filter_map(|(key, text)| Some((key.strip_prefix(SETTING)?, text)));
    let typed = settings.filter(|(_, text)| !text.is_empty()).map(|(name, text)| {
        let kind = schema["properties"][name]["type"].as_str().unwrap_or("string");
        // A text that is none of its kind goes on as it is, and the schema's check says what is wrong with it.
        let value = match kind {
            "string" => Value::from(text.as_str()),
            _ => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())),
        };
        (name.to_owned(), value)
    });
    typed.collect()
}

/// The secrets that were entered.
pub(crate) fn entered_secrets(fields: &[(String, String)]) -> impl Iterator<Item = (String, String)> {
    fields.iter().filter_map(|(key, text)| Some((key.strip_prefix(SECRET)?.to_owned(), text.clone())))
}

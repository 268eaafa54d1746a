//! Fields made from the JSON Schema of a platform's settings, and from the secrets that it asks for.

use maud::{Markup, html};
use serde_json::{Map, Value};
use weighbridge::account::SecretAsked;

use super::Ask;

/// A field for each setting, with what stands in it now.
pub(crate) fn setting_fields(ask: &Ask<'_>, schema: &Value, now: &Map<String, Value>) -> Markup {
    let properties: Vec<(&String, &Value)> = schema["properties"].as_object().into_iter().flatten().collect();
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    html! {
        @if !properties.is_empty() {
            @for (name, property) in properties { (setting(ask, (name, property), required.contains(&name.as_str()), now.get(name))) }
            input type="hidden" name="configuration:json" value="{}";
        }
    }
}

fn setting(ask: &Ask<'_>, (name, property): (&str, &Value), is_required: bool, now: Option<&Value>) -> Markup {
    let kind = match property["type"].as_str() {
        Some("integer" | "number") => ":number",
        Some("boolean") => ":json",
        Some("object" | "array") => ":json",
        _ => "",
    };
    let field_name = format!("configuration.{name}{kind}");
    let value = match now.unwrap_or(&property["default"]) {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut field = ask.field(&field_name, "settings").called(property["title"].as_str().unwrap_or(name)).value(value);
    if let Some(about) = property["description"].as_str() {
        field = field.hint_text(about.to_owned());
    }
    if is_required {
        field = field.required();
    }
    match (property["enum"].as_array(), property["type"].as_str()) {
        (Some(words), _) => field.choice(&choices(ask, words, is_required)),
        (None, Some("boolean")) => field.choice(&[
            (String::new(), "–".to_owned()),
            ("true".to_owned(), ask.t("yes")),
            ("false".to_owned(), ask.t("no")),
        ]),
        (None, Some("integer" | "number")) => field.number(),
        (None, Some("object" | "array")) => field.area(4),
        _ => field.text(),
    }
}

fn choices(ask: &Ask<'_>, words: &[Value], is_required: bool) -> Vec<(String, String)> {
    let none = (!is_required).then(|| (String::new(), ask.t("settings-none")));
    let words = words.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned));
    none.into_iter().chain(words.map(|word| (word.clone(), word))).collect()
}

/// A field for each secret; what was entered before is never in it.
pub(crate) fn secret_fields(ask: &Ask<'_>, asked: &[SecretAsked]) -> Markup {
    html! {
        @for one in asked {
            @let name = format!("secrets.{}:text", one.name);
            (ask.field(&name, "secrets").called(&one.title).required().secret("off"))
        }
    }
}

//! A form made from the JSON Schema of a connection's settings, and its answers as JSON again.

use maud::{Markup, html};
use serde_json::{Map, Value};
use weighbridge::account::SecretAsked;
use weighbridge::model::problem::Problem;

use crate::console::parts::AskedSettings;
use crate::console::texts::Language;

/// What stands in front of a setting's name in a form.
const SETTING: &str = "setting.";
/// What stands in front of a secret's name.
const SECRET: &str = "secret.";

/// The fields for a schema's settings, with what was entered before, around those for secrets. What need not be filled in is folded away, as long as
/// nothing in it was refused; what `spared` names is not asked.
pub(super) fn settings(
    language: Language,
    (schema, spared): (&Value, &[String]),
    (before, found): (&[(String, String)], Option<&Problem>),
    secrets: &Markup,
) -> Markup {
    let asked = AskedSettings::of(schema, spared);
    let one = |(name, property): &(&String, &Value), is_required| {
        setting(language, (name.as_str(), property), is_required, before)
    };
    let is_wrong = |name: &str| {
        let at = format!("configuration/{name}");
        found.is_some_and(|found| found.errors.iter().any(|wrong| wrong.at.starts_with(&at)))
    };
    html! {
        @for property in &asked.needed { (one(property, true)) }
        (secrets)
        @if !asked.seldom.is_empty() {
            details.more open[asked.seldom.iter().any(|(name, _)| is_wrong(name))] {
                summary { (language.say("settings-more", &[])) }
                @for property in &asked.seldom { (one(property, false)) }
            }
        }
    }
}

fn setting(
    language: Language,
    (name, property): (&str, &Value),
    required: bool,
    before: &[(String, String)],
) -> Markup {
    let field = format!("{SETTING}{name}");
    let entered = before.iter().find(|(key, _)| *key == field).map(|(_, value)| value.clone());
    let value = entered.unwrap_or_else(|| match &property["default"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let yes_or_no = [Value::from("true"), Value::from("false")];
    html! {
        div.field {
            label for=(field) { (language.said(property["title"].as_str().unwrap_or(name))) @if !required { span.optional { (language.say("form-optional", &[])) } } }
            @if let Some(about) = property["description"].as_str() { p.hint { (language.said(about)) } }
            @match (property["enum"].as_array(), property["type"].as_str()) {
                (Some(words), _) => (choice(&field, words, &value, required)),
                (None, Some("boolean")) => (choice(&field, &yes_or_no, &value, required)),
                (None, Some("integer" | "number")) => input #(field) name=(field) inputmode="numeric" value=(value) required[required];,
                (None, Some("object" | "array")) => textarea #(field) name=(field) rows="4" spellcheck="false" required[required] { "\n" (value) },
                _ => input #(field) name=(field) value=(value) spellcheck="false" required[required];,
            }
        }
    }
}

fn choice(field: &str, words: &[Value], chosen: &str, required: bool) -> Markup {
    let words = words.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned));
    html! {
        select #(field) name=(field) required[required] {
            option value="" {}
            @for word in words { option selected[word == chosen] { (word) } }
        }
    }
}

/// The fields for secrets; what was entered before is never in them.
pub(super) fn secrets(language: Language, asked: &[SecretAsked]) -> Markup {
    html! {
        @for one in asked {
            @let field = format!("{SECRET}{}", one.name);
            div.field { label for=(field) { (language.said(&one.title)) } input #(field) name=(field) type="password" autocomplete="off" required; }
        }
    }
}

/// The settings that were entered, as their schema says; what is left empty is left out.
pub(super) fn entered(schema: &Value, fields: &[(String, String)]) -> Map<String, Value> {
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
pub(super) fn entered_secrets(fields: &[(String, String)]) -> impl Iterator<Item = (String, String)> {
    fields.iter().filter_map(|(key, text)| Some((key.strip_prefix(SECRET)?.to_owned(), text.clone())))
}

//! Fields made from the JSON Schema of a platform's settings, and from the secrets that it asks for.

use maud::{Markup, html};
use serde_json::{Map, Value};
use weighbridge::account::SecretAsked;

use super::Ask;

/// A field for each setting, with what stands in it now, around the fields for secrets. What need not be filled in is folded away, as long as nothing in it is
/// wrong; what `spared` names is not asked.
pub(crate) fn setting_fields(
    ask: &Ask<'_>,
    (schema, spared): (&Value, &[String]),
    now: &Map<String, Value>,
    secrets: &Markup,
) -> Markup {
    let asked = AskedSettings::of(schema, spared);
    let one = |(name, property): &(&String, &Value), is_required| {
        setting(ask, (name.as_str(), property), is_required, now.get(*name))
    };
    let is_open = asked.seldom.iter().any(|(name, _)| ask.is_wrong(&format!("configuration.{name}")));
    html! {
        @for property in &asked.needed { (one(property, true)) }
        (secrets)
        @if !asked.is_empty() {
            @if !asked.seldom.is_empty() {
                details.more open[is_open] {
                    summary { (ask.t("settings-more")) }
                    div.stack { @for property in &asked.seldom { (one(property, false)) } }
                }
            }
            input type="hidden" name="configuration:json" value="{}";
        }
    }
}

/// The settings of a form, as a person meets them.
pub(crate) struct AskedSettings<'a> {
    /// What has to be filled in.
    pub(crate) needed: Vec<(&'a String, &'a Value)>,
    /// What may be left as it is.
    pub(crate) seldom: Vec<(&'a String, &'a Value)>,
}

impl<'a> AskedSettings<'a> {
    /// Those of a schema, without what a way to sign in does not need.
    pub(crate) fn of(schema: &'a Value, spared: &[String]) -> Self {
        let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let all = schema["properties"].as_object().into_iter().flatten();
        let (needed, seldom) =
            all.filter(|(name, _)| !spared.contains(name)).partition(|(name, _)| required.contains(&name.as_str()));
        Self { needed, seldom }
    }

    const fn is_empty(&self) -> bool {
        self.needed.is_empty() && self.seldom.is_empty()
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
    let mut field =
        ask.field(&field_name, "settings").called(&ask.said(property["title"].as_str().unwrap_or(name))).value(value);
    if let Some(about) = property["description"].as_str() {
        field = field.hint_text(ask.said(about));
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
            (ask.field(&name, "secrets").called(&ask.said(&one.title)).required().secret("off"))
        }
    }
}

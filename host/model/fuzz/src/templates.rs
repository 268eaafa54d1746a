//! Templates, with all that they may mention: the template on the first line, `{"configuration", "secrets", "captures"}` on
//! the second.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use weighbridge_model::package::{Template, Values};

use super::pieces;

const PLACE: &str = "https://api.example.com/v1/";

/// A template reads back as it was written, never leads out of the host and path that it names, and its errors tell no
/// secret.
pub fn template(bytes: &[u8]) {
    let Some([text, given]) = pieces(bytes) else { return };
    let given: Map<String, Value> = serde_json::from_str(given).unwrap_or_default();
    let configuration = given.get("configuration").and_then(Value::as_object).cloned().unwrap_or_default();
    let (secrets, captures) = (texts(given.get("secrets")), texts(given.get("captures")));
    let values = Values { configuration: &configuration, secrets: &secrets, captures: &captures };
    if let Ok(template) = Template::parse(text) {
        assert_eq!(template.as_str(), text);
        // Other secrets of the same names: an error that reads otherwise would tell them.
        let others: BTreeMap<String, String> = secrets.keys().map(|name| (name.clone(), "x".to_owned())).collect();
        let elsewhere = Values { secrets: &others, ..values };
        for render in [Template::render, Template::render_url] {
            if let (Err(error), Err(other)) = (render(&template, &values), render(&template, &elsewhere)) {
                assert_eq!(error.to_string(), other.to_string());
            }
        }
        if let Ok(Value::String(text)) = template.render_json(&values) {
            assert!(template.render(&values).is_ok_and(|rendered| rendered == text));
        }
    }
    if let Ok(below) = Template::parse(&format!("{PLACE}{text}"))
        && let Ok(url) = below.render_url(&values)
    {
        assert!(stays_below(&url), "{url}");
    }
}

fn texts(value: Option<&Value>) -> BTreeMap<String, String> {
    let fields = value.and_then(Value::as_object).into_iter().flatten();
    fields.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// As a reader of URLs walks: every `..`, in each of its four spellings, takes a segment away.
fn stays_below(url: &str) -> bool {
    let Some(path) = url.strip_prefix(PLACE).map(|rest| rest.split(['?', '#']).next().unwrap_or_default()) else {
        return false;
    };
    path.split(['/', '\\']).all(|segment| {
        let dots = segment.replace("%2e", ".").replace("%2E", ".");
        dots != ".." && dots != "."
    })
}

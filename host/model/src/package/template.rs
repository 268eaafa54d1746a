//! Text with places for configuration, secrets and captures.
//!
//! `{name}` is a configured value, `{secret.name}` a secret, `{capture.name}` something a login answered, and
//! `{base64(…)}` the padded standard Base64 of the template inside. `{{` and `}}` are the braces themselves.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A parsed template. It remembers how it was written and is stored so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Configured(String),
    Secret(String),
    Captured(String),
    Base64(Vec<Part>),
}

/// What a template may mention. Nothing else is reachable from one.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// The connection's configuration, defaults filled in.
    pub configuration: &'a Map<String, Value>,
    /// The scheme's secrets by name.
    pub secrets: &'a BTreeMap<String, String>,
    /// What the login answered, by name.
    pub captures: &'a BTreeMap<String, String>,
}

/// Why a template cannot be read or filled in. No message contains a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The text is no template.
    #[error("the template `{text}` is malformed at byte {at}: {reason}")]
    Malformed {
        /// As it was written.
        text: String,
        /// Where reading stopped.
        at: usize,
        /// What was expected.
        reason: &'static str,
    },
    /// A URL made of it would lead out of the path that it names.
    #[error(
        "a value makes `.` or `..` of a part of the URL `{text}`, which leads to another place than the template says"
    )]
    Climbs {
        /// As it was written.
        text: String,
    },
    /// It mentions something that is not there, or that is neither text, number nor truth value.
    #[error("`{{{name}}}` has no value to put in")]
    Missing {
        /// As it stands in the template.
        name: String,
    },
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut reader = Reader { text, at: 0 };
        let parts = reader.parts(false)?;
        Ok(Self { text: text.to_owned(), parts })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text with every place filled in as it is, without quoting.
    pub fn render(&self, values: &Values<'_>) -> Result<String, TemplateError> {
        render(&self.parts, values, &|_, value| value)
    }

    /// A URL: a configured value at the very start goes in as it is (without the slashes at its end), every other value
    /// is percent-encoded, so that it can neither leave its path segment nor name another host. Dots have no encoding that
    /// keeps them in their segment, so that a segment of one or two is refused.
    pub fn render_url(&self, values: &Values<'_>) -> Result<String, TemplateError> {
        let url = render(&self.parts, values, &|index, value| match index {
            0 => value.trim_end_matches('/').to_owned(),
            _ => percent_encoded(&value),
        })?;
        if climbs(&url) { Err(TemplateError::Climbs { text: self.text.clone() }) } else { Ok(url) }
    }

    /// A JSON value: a template that is one configured value and nothing else gives that value itself (a number stays a
    /// number); any other gives a string.
    pub fn render_json(&self, values: &Values<'_>) -> Result<Value, TemplateError> {
        if let [Part::Configured(name)] = self.parts.as_slice() {
            return values.configuration.get(name).cloned().ok_or_else(|| missing(name));
        }
        self.render(values).map(Value::String)
    }

    /// Whether its beginning, and with it the host of a URL, comes from the configuration.
    pub fn begins_configured(&self) -> bool {
        self.leading_setting().is_some()
    }

    /// The setting that it begins with.
    pub fn leading_setting(&self) -> Option<&str> {
        match self.parts.first() {
            Some(Part::Configured(name)) => Some(name),
            _ => None,
        }
    }

    /// The bytes with every place filled in; what is `given` goes before the configuration.
    pub(super) fn render_bytes(
        &self,
        values: &Values<'_>,
        given: &BTreeMap<&'static str, Cow<'_, [u8]>>,
    ) -> Result<Vec<u8>, TemplateError> {
        render_bytes(&self.parts, values, given)
    }

    /// The names of the configured values it mentions.
    pub fn configured(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        collect(&self.parts, &mut names, |part| if let Part::Configured(name) = part { Some(name) } else { None });
        names
    }

    /// The names of the secrets it mentions.
    pub fn secrets(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        collect(&self.parts, &mut names, |part| if let Part::Secret(name) = part { Some(name) } else { None });
        names
    }

    /// The names of the captures it mentions.
    pub fn captures(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        collect(&self.parts, &mut names, |part| if let Part::Captured(name) = part { Some(name) } else { None });
        names
    }
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, TemplateError> {
        Self::parse(&text)
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.text
    }
}

fn collect<'a>(parts: &'a [Part], names: &mut BTreeSet<&'a str>, pick: fn(&Part) -> Option<&String>) {
    for part in parts {
        if let Some(name) = pick(part) {
            names.insert(name);
        }
        if let Part::Base64(inner) = part {
            collect(inner, names, pick);
        }
    }
}

type Quote<'a> = &'a dyn Fn(usize, String) -> String;

fn render(parts: &[Part], values: &Values<'_>, quote: Quote<'_>) -> Result<String, TemplateError> {
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Base64(inner) => {
                let plain = render(inner, values, &|_, value| value)?;
                out.push_str(&quote(index, BASE64.encode(plain.as_bytes())));
            }
            place => out.push_str(&quote(index, value_of(place, values)?)),
        }
    }
    Ok(out)
}

fn render_bytes(
    parts: &[Part],
    values: &Values<'_>,
    given: &BTreeMap<&'static str, Cow<'_, [u8]>>,
) -> Result<Vec<u8>, TemplateError> {
    let mut out = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => out.extend_from_slice(text.as_bytes()),
            Part::Base64(inner) => out.extend(BASE64.encode(&render_bytes(inner, values, given)?).into_bytes()),
            Part::Configured(name) if given.contains_key(name.as_str()) => out.extend_from_slice(&given[name.as_str()]),
            place => out.extend(value_of(place, values)?.into_bytes()),
        }
    }
    Ok(out)
}

fn value_of(place: &Part, values: &Values<'_>) -> Result<String, TemplateError> {
    match place {
        Part::Configured(name) => values.configuration.get(name).and_then(scalar).ok_or_else(|| missing(name)),
        Part::Secret(name) => values.secrets.get(name).cloned().ok_or_else(|| missing(&format!("secret.{name}"))),
        Part::Captured(name) => values.captures.get(name).cloned().ok_or_else(|| missing(&format!("capture.{name}"))),
        Part::Text(text) => Ok(text.clone()),
        Part::Base64(inner) => render(inner, values, &|_, value| value),
    }
}

/// Text as it is, a number or truth value as JSON writes it; nothing for null, arrays and objects.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn missing(name: &str) -> TemplateError {
    TemplateError::Missing { name: name.to_owned() }
}

fn percent_encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Whether a segment of the path is dots only, however they are written: a reader of URLs leaves it out, or the one before.
fn climbs(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.split(['/', '\\'])
        .any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | ".."))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    /// Reads up to the end, or up to `)}` inside a `{base64(`.
    fn parts(&mut self, nested: bool) -> Result<Vec<Part>, TemplateError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        loop {
            let rest = &self.text[self.at..];
            if nested && rest.starts_with(")}") {
                self.at += 2;
                break;
            }
            let Some(next) = rest.chars().next() else {
                if nested {
                    return Err(self.malformed("`{base64(` is closed by `)}`"));
                }
                break;
            };
            if rest.starts_with("{{") || rest.starts_with("}}") {
                plain.push(next);
                self.at += 2;
            } else if next == '{' {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(self.place(nested)?);
            } else if next == '}' {
                return Err(self.malformed("a brace of the text itself is written twice: `}}`"));
            } else {
                plain.push(next);
                self.at += next.len_utf8();
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(parts)
    }

    fn place(&mut self, nested: bool) -> Result<Part, TemplateError> {
        let rest = &self.text[self.at + 1..];
        if rest.starts_with("base64(") {
            if nested {
                return Err(self.malformed("`base64` stands inside no other"));
            }
            self.at += "{base64(".len();
            return Ok(Part::Base64(self.parts(true)?));
        }
        let end = rest.find('}').ok_or_else(|| self.malformed("a place is closed by `}`"))?;
        let part = self.named(&rest[..end])?;
        self.at += end + 2;
        Ok(part)
    }

    fn named(&self, inside: &str) -> Result<Part, TemplateError> {
        let (make, name): (fn(String) -> Part, &str) = match inside.split_once('.') {
            Some(("secret", name)) => (Part::Secret, name),
            Some(("capture", name)) => (Part::Captured, name),
            Some(_) => return Err(self.malformed("before a dot stands `secret` or `capture`")),
            None => (Part::Configured, inside),
        };
        if !is_name(name) {
            return Err(self.malformed("a name is letters, digits and `_`"));
        }
        Ok(make(name.to_owned()))
    }

    fn malformed(&self, reason: &'static str) -> TemplateError {
        TemplateError::Malformed { text: self.text.to_owned(), at: self.at, reason }
    }
}

/// Letters, digits and `_`, at least one.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

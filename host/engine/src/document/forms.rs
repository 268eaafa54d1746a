//! The two forms of a document, and reading either: TOML, or JSON where the text begins with `{`.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use weighbridge_model::digest::Digest;

use super::{ConnectionDocument, CustomerDocument, Document, DocumentError, IntegrationDocument, TenantDocument};

impl Document {
    /// Reads JSON where the text begins with `{`, else TOML.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let written = if text.trim_start().starts_with('{') { json(text) } else { toml(text) }?;
        if let Some((list, what)) = written.misplaced() {
            return Err(DocumentError { at: place_of(text, list), what });
        }
        Ok(written.document(Digest::of(text.as_bytes())))
    }

    /// The paths of all files that a text names for secrets, in whatever order; none where it is no document.
    pub fn secret_files(text: &str) -> Vec<String> {
        let value = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).ok()
        } else {
            ::toml::from_str::<Value>(text).ok()
        };
        let mut files = Vec::new();
        value.iter().for_each(|value| gather_files(value, &mut files));
        files
    }
}

/// A table with nothing but a file in it.
fn gather_files(value: &Value, files: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather_files(value, files)),
        Value::Object(fields) => match fields.get("file") {
            Some(Value::String(file)) if fields.len() == 1 => files.push(file.clone()),
            _ => fields.values().for_each(|value| gather_files(value, files)),
        },
        _ => {}
    }
}

/// A document as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    tenant: OneOrMany,
    #[serde(default, rename = "integration")]
    integrations: Vec<IntegrationDocument>,
    #[serde(default, rename = "connection")]
    connections: Vec<ConnectionDocument>,
    #[serde(default, rename = "customer")]
    customers: Vec<CustomerDocument>,
}

/// `[tenant]`, or `[[tenant]]` any number of times.
enum OneOrMany {
    One(Box<TenantDocument>),
    Many(Vec<TenantDocument>),
}

/// Where a list stands that cannot be meant: its name, and whether that is under the tenant.
type Misplaced = (&'static str, bool);

impl Written {
    /// A list that stands where the document's form has none, and what to do about it.
    fn misplaced(&self) -> Option<(Misplaced, String)> {
        match &self.tenant {
            OneOrMany::Many(_) => {
                let list = filled(&self.integrations, &self.connections, &self.customers)?;
                let what = format!("of several tenants each has its own: write [[tenant.{list}]] under its [[tenant]]");
                Some(((list, false), what))
            }
            OneOrMany::One(tenant) => {
                let list = filled(&tenant.integrations, &tenant.connections, &tenant.customers)?;
                let what = format!("write [[{list}]] beside one [tenant], or [[tenant]] for several of them");
                Some(((list, true), what))
            }
        }
    }

    fn document(self, digest: Digest) -> Document {
        match self.tenant {
            OneOrMany::Many(tenants) => Document { tenants, is_list: true, digest },
            OneOrMany::One(tenant) => {
                let Self { integrations, connections, customers, .. } = self;
                let tenants = vec![TenantDocument { integrations, connections, customers, ..*tenant }];
                Document { tenants, is_list: false, digest }
            }
        }
    }
}

/// The first of the lists that has anything in it.
fn filled(
    integrations: &[IntegrationDocument],
    connections: &[ConnectionDocument],
    customers: &[CustomerDocument],
) -> Option<&'static str> {
    let lists = [
        ("integration", integrations.is_empty()),
        ("connection", connections.is_empty()),
        ("customer", customers.is_empty()),
    ];
    lists.into_iter().find(|(_, is_empty)| !is_empty).map(|(list, _)| list)
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tenants)
    }
}

struct Tenants;

impl<'de> Visitor<'de> for Tenants {
    type Value = OneOrMany;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("one [tenant], or [[tenant]] for each of several")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany, A::Error> {
        TenantDocument::deserialize(MapAccessDeserializer::new(map)).map(|tenant| OneOrMany::One(Box::new(tenant)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<OneOrMany, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(OneOrMany::Many)
    }
}

fn json(text: &str) -> Result<Written, DocumentError> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| DocumentError { at: error.path().to_string(), what: error.inner().to_string() })
}

fn toml(text: &str) -> Result<Written, DocumentError> {
    let toml = toml::Deserializer::parse(text)
        .map_err(|error| DocumentError { at: line_of(text, error.span()), what: error.message().to_owned() })?;
    serde_path_to_error::deserialize(toml).map_err(|error| {
        let at = format!("{} ({})", error.path(), line_of(text, error.inner().span()));
        DocumentError { at, what: error.inner().message().to_owned() }
    })
}

/// The path of a list, and its line where the text is TOML.
fn place_of(text: &str, (list, is_under): Misplaced) -> String {
    let path = if is_under { format!("tenant.{list}") } else { list.to_owned() };
    let Ok(root) = toml::de::DeTable::parse(text) else { return path };
    let table =
        if is_under { root.get_ref().get("tenant").and_then(|tenant| tenant.get_ref().as_table()) } else { None };
    let found = table.unwrap_or(root.get_ref()).iter().find(|(key, _)| key.get_ref() == list);
    found.map_or_else(|| path.clone(), |(_, value)| format!("{path} ({})", line_of(text, Some(value.span()))))
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let end = span.map_or(0, |span| span.start.min(text.len()));
    format!("line {}", text.bytes().take(end).filter(|byte| *byte == b'\n').count() + 1)
}

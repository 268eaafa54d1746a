//! What views share: instants as people and programs write them, pages, windows with their last moment.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use weighbridge_model::digest::Digest;
use weighbridge_model::time::{Timestamp, Window, Zone};

/// An instant as RFC 3339, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub Timestamp);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for At {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// Some of a list, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The cursor of the next page; none on the last one.
    pub next: Option<String>,
}

/// From when to when, with the last moment inside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WindowView {
    /// The first instant inside.
    pub start: Option<At>,
    /// The first instant after it.
    pub end: Option<At>,
    /// The same for people, in the tenant's zone: `last access 2026-03-30 23:59, ends 2026-03-31 00:00 Europe/Warsaw`.
    pub words: Option<String>,
}

impl WindowView {
    pub(crate) fn new(window: Window, zone: &Zone) -> Self {
        let mut words = Vec::new();
        if let Some(start) = window.start {
            words.push(format!("begins {}", zone.civil_words(start)));
        }
        if let Some(end) = window.end {
            words.push(format!("last access {}", zone.civil_words(end.plus_millis(-60_000))));
            words.push(format!("ends {}", zone.civil_words(end)));
        }
        let words = (!words.is_empty()).then(|| format!("{} {}", words.join(", "), zone.name()));
        Self { start: window.start.map(At), end: window.end.map(At), words }
    }
}

/// What a row is known by until it is changed: whoever changes it may say which one they saw.
pub(crate) fn etag(row: &impl Serialize) -> String {
    // A row that cannot be written as JSON was never stored.
    let json = serde_json::to_vec(row).unwrap_or_default();
    Digest::of(&json).to_string()[..16].to_owned()
}

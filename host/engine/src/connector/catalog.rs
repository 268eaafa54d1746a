//! What a stream is: from the manifest, or from what the connector discovers.

use serde::Deserialize;
use serde_json::Value;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::package::capability::field_pointer;
use weighbridge_model::package::{Capability, Manifest, Mode};

use super::{Ended, Failure, FailureClass, Side};

/// What the pipeline must know of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StreamFacts {
    /// The fields that name a record: JSON Pointers, or names of top-level fields.
    pub(crate) primary_key: Vec<String>,
    /// The field that never falls from one record to the next.
    pub(crate) cursor_field: Option<String>,
    /// Whether an unfinished walk can go on from a checkpoint.
    pub(crate) resumable: bool,
    /// Whether it can be asked for what changed.
    pub(crate) incremental: bool,
    /// The JSON Schema of the cursor field, where it is known.
    cursor_schema: Option<Value>,
    /// The JSON Schema of a record, where it is known.
    pub(crate) schema: Option<Value>,
}

impl StreamFacts {
    /// Whether it can be asked for what changed since an instant: its cursor field is none that is known to hold anything
    /// but a text.
    pub(crate) fn knows_instants(&self) -> bool {
        let kind = self.cursor_schema.as_ref().and_then(|schema| schema.get("type"));
        let is_text = match kind {
            None => true,
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
            Some(kind) => kind == "string",
        };
        self.incremental && self.cursor_field.is_some() && is_text
    }
}

/// `schemas/catalog.schema.json`: the capabilities that the manifest leaves to the connection's configuration.
#[derive(Deserialize)]
struct Catalog {
    streams: Vec<Capability>,
}

impl From<&Capability> for StreamFacts {
    fn from(capability: &Capability) -> Self {
        Self {
            primary_key: capability.primary_key.clone(),
            cursor_field: capability.cursor_field.clone(),
            resumable: capability.resumable,
            incremental: capability.modes.contains(&Mode::Incremental),
            cursor_schema: cursor_schema(capability).cloned(),
            schema: capability.schema.clone(),
        }
    }
}

/// What the stream's schema says of its cursor field.
fn cursor_schema(capability: &Capability) -> Option<&Value> {
    let field = field_pointer(capability.cursor_field.as_deref()?);
    let mut schema = capability.schema.as_ref()?;
    for part in field.split('/').skip(1) {
        schema = schema.get("properties")?.get(part.replace("~1", "/").replace("~0", "~"))?;
    }
    Some(schema)
}

/// What a stream is. A manifest that lists it as `*` leaves that to `discover`.
pub(crate) async fn stream_facts(
    manifest: &Manifest,
    side: &mut dyn Side,
    stream: &str,
    direction: Direction,
) -> Result<StreamFacts, Ended> {
    let capability = capability(manifest, stream, direction)?;
    if capability.stream != "*" || direction == Direction::Destination {
        return Ok(capability.into());
    }
    discovered(side, stream, direction)
        .await?
        .ok_or_else(|| failure("stream.absent", format!("the connection's configuration names no stream `{stream}`")))
}

/// The same for whoever wants to see its fields: a stream that is written is described by the system too, where it is at all.
pub(crate) async fn described_facts(
    manifest: &Manifest,
    side: &mut dyn Side,
    stream: &str,
    direction: Direction,
) -> Result<StreamFacts, Ended> {
    let capability = capability(manifest, stream, direction)?;
    if capability.stream != "*" || direction == Direction::Source {
        return stream_facts(manifest, side, stream, direction).await;
    }
    Ok(discovered(side, stream, direction).await?.unwrap_or_else(|| capability.into()))
}

fn capability<'a>(manifest: &'a Manifest, stream: &str, direction: Direction) -> Result<&'a Capability, Ended> {
    manifest.capability(stream, direction).ok_or_else(|| {
        failure("stream.absent", format!("{} {} offers no stream `{stream}`", manifest.name, manifest.version))
    })
}

async fn discovered(side: &mut dyn Side, stream: &str, direction: Direction) -> Result<Option<StreamFacts>, Ended> {
    let json = side.discover().await?;
    let catalog: Catalog = serde_json::from_str(&json)
        .map_err(|error| failure("catalog.malformed", format!("the connector's catalog cannot be read: {error}")))?;
    let found = catalog.streams.iter().find(|one| one.stream == stream && one.direction == direction);
    Ok(found.map(StreamFacts::from))
}

fn failure(code: &str, message: String) -> Ended {
    Ended::Failure(Failure { class: FailureClass::Config, code: code.into(), message, retry_after_ms: None })
}

//! What a mapping goes between: the fields of both streams as their systems describe them, and one record to look at.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use weighbridge_model::access::{Permission, authorize, kinds};
use weighbridge_model::connection::Connection;
use weighbridge_model::endpoint::{Direction, Endpoint};
use weighbridge_model::id::{DeadLetterId, EndpointId, RunId};
use weighbridge_model::integration::Integration;
use weighbridge_model::package::capability::field_pointer;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{DeadLetters, Endpoints, Transfers};

use super::redacted::redacted;
use crate::account::{StandsStill, Whose, etag};
use crate::chance;
use crate::connector::StreamFacts;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::example::example_record;
use crate::pipeline::Halt;
use crate::texts::{Texts, customer_owner};

/// Between which endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingEnds {
    /// Where records come from.
    pub source: EndpointId,
    /// Where they go.
    pub destination: EndpointId,
}

/// Both streams, and a record to look at.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MappingFields {
    /// What comes.
    pub source: StreamFields,
    /// What is wanted.
    pub destination: StreamFields,
    /// A record of the source; none where its fields are not known and none was kept.
    pub sample: Option<SampleRecord>,
}

/// The stream of an endpoint, with its fields.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StreamFields {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// What that is called.
    pub name: String,
    /// The stream there; none where the endpoint needs configuration.
    pub stream: Option<String>,
    /// The fields that name a record, as JSON Pointers.
    pub primary_key: Vec<String>,
    /// The fields, those inside of others too; none where the system does not describe them.
    pub fields: Vec<FieldView>,
    /// Why the system was not asked, where it stands still.
    pub stands_still: Option<StandsStill>,
    /// The stable code of what it answered instead, where it was asked in vain.
    pub code: Option<String>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldView {
    /// Where it is, as a JSON Pointer; under the elements of an array it goes on with `*`: `/lines/*/price`.
    pub path: String,
    /// The types that it may have; none where that is not said.
    pub types: Vec<String>,
    /// The form of its text, such as `date-time`.
    pub format: Option<String>,
    /// The values that it may have, where they are listed: JSON texts.
    pub values: Vec<String>,
    /// Whether every record has it.
    pub required: bool,
    /// Whether it names a record, alone or with others.
    pub primary_key: bool,
    /// What the system says of it.
    pub about: String,
}

/// Where a record to look at comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SampleKind {
    /// It was made of the stream's description.
    Example,
    /// It was read, and rejected, and kept.
    Kept,
}

/// A record to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SampleRecord {
    /// Where it comes from.
    pub kind: SampleKind,
    /// The record: JSON.
    pub record: String,
    /// Whether its values were taken out, since whoever asks may not see the contents of records.
    pub redacted: bool,
}

const DEPTH_MAX: usize = 6;
const FIELDS_MAX: usize = 1_000;
/// Transfers of one source, and rejected records of each, that are looked at for a sample.
const ROWS_MAX: usize = 1_000;
/// So long a system may take to say what it has.
const PATIENCE: Duration = Duration::from_secs(10);

impl Engine {
    /// The fields between which a mapping goes. The contents of a kept record are for who may see records.
    pub async fn mapping_fields(
        &self,
        may: &Permission<kinds::TransfersRead>,
        ends: MappingEnds,
    ) -> Result<MappingFields, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let source = self.stream_end(scope, ends.source, Direction::Source, "source").await?;
        let destination = self.stream_end(scope, ends.destination, Direction::Destination, "destination").await?;
        let schema = source.1.as_ref().and_then(|facts| facts.schema.clone());
        let sees_records = authorize::<kinds::RecordsRead>(may.actor(), may.place()).is_ok();
        let sample = match self.kept_record(scope, ends.source)? {
            Some(record) if sees_records => Some((SampleKind::Kept, record)),
            Some(record) => Some((SampleKind::Kept, redacted(&record, schema.as_ref()))),
            None => schema.as_ref().map(|schema| (SampleKind::Example, example_record(schema).to_string())),
        };
        let sample = sample.map(|(kind, record)| SampleRecord {
            kind,
            record,
            redacted: kind == SampleKind::Kept && !sees_records,
        });
        Ok(MappingFields { source: source.0, destination: destination.0, sample })
    }

    /// One end, and what its system says of the stream. A system that stands still is not asked.
    pub(super) async fn stream_end(
        &self,
        scope: CustomerScope,
        id: EndpointId,
        direction: Direction,
        at: &str,
    ) -> Result<(StreamFields, Option<Arc<StreamFacts>>), Problem> {
        let row = self.host.store.read(|tx| tx.get::<Endpoints>(&scope, &id)).map_err(EngineError::from)?;
        let row = row
            .filter(|row| row.direction == direction)
            .ok_or_else(|| Problem::invalid(at, format!("the customer has no such {at} endpoint")))?;
        let mut end = StreamFields {
            endpoint: id,
            name: self.host.name_in(scope, id.as_bytes(), &row.name)?,
            stream: row.place.as_ref().map(|place| place.stream.to_string()),
            primary_key: Vec::new(),
            fields: Vec::new(),
            stands_still: None,
            code: None,
        };
        let Some(place) = &row.place else { return Ok((end, None)) };
        let (connection, offer) = self.seen_connection(Whose::Customer(scope), place.connection)?;
        end.stands_still = self.stands_still(Whose::Customer(scope), &connection, &offer)?;
        if end.stands_still.is_some() {
            return Ok((end, None));
        }
        match self.described(scope, &row, &connection, &offer).await {
            Ok(facts) => {
                end.primary_key = facts.primary_key.iter().map(|field| field_pointer(field)).collect();
                let schema = facts.schema.clone().unwrap_or_default();
                inside("", &schema, &end.primary_key, &mut end.fields, 0);
                end.fields.truncate(FIELDS_MAX);
                Ok((end, Some(facts)))
            }
            Err(Halt::Store(error)) => Err(error.into()),
            Err(Halt::Failed(trouble)) => {
                end.code = Some(trouble.code.to_string());
                Ok((end, None))
            }
            Err(_) => Err(ProblemCode::Unavailable.into()),
        }
    }

    /// What the system says of an endpoint's stream, now or a short while ago.
    async fn described(
        &self,
        scope: CustomerScope,
        endpoint: &Endpoint,
        connection: &Connection,
        offer: &Integration,
    ) -> Result<Arc<StreamFacts>, Halt> {
        let stream = endpoint.place.as_ref().map(|place| place.stream.to_string()).unwrap_or_default();
        // Settings that were changed are asked about anew.
        let key = (connection.id, endpoint.id, format!("{stream} {}", etag(connection)));
        let now = self.host.now();
        if let Some(Some(known)) = self.host.streams.known(&key, now) {
            return Ok(known);
        }
        let run = RunId::new(now, chance::bytes()?);
        let asked = async {
            let mut side = self.host.side_of_endpoint(scope, endpoint, (connection, offer), run).await?;
            side.described(endpoint.direction).await
        };
        let facts = tokio::time::timeout(PATIENCE, asked)
            .await
            .map_err(|_| Halt::config("stream.not_described", "the system does not say in time what it has"))??;
        let facts = Arc::new(facts);
        self.host.streams.learn(key, now, Some(Arc::clone(&facts)));
        Ok(facts)
    }

    /// The newest record of any transfer of this source that was rejected.
    fn kept_record(&self, scope: CustomerScope, source: EndpointId) -> Result<Option<String>, EngineError> {
        let newest = self.host.store.read(|tx| {
            let mut newest = None;
            let transfers = tx.scan::<Transfers>(&scope, None, ROWS_MAX)?;
            for (id, _) in transfers.into_iter().filter(|(_, row)| row.source == source) {
                let first = (id, DeadLetterId::from_bytes([0; 16]));
                let letters = tx.scan::<DeadLetters>(&scope, Some(&first), ROWS_MAX)?;
                let own = letters.into_iter().take_while(|((of, _), _)| *of == id);
                newest =
                    own.map(|((_, letter), row)| (row.at, letter, row.record)).chain(newest).max_by_key(|one| one.0);
            }
            Ok(newest)
        })?;
        let Some((_, id, sealed)) = newest else { return Ok(None) };
        Texts::new(&self.host.ring, customer_owner(scope), id.as_bytes()).open_text("record", &sealed).map(Some)
    }
}

/// The fields of an object, each followed by those inside of it.
fn inside(prefix: &str, schema: &Value, keys: &[String], found: &mut Vec<FieldView>, depth: usize) {
    let Some(properties) = schema["properties"].as_object().filter(|_| depth < DEPTH_MAX) else { return };
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, property) in properties {
        let path = format!("{prefix}/{}", name.replace('~', "~0").replace('/', "~1"));
        let types = match &property["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            one => one.as_str().map(str::to_owned).into_iter().collect(),
        };
        let about = property["description"].as_str().or(property["title"].as_str()).unwrap_or_default();
        found.push(FieldView {
            types,
            format: property["format"].as_str().map(str::to_owned),
            values: property["enum"].as_array().into_iter().flatten().map(Value::to_string).collect(),
            required: required.contains(&name.as_str()),
            primary_key: keys.contains(&path),
            about: about.to_owned(),
            path: path.clone(),
        });
        inside(&path, property, keys, found, depth + 1);
        inside(&format!("{path}/*"), &property["items"], keys, found, depth + 1);
    }
}

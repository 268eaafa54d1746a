//! What is accepted of the stream that a source endpoint reads, and what was found beyond it.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::drift::{AcceptedField, DriftPolicy, FieldType, StreamSchema};
use weighbridge_model::endpoint::{Direction, Endpoint};
use weighbridge_model::id::{EndpointId, RunId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Endpoints, StreamSchemaRow, StreamSchemas};

use crate::account::edit::if_match;
use crate::account::{At, etag};
use crate::audit::{AuditDetail, FieldChange};
use crate::engine::Engine;
use crate::error::EngineError;

/// What is accepted of a source endpoint's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StreamSchemaView {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// What that is called.
    pub name: String,
    /// The stream that it reads.
    pub stream: Option<String>,
    /// What happens when records do not fit.
    pub drift: DriftPolicy,
    /// The fields that are accepted; none before something moved.
    pub fields: Vec<AcceptedFieldView>,
    /// What was found and is not accepted.
    pub found: Vec<FoundFieldView>,
    /// What it is known by until it is changed.
    pub etag: Option<String>,
}

/// A field that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AcceptedFieldView {
    /// Its name.
    pub name: String,
    /// The types that it may have.
    pub types: Vec<FieldType>,
    /// When it was learnt last; none where it was there from the beginning.
    pub learnt_at: Option<At>,
    /// In which run.
    pub run: Option<RunId>,
}

/// A field that was found and is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FoundFieldView {
    /// Its name.
    pub name: String,
    /// The types that are accepted; none where the field is new.
    pub accepted: Vec<FieldType>,
    /// The types that it was found with.
    pub found: Vec<FieldType>,
    /// When.
    pub found_at: Option<At>,
    /// In which run.
    pub run: Option<RunId>,
}

impl Engine {
    /// What is accepted of the stream that an endpoint reads.
    pub fn stream_schema(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: EndpointId,
    ) -> Result<StreamSchemaView, Problem> {
        self.schema_of(CustomerScope::of(may), id)
    }

    /// Accepts what was found beyond it; whoever stopped because of it goes on with the next run.
    pub async fn accept_schema(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: EndpointId,
        seen: Option<&str>,
    ) -> Result<StreamSchemaView, Problem> {
        let (scope, now) = (CustomerScope::of(may), self.host.now());
        self.edit(|edit| {
            let endpoint = edit.need::<Endpoints>(scope, id)?;
            check_source(&endpoint)?;
            let row = edit.read::<StreamSchemas>(scope, id)?.filter(|row| is_of(row, &endpoint));
            let row = row.ok_or(ProblemCode::SchemaFits)?;
            if_match(seen, &row)?;
            let before = self.host.open_schema(scope, id, &row)?;
            let mut schema = before.clone();
            if schema.accept_found(now).is_empty() {
                return Err(ProblemCode::SchemaFits.into());
            }
            let detail = AuditDetail {
                text: self.host.name_in(scope, id.as_bytes(), &endpoint.name)?,
                changes: changes(&before, &schema),
            };
            let schema = self.host.seal_schema(scope, id, &schema)?;
            edit.put::<StreamSchemas>(scope, id, StreamSchemaRow { version: row.version + 1, schema, ..row });
            edit.audit(self.audit_customer(scope, may.by(), "endpoint.schema_accepted", detail)?);
            Ok(())
        })
        .await?;
        self.schema_of(scope, id)
    }

    fn schema_of(&self, scope: CustomerScope, id: EndpointId) -> Result<StreamSchemaView, Problem> {
        self.customer_and_zone(scope)?;
        let endpoint = self.host.store.read(|tx| tx.get::<Endpoints>(&scope, &id)).map_err(EngineError::from)?;
        let endpoint = endpoint.ok_or(ProblemCode::NotThere)?;
        check_source(&endpoint)?;
        let row = self.host.schema_row(scope, &endpoint)?.1;
        let schema = row.as_ref().map(|row| self.host.open_schema(scope, id, row)).transpose()?.unwrap_or_default();
        Ok(StreamSchemaView {
            endpoint: id,
            name: self.host.name_in(scope, id.as_bytes(), &endpoint.name)?,
            stream: endpoint.place.as_ref().map(|place| place.stream.to_string()),
            drift: endpoint.drift,
            fields: schema.accepted.iter().map(accepted).collect(),
            found: schema.found.iter().map(|field| found(&schema, field)).collect(),
            etag: row.as_ref().map(etag),
        })
    }
}

/// Only what is read has a schema that is kept.
fn check_source(endpoint: &Endpoint) -> Result<(), Problem> {
    match endpoint.direction {
        Direction::Source => Ok(()),
        Direction::Destination => Err(Problem::invalid("endpoint", "records come from a source endpoint only")),
    }
}

fn is_of(row: &StreamSchemaRow, endpoint: &Endpoint) -> bool {
    let place = endpoint.place.as_ref();
    place.is_some_and(|place| (place.connection, &place.stream) == (row.connection, &row.stream))
}

fn accepted(field: &AcceptedField) -> AcceptedFieldView {
    AcceptedFieldView {
        name: field.name.clone(),
        types: field.types.iter().collect(),
        learnt_at: field.learnt.map(|learnt| At(learnt.at)),
        run: field.learnt.map(|learnt| learnt.run),
    }
}

fn found(schema: &StreamSchema, field: &AcceptedField) -> FoundFieldView {
    let accepted = schema.accepted.get(&field.name).map(|one| one.types.iter().collect());
    FoundFieldView {
        name: field.name.clone(),
        accepted: accepted.unwrap_or_default(),
        found: field.types.iter().collect(),
        found_at: field.learnt.map(|learnt| At(learnt.at)),
        run: field.learnt.map(|learnt| learnt.run),
    }
}

/// What is accepted that was not before, field by field.
fn changes(before: &StreamSchema, after: &StreamSchema) -> Vec<FieldChange> {
    let types = |schema: &StreamSchema, name: &str| schema.accepted.get(name).map(|field| field.types.to_string());
    let change =
        |field: &AcceptedField| FieldChange::of(&field.name, types(before, &field.name), types(after, &field.name));
    before.found.iter().filter_map(change).collect()
}

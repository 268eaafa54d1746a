//! The description of all operations as OpenAPI 3.1, made from their table.

use schemars::generate::SchemaSettings;
use schemars::{SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::export::Export;
use super::input::{Parameter, ParameterKind};
use super::operation::{Audits, Operation};
use super::operations::operations;

/// The whole document.
pub fn openapi() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for operation in operations() {
        let described = describe(operation, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = described;
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Problem".into(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Weighbridge",
            "version": "v1",
            "description": "Every operation names the action that it is; who may do which stands in schemas/access.md.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": {
                "Problem": {
                    "description": "It was not done; `code` says why and `next_step` what to do.",
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
                },
            },
        },
    })
}

fn describe(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let in_body = takes_body(operation);
    let parameters: Vec<_> =
        operation.parameters().iter().filter(|one| one.in_path || !in_body).map(parameter).collect();
    let gives = operation.gives(generator);
    let audits = match operation.audits {
        Audits::Act(act) => json!({ "act": act }),
        Audits::Nothing(reason) => json!({ "nothing": reason }),
    };
    let mut content = json!({ "application/json": { "schema": gives } });
    if operation.followed {
        content["text/event-stream"] = json!({ "schema": { "type": "string" } });
    }
    let mut described = json!({
        "operationId": operation.name.replace(' ', "."),
        "summary": operation.about,
        "x-action": operation.action.code(),
        "x-audits": audits,
        "parameters": parameters,
        "responses": {
            operation.status.as_str(): {
                "description": "It is done.",
                "content": content,
            },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if operation.is_list() {
        for form in [Export::Csv, Export::JsonLines] {
            described["responses"]["200"]["content"][form.media_type()] = json!({ "schema": { "type": "string" } });
        }
    }
    if in_body {
        described["requestBody"] =
            json!({ "content": { "application/json": { "schema": body_schema(operation, generator) } } });
    }
    described
}

pub(crate) fn takes_body(operation: &Operation) -> bool {
    !matches!(operation.method, http::Method::GET | http::Method::DELETE)
}

/// What an operation takes, without what stands in its path.
fn body_schema(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let schema = operation.takes(generator).to_value();
    let in_path: Vec<_> = operation.path_parameters().collect();
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()).map(str::to_owned);
    let Some(mut inlined) = name.and_then(|name| generator.definitions().get(&name).cloned()) else { return schema };
    if let Some(properties) = inlined["properties"].as_object_mut() {
        properties.retain(|name, _| !in_path.contains(&name.as_str()));
    }
    if let Some(required) = inlined["required"].as_array_mut() {
        required.retain(|name| !in_path.iter().any(|one| name == one));
    }
    inlined
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": if parameter.in_path { "path" } else { "query" },
        "required": parameter.required,
        "description": parameter.about,
        "schema": schema_of(&parameter.kind),
    })
}

fn schema_of(kind: &ParameterKind) -> Value {
    match kind {
        ParameterKind::Text | ParameterKind::Json => json!({ "type": "string" }),
        ParameterKind::Id(_) => json!({ "type": "string", "pattern": "^[0-9a-v]{26}$" }),
        ParameterKind::Word(words) => json!({ "type": "string", "enum": words }),
        ParameterKind::Number => json!({ "type": "integer" }),
        ParameterKind::Flag => json!({ "type": "boolean" }),
        ParameterKind::Several(kind) => json!({ "type": "array", "items": schema_of(kind) }),
    }
}

fn problem_schema() -> Value {
    json_schema!({
        "type": "object",
        "required": ["type", "code", "status", "title", "next_step"],
        "properties": {
            "type": { "type": "string" },
            "code": { "type": "string" },
            "status": { "type": "integer" },
            "title": { "type": "string" },
            "next_step": { "type": "string" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["at", "what"],
                    "properties": { "at": { "type": "string" }, "what": { "type": "string" } },
                },
            },
        },
    })
    .to_value()
}

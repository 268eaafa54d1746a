//! The documentation as OpenAPI 3.1, for programs.

use serde_json::{Map, Value, json};
use weighbridge::{Engine, PullEndpoint, PullGuide, example_record};

use super::{address, path_of};

pub(in crate::pull) fn openapi(guide: &PullGuide, engine: &Engine) -> Value {
    let mut paths = Map::new();
    paths.insert("/pull/v1/ping".into(), ping());
    for endpoint in &guide.endpoints {
        paths.insert(path_of(&endpoint.name), records(endpoint));
    }
    let address = address(engine);
    json!({
        "openapi": "3.1.0",
        "info": { "title": guide.name, "version": "v1", "description": about(guide) },
        "servers": [{ "url": if address.is_empty() { "/" } else { address } }],
        "security": [{ "basic": [] }, { "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "basic": { "type": "http", "scheme": "basic", "description": "The Connection ID as the name, the API key as the password." },
                "bearer": { "type": "http", "scheme": "bearer", "description": "CONNECTION_ID:KEY" },
            },
            "responses": { "Problem": {
                "description": "There is no page; `code` says why and `next_step` what to do.",
                "content": { "application/problem+json": { "schema": {
                    "type": "object",
                    "required": ["code", "status", "title", "next_step"],
                    "properties": {
                        "type": { "type": "string" },
                        "code": { "type": "string" },
                        "status": { "type": "integer" },
                        "title": { "type": "string" },
                        "next_step": { "type": "string" },
                        "until": { "type": "string", "format": "date-time" },
                    },
                } } },
            } },
        },
    })
}

fn about(guide: &PullGuide) -> String {
    let dates = guide.window.words.as_deref().unwrap_or("from now on, without an end");
    format!("Access: {dates}. Dates without a time are midnights in {}.", guide.zone)
}

fn ping() -> Value {
    let instant = json!({ "type": ["string", "null"], "format": "date-time" });
    let schema = json!({
        "type": "object",
        "properties": {
            "access": { "enum": ["open", "not_started", "closed"] },
            "closed": {
                "description": "Why no endpoint would give a page, where `access` is `closed`.",
                "type": ["object", "null"],
                "properties": {
                    "code": { "type": "string" },
                    "title": { "type": "string" },
                    "next_step": { "type": "string" },
                    "until": instant,
                },
            },
            "begins": instant,
            "ends": instant,
            "endpoints": { "type": "array", "items": { "type": "string" } },
        },
    });
    json!({ "get": {
        "operationId": "ping",
        "summary": "Whether the key is right, and when access begins.",
        "responses": {
            "200": { "description": "It is right.", "content": { "application/json": { "schema": schema } } },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    } })
}

fn records(endpoint: &PullEndpoint) -> Value {
    let record = endpoint.schema.clone().unwrap_or_else(|| json!({ "type": "object" }));
    let example = example_record(&record);
    let page = json!({
        "type": "object",
        "required": ["records", "deleted", "next", "has_more", "read_at"],
        "properties": {
            "records": { "type": "array", "items": record, "example": [example] },
            "deleted": { "type": "array", "items": { "type": "object" } },
            "next": { "type": ["string", "null"] },
            "has_more": { "type": "boolean" },
            "read_at": { "type": "string", "format": "date-time" },
        },
    });
    let mut parameters = vec![
        json!({ "name": "cursor", "in": "query", "schema": { "type": "string" }, "description": "`next` of the last answer." }),
        json!({ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 10_000 } }),
    ];
    if endpoint.knows_since {
        parameters.push(json!({ "name": "since", "in": "query", "schema": { "type": "string" }, "description": "A date or an instant." }));
    }
    json!({ "get": {
        "operationId": format!("records of {}", endpoint.name),
        "summary": endpoint.description,
        "parameters": parameters,
        "responses": {
            "200": { "description": "A page.", "content": {
                "application/json": { "schema": page },
                "application/x-ndjson": { "schema": { "type": "string" } },
                "text/csv": { "schema": { "type": "string" } },
            } },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    } })
}

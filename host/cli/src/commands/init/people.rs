//! The first tenant and the first operator, by the verbs that make every other one.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value, json};
use weighbridge::Engine;
use weighbridge::document::Document;
use weighbridge::model::access::{Actor, Role};
use weighbridge_server::api::{Asked, operations};

use super::plan::Plan;

/// The invitation of the first operator, where one is invited.
pub(super) async fn let_in(engine: &Engine, plan: &Plan) -> anyhow::Result<Option<Value>> {
    if let Some(name) = &plan.tenant {
        let document = Document::parse(&json!({ "tenant": { "name": name, "zone": plan.zone } }).to_string())?;
        engine.apply(&document, Path::new(".")).await?;
    }
    match &plan.operator {
        Some(email) => Ok(Some(invite(engine, email).await?)),
        None => Ok(None),
    }
}

async fn invite(engine: &Engine, email: &str) -> anyhow::Result<Value> {
    let operation = operations().iter().find(|one| one.name == "operator invite");
    let operation = operation.context("command.unknown: there is no `operator invite`")?;
    let input = Map::from_iter([("email".into(), email.into()), ("role".into(), Role::Operator.word().into())]);
    let asked = Asked { actor: Actor::owner(), tenant: None, input, seen: None, secret: None };
    Ok(operation.run(engine, asked).await?)
}

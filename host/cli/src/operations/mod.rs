//! The verbs that are operations of the API: their words, parameters and help are made from the same table, so that whatever
//! can be asked for over HTTP can be asked for here.

mod show;
mod verbs;

use std::time::Duration;

use serde_json::{Map, Value};
use weighbridge::Engine;
use weighbridge::model::access::{Actor, Level};
use weighbridge::model::id::{CustomerId, TenantId};
use weighbridge_server::api::{Asked, Export, Operation, Parameter, ParameterKind, typed};

use crate::args::Args;
use crate::commands::{reading, writing};
use crate::exit::Exit;

pub(crate) use verbs::{called, extend};

/// What another process writes is looked for so often.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// An operation that was asked for, with the texts of its parameters.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) operation: &'static Operation,
    pub(crate) tenant: Option<String>,
    pub(crate) texts: Vec<(Parameter, Vec<String>)>,
    /// How all of a list is wanted, if it is.
    pub(crate) whole: Option<Export>,
    /// Whether it is shown again whenever it has changed.
    pub(crate) follows: bool,
}

impl Called {
    /// Whether it needs the store for writing.
    pub(crate) fn changes(&self) -> bool {
        self.operation.method != "GET"
    }
}

/// Carries an operation out as whoever owns the data folder.
pub(crate) async fn run(args: &Args, called: &Called) -> anyhow::Result<Exit> {
    if called.changes() {
        let given = writing(args, async |engine| Ok(carry_out(engine, called, None).await?)).await?;
        show::answer(args, called, &given);
        return Ok(verdict(&given));
    }
    if called.follows {
        return follow(args, called).await;
    }
    let engine = reading(args)?;
    let Some(form) = called.whole else {
        let given = carry_out(&engine, called, None).await?;
        show::answer(args, called, &given);
        return Ok(verdict(&given));
    };
    let (mut cursor, mut first) = (None, true);
    loop {
        let given = carry_out(&engine, called, cursor).await?;
        show::page(called, form, &given, first);
        first = false;
        match given["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(Exit::Done),
        }
    }
}

/// What was looked at and is not in order is a failure, for scripts that look at nothing else.
fn verdict(given: &Value) -> Exit {
    let is_bad = ["genuine", "sound", "works"].iter().any(|word| given[*word] == false);
    if is_bad { Exit::Failed } else { Exit::Done }
}

/// Shows the answer, and again whenever it has changed, until whoever asked has seen enough.
async fn follow(args: &Args, called: &Called) -> anyhow::Result<Exit> {
    let mut shown = Value::Null;
    loop {
        let given = carry_out(&reading(args)?, called, None).await?;
        if given != shown {
            show::answer(args, called, &given);
            shown = given;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn carry_out(engine: &Engine, called: &Called, cursor: Option<String>) -> anyhow::Result<Value> {
    let tenant = match called.operation.action.level() {
        Level::Host => None,
        Level::Tenant | Level::Customer => Some(engine.find_tenant(called.tenant.as_deref())?.id()),
    };
    let mut input = input(engine, called, tenant)?;
    if let Some(cursor) = cursor {
        input.insert("cursor".into(), cursor.into());
    }
    let asked = Asked { actor: Actor::owner(), tenant, input, seen: None, secret: None };
    Ok(called.operation.run(engine, asked).await?)
}

/// Names become ids, and `@FILE` what is in the file.
fn input(engine: &Engine, called: &Called, tenant: Option<TenantId>) -> anyhow::Result<Map<String, Value>> {
    let (mut input, mut tenant, mut customer) = (Map::new(), tenant, None::<CustomerId>);
    for (parameter, texts) in &called.texts {
        let texts = texts.iter().map(|text| match (&parameter.kind, text.strip_prefix('@')) {
            (ParameterKind::Id(kind), _) => Ok(engine.id_of(kind, tenant, customer, text)?),
            (ParameterKind::Text | ParameterKind::Json, Some(file)) => read(file),
            _ => Ok(text.clone()),
        });
        let texts = texts.collect::<anyhow::Result<Vec<_>>>()?;
        match parameter.name.as_str() {
            "customer" => customer = texts.first().and_then(|text| text.parse().ok()),
            // What the operator names of a tenant is found in that one.
            "tenant" => tenant = texts.first().and_then(|text| text.parse().ok()),
            _ => {}
        }
        input.insert(parameter.name.clone(), typed(parameter, &texts)?);
    }
    Ok(input)
}

fn read(file: &str) -> anyhow::Result<String> {
    Ok(crate::file::read("input.unreadable", std::path::Path::new(file))?)
}

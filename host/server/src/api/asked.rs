//! What is asked of an operation, by whichever way it came.

use serde_json::{Map, Value};
use weighbridge::Engine;
use weighbridge::model::access::{ActionKind, Actor, LevelOf, OfCustomer, OfHost, OfTenant, Permission, authorize};
use weighbridge::model::id::{CustomerId, TenantId};
use weighbridge::model::problem::{Problem, ProblemCode};

/// What is asked of an operation, by whichever way it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asks.
    pub actor: Actor,
    /// The tenant that an actor means who belongs to none.
    pub tenant: Option<TenantId>,
    /// All parameters by name: those of the path, of the query and of the body.
    pub input: Map<String, Value>,
    /// The `etag` that a change was made from.
    pub seen: Option<String>,
    /// The secret by which the actor is known.
    pub secret: Option<String>,
}

impl Asked {
    /// The same, asked by who has the secret by now: what goes on for long ends with a session, or with a customer's switch.
    pub(crate) fn renewed(&self, engine: &Engine) -> Result<Self, Problem> {
        let actor = self.secret.as_ref().map(|secret| engine.actor(secret)).transpose()?;
        Ok(Self { actor: actor.unwrap_or_else(|| self.actor.clone()), ..self.clone() })
    }
}

/// What an operation runs with.
pub(crate) struct Context<A: ActionKind> {
    pub(crate) engine: Engine,
    pub(crate) may: Permission<A>,
    pub(crate) seen: Option<String>,
    pub(crate) secret: Option<String>,
}

impl<A: ActionKind> Context<A> {
    /// The `etag` that a change was made from.
    pub(crate) fn seen(&self) -> Option<&str> {
        self.seen.as_deref()
    }
}

/// Where an action is done, from what was asked.
pub(crate) trait Placed: LevelOf {
    fn place(asked: &mut Asked) -> Result<Self::Place, Problem>;
}

impl Placed for OfHost {
    fn place(_asked: &mut Asked) -> Result<(), Problem> {
        Ok(())
    }
}

impl Placed for OfTenant {
    fn place(asked: &mut Asked) -> Result<TenantId, Problem> {
        asked.actor.tenant.or(asked.tenant).ok_or_else(|| ProblemCode::NotThere.into())
    }
}

impl Placed for OfCustomer {
    fn place(asked: &mut Asked) -> Result<(TenantId, CustomerId), Problem> {
        let tenant = OfTenant::place(asked)?;
        let customer = asked.input.remove("customer");
        // What is no id names nothing that is there.
        let id = customer.as_ref().and_then(Value::as_str).and_then(|text| text.parse().ok());
        Ok((tenant, id.ok_or(ProblemCode::NotThere)?))
    }
}

/// The permission for an action, in the place that was asked for. A customer that is not there looks like another's, whatever
/// is asked of it.
pub(crate) fn permit<A: ActionKind<Level: Placed>>(
    engine: &Engine,
    asked: &mut Asked,
) -> Result<Permission<A>, Problem> {
    let place = A::Level::place(asked)?;
    let permission = authorize::<A>(&asked.actor, place)?;
    match A::Level::ids(place) {
        (Some(tenant), Some(customer)) if !engine.has_customer(tenant, customer)? => Err(ProblemCode::NotThere.into()),
        _ => Ok(permission),
    }
}

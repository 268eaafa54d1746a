//! Who asks, by what they send.

use http::{HeaderMap, header};
use weighbridge::Engine;
use weighbridge::model::access::{Actor, Role, Scopes, Who};
use weighbridge::model::problem::{Problem, ProblemCode};

use super::operation::Operation;

/// Who asks, and by which secret they are known.
pub(crate) struct Known {
    pub(crate) actor: Actor,
    pub(crate) secret: Option<String>,
}

/// Who asks, by the secret that they send as `Authorization: Bearer`; it never stands in an address.
pub(crate) fn actor(engine: &Engine, operation: &Operation, headers: &HeaderMap) -> Result<Known, Problem> {
    if operation.open {
        return Ok(Known { actor: nobody(), secret: None });
    }
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let secret = sent.and_then(|sent| sent.strip_prefix("Bearer ")).ok_or(ProblemCode::NotSignedIn)?;
    Ok(Known { actor: engine.actor(secret)?, secret: Some(secret.to_owned()) })
}

/// Somebody who may do nothing but come in.
const fn nobody() -> Actor {
    Actor {
        who: Who::Unknown,
        tenant: None,
        customer: None,
        role: Role::CustomerViewer,
        impersonates: false,
        scopes: Scopes::ALL,
    }
}

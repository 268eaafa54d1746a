//! The one decision about people, as the gate is the one about data.

use std::fmt;

use super::action::{ActionKind, Level, LevelOf};
use super::actor::{Actor, ActorRef, Who};
use super::role::Role;

/// That somebody may do one thing in one place. Only [`authorize`] makes one.
pub struct Permission<A: ActionKind> {
    actor: Actor,
    place: <A::Level as LevelOf>::Place,
}

impl<A: ActionKind> Permission<A> {
    /// Who may.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Who may, as the audit log names them.
    pub const fn by(&self) -> ActorRef {
        self.actor.reference()
    }

    /// Where: nothing for the host, the tenant's id, or the tenant's and the customer's.
    pub const fn place(&self) -> <A::Level as LevelOf>::Place {
        self.place
    }
}

impl<A: ActionKind> Clone for Permission<A> {
    fn clone(&self) -> Self {
        Self { actor: self.actor.clone(), place: self.place }
    }
}

impl<A: ActionKind> fmt::Debug for Permission<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permission({} by {:?})", A::ACTION.code(), self.actor.who)
    }
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// For them there is nothing: what belongs to others looks like what does not exist.
    #[error("access.not_there")]
    NotThere,
    /// Their role does not permit it.
    #[error("access.role")]
    Role,
    /// Their token is limited to other things.
    #[error("access.token_scope")]
    TokenScope,
    /// It is not done in somebody else's account.
    #[error("access.not_as_other")]
    NotAsOther,
}

impl Denied {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotThere => "access.not_there",
            Self::Role => "access.role",
            Self::TokenScope => "access.token_scope",
            Self::NotAsOther => "access.not_as_other",
        }
    }
}

/// Whether this actor may do `A` in this place. What is not in the table is denied.
pub fn authorize<A: ActionKind>(actor: &Actor, place: <A::Level as LevelOf>::Place) -> Result<Permission<A>, Denied> {
    if !stands_in::<A>(actor, place) {
        return Err(Denied::NotThere);
    }
    if !A::ACTION.roles().contains(&actor.role) {
        return Err(Denied::Role);
    }
    if !actor.scopes.permit(A::ACTION) {
        return Err(Denied::TokenScope);
    }
    if actor.impersonates && !A::ACTION.is_done_as_other() {
        return Err(Denied::NotAsOther);
    }
    Ok(Permission { actor: actor.clone(), place })
}

/// Nobody sees beyond their own tenant, and a customer's user not beyond the customer.
fn stands_in<A: ActionKind>(actor: &Actor, place: <A::Level as LevelOf>::Place) -> bool {
    if actor.role == Role::Owner {
        return actor.who == Who::Owner;
    }
    let (tenant, customer) = <A::Level as LevelOf>::ids(place);
    match <A::Level as LevelOf>::LEVEL {
        // What the operator's own places hold is no secret's existence: the role decides.
        Level::Host => true,
        Level::Tenant | Level::Customer => {
            let in_tenant = actor.tenant.is_some() && actor.tenant == tenant;
            // A tenant's own things seen by its customer's user: the role decides.
            in_tenant && (actor.customer.is_none() || customer.is_none() || actor.customer == customer)
        }
    }
}

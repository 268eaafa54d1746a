//! Who may do what, where: one table, one function, and the permission that it gives as a value.
//!
//! A verb that a person can ask for takes a [`Permission`] of its own action, which only [`authorize`] makes: so nothing is
//! done that was not permitted, and the row of the table that permitted it stands in the verb's signature.

mod action;
mod actor;
mod authorize;
mod role;
mod scopes;

pub use action::{Action, ActionKind, Level, LevelOf, OfCustomer, OfHost, OfTenant, kinds};
pub use actor::{Actor, ActorRef, Who};
pub use authorize::{Denied, Permission, authorize};
pub use role::{Population, Role};
pub use scopes::{MalformedScope, Scopes};

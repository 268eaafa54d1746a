//! What views call the people that they tell of, as far as whoever reads may know them.

use std::collections::HashMap;

use weighbridge_model::access::{Action, Actor, ActorRef, Population, Role, Who};
use weighbridge_model::id::{CustomerId, UserId};
use weighbridge_store::TenantScope;

use super::place::House;
use crate::audit::actor_word;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// Somebody that a view tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Called {
    /// An id, `operator` or `host`.
    pub(crate) word: String,
    /// What people call them; nothing where there is no name, or they are gone.
    pub(crate) name: Option<String>,
    /// Whether it was a person who is not here any more.
    pub(crate) removed: bool,
}

/// Names people for one reader; each is looked up once.
pub(crate) struct Naming<'a> {
    engine: &'a Engine,
    scope: TenantScope,
    reader: Reader,
    known: HashMap<(UserId, Option<CustomerId>), Called>,
}

/// What of a reader decides whose names they see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub(crate) who: Who,
    population: Population,
    sees_staff: bool,
    sees_users: bool,
}

impl Reader {
    /// Whoever lists a place's people, or reads in the audit log what they did, sees their names; others see whose people they
    /// are.
    pub(crate) fn of(actor: &Actor) -> Self {
        let may = |action: Action| action.roles().contains(&actor.role) && actor.scopes.permit(action);
        let reads_audit = may(Action::CustomerAuditRead);
        Self {
            who: actor.who,
            population: actor.role.population(),
            sees_staff: reads_audit || may(Action::StaffRead),
            sees_users: reads_audit || may(Action::UsersRead),
        }
    }

    /// Somebody who is not known, and sees whose people others are at most.
    pub(crate) const fn stranger(role: Role) -> Self {
        Self { who: Who::Unknown, population: role.population(), sees_staff: false, sees_users: false }
    }
}

impl<'a> Naming<'a> {
    pub(crate) fn new(engine: &'a Engine, scope: TenantScope, reader: Reader) -> Self {
        Self { engine, scope, reader, known: HashMap::new() }
    }

    /// Somebody who did something about this customer, or about something of the tenant's own.
    pub(crate) fn call(&mut self, by: ActorRef, customer: Option<CustomerId>) -> Result<Called, EngineError> {
        let Who::User(user) = by.who else {
            return Ok(Called { word: actor_word(by.who), name: None, removed: false });
        };
        if let Some(known) = self.known.get(&(user, customer)) {
            return Ok(known.clone());
        }
        let customers = [by.acting_in, customer].into_iter().flatten();
        let houses = customers.map(|id| House::Customer(self.scope.customer(id)));
        let mut called = Called { word: user.to_string(), name: None, removed: true };
        for house in [House::Tenant(self.scope)].into_iter().chain(houses) {
            if let Some(name) = self.named_in(house, user)? {
                called = Called { name: Some(name), removed: false, ..called };
                break;
            }
        }
        self.known.insert((user, customer), called.clone());
        Ok(called)
    }

    fn named_in(&self, house: House, user: UserId) -> Result<Option<String>, EngineError> {
        let host = &self.engine.host;
        if !host.ring.has(house.owner()) {
            return Ok(None);
        }
        let Some(row) = self.engine.user(house, user)? else { return Ok(None) };
        let is_staff = matches!(house, House::Tenant(_));
        let is_seen = if is_staff { self.reader.sees_staff } else { self.reader.sees_users };
        if !is_seen && self.reader.who != Who::User(user) {
            return Ok(Some(self.engine.house_name(house)?));
        }
        let texts = Texts::new(&host.ring, house.owner(), row.id.as_bytes());
        let name = match &row.name {
            Some(name) => texts.open_text("name", name)?,
            None => texts.open_text("email", &row.email)?,
        };
        // A customer's people read beside a name of the partner's that it is one.
        let is_partners = is_staff && self.reader.population == Population::Customer;
        Ok(Some(if is_partners { format!("{name} ({})", self.engine.house_name(house)?) } else { name }))
    }
}

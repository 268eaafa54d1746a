//! A line of the audit log with the people in it, as far as they are still known.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Role, Who};
use weighbridge_model::audit::AuditRow;
use weighbridge_model::id::{CustomerId, UserId};
use weighbridge_store::TenantScope;
use weighbridge_store::tables::Customers;
use weighbridge_vault::Owner;

use crate::account::At;
use crate::audit::AuditView;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::people::House;
use crate::texts::Texts;

/// A line of the audit log, and who it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ToldLine {
    /// The line.
    #[serde(flatten)]
    pub line: AuditView,
    /// The last time, where it came more than once.
    pub last: Option<At>,
    /// What the actor might do then.
    pub role: Option<Role>,
    /// Who it was, in the word that people know them by: an address, `operator`, `host`, or the id of somebody who is gone.
    pub who: String,
    /// What the customer is called that it is about, while it is still here.
    pub customer_name: Option<String>,
    /// What the actor is called, while they are still here.
    pub actor_name: Option<String>,
    /// Where the actor is reached, while they are still here.
    pub actor_email: Option<String>,
    /// Whether the actor was a person who is not here any more.
    pub actor_removed: bool,
}

type Named = (Option<String>, Option<String>);

/// Reads lines of one chain; people are looked up once.
pub(super) struct Teller<'a> {
    engine: &'a Engine,
    scope: TenantScope,
    owner: Owner,
    people: HashMap<UserId, Named>,
    customers: HashMap<CustomerId, Option<String>>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(engine: &'a Engine, scope: TenantScope, owner: Owner) -> Self {
        Self { engine, scope, owner, people: HashMap::new(), customers: HashMap::new() }
    }

    pub(super) fn tell(&mut self, number: u64, row: AuditRow) -> Result<ToldLine, EngineError> {
        let is_person = matches!(row.by.who, Who::User(_));
        let (actor_name, actor_email) = match row.by.who {
            Who::User(user) => self.person(user, &row)?,
            _ => (None, None),
        };
        let (last, role) = (row.last.map(At), row.by.role);
        let customer_name = row.customer.map(|id| self.customer(id)).transpose()?.flatten();
        let line = self.engine.audit_view(self.scope, self.owner, number, row)?;
        let actor_removed = is_person && actor_email.is_none();
        let who = actor_email.clone().unwrap_or_else(|| line.actor.clone());
        Ok(ToldLine { line, last, role, who, customer_name, actor_name, actor_email, actor_removed })
    }

    fn customer(&mut self, id: CustomerId) -> Result<Option<String>, EngineError> {
        if let Some(known) = self.customers.get(&id) {
            return Ok(known.clone());
        }
        let scope = self.scope.customer(id);
        let row = self.engine.host.store.read(|tx| tx.get::<Customers>(&self.scope, &id))?;
        // A customer whose key is being destroyed has no name any more, and the line is told all the same.
        let name = row.and_then(|row| self.engine.customer_name(scope, &row).ok());
        self.customers.insert(id, name.clone());
        Ok(name)
    }

    /// The actor is one of the chain's own people, or one of the customer's that the line is about.
    fn person(&mut self, user: UserId, row: &AuditRow) -> Result<Named, EngineError> {
        if let Some(known) = self.people.get(&user) {
            return Ok(known.clone());
        }
        let own = if self.owner == Owner::Host { House::Host } else { House::Tenant(self.scope) };
        let customers = [row.customer, row.by.acting_in].into_iter().flatten();
        let houses = [own].into_iter().chain(customers.map(|id| House::Customer(self.scope.customer(id))));
        let mut found = (None, None);
        for house in houses.filter(|house| self.engine.host.ring.has(house.owner())) {
            if let Some(row) = self.engine.user(house, user)? {
                let texts = Texts::new(&self.engine.host.ring, house.owner(), row.id.as_bytes());
                let name = row.name.as_ref().map(|name| texts.open_text("name", name)).transpose()?;
                found = (name, Some(texts.open_text("email", &row.email)?));
                break;
            }
        }
        self.people.insert(user, found.clone());
        Ok(found)
    }
}

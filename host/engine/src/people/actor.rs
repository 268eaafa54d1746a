//! Who asks, from the secret that they send.

use weighbridge_model::access::{Actor, Role, Scopes, Who};
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::people::{Session, Standing, User};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Status;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Customers, Logins, Sessions, Tenants, TokenHashes, Tokens};

use super::place::House;
use super::secret::{self, SecretKind};
use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// Who asks, by the secret of a session or of a personal token. Whatever is wrong with it looks the same.
    pub fn actor(&self, secret: &str) -> Result<Actor, Problem> {
        if let Some(hash) = secret::hash(SecretKind::Session, secret) {
            let found = self.host.store.read(|tx| tx.get::<Sessions>(&HostScope::new(), &hash));
            let session = found.map_err(EngineError::from)?.filter(|one| one.ends_at > self.host.now());
            return self.actor_of_session(&session.ok_or(ProblemCode::NotSignedIn)?);
        }
        let hash = secret::hash(SecretKind::Token, secret).ok_or(ProblemCode::NotSignedIn)?;
        let token = self.host.store.read(|tx| {
            let host = HostScope::new();
            let Some(of) = tx.get::<TokenHashes>(&host, &hash)? else { return Ok(None) };
            tx.get::<Tokens>(&host.tenant(of.tenant), &(of.user, of.token))
        });
        let token = token.map_err(EngineError::from)?.filter(|one| one.ends_at > self.host.now());
        let token = token.ok_or(ProblemCode::NotSignedIn)?;
        let user = self.present(token.of, token.generation)?;
        self.let_in(token.of, false)?;
        Ok(actor(token.of, &user, token.scopes))
    }

    fn actor_of_session(&self, session: &Session) -> Result<Actor, Problem> {
        let user = self.present(session.of, session.generation)?;
        self.let_in(session.of, session.opened.is_some())?;
        self.stays_open(session)?;
        let own = actor(session.of, &user, Scopes::ALL);
        match session.opened {
            None => Ok(own),
            // Whoever may no longer open accounts has no open one either.
            Some(_) if !weighbridge_model::access::Action::CustomerOpen.roles().contains(&user.role) => {
                Err(ProblemCode::NotSignedIn.into())
            }
            Some(customer) => {
                Ok(Actor { customer: Some(customer), role: Role::CustomerAdmin, impersonates: true, ..own })
            }
        }
    }

    /// An account that somebody opened is closed when its customer is being deleted.
    fn stays_open(&self, session: &Session) -> Result<(), Problem> {
        let Some(customer) = session.opened else { return Ok(()) };
        let tenant = House::of(session.of).tenant();
        let row = self.host.store.read(|tx| tx.get::<Customers>(&tenant, &customer)).map_err(EngineError::from)?;
        let is_there = row.is_some_and(|row| !row.status.is_leaving());
        if is_there { Ok(()) } else { Err(ProblemCode::NotSignedIn.into()) }
    }

    /// The person, if they are still here and did not sign out everywhere since.
    fn present(&self, of: Standing, generation: u64) -> Result<User, Problem> {
        let house = House::of(of);
        let user = self.user(house, of.user)?.ok_or(ProblemCode::NotSignedIn)?;
        let place = House::login(of.population, user.login);
        let login = self.host.store.read(|tx| tx.get::<Logins>(&house.tenant(), &place)).map_err(EngineError::from)?;
        let is_current = login.is_some_and(|login| login.generation == generation);
        if is_current { Ok(user) } else { Err(ProblemCode::NotSignedIn.into()) }
    }

    /// Whether the organisation and the customer let their people in. A tenant's people open the account of a customer that
    /// is switched off, and none that is being deleted.
    fn let_in(&self, of: Standing, opens_other: bool) -> Result<(), Problem> {
        let house = House::of(of);
        if house == House::Host {
            return Ok(());
        }
        let found = self.host.store.read(|tx| {
            let tenant = tx.get::<Tenants>(&house.tenant(), &())?;
            let customer = match of.customer {
                Some(customer) => tx.get::<Customers>(&house.tenant(), &customer)?,
                None => None,
            };
            Ok((tenant, customer))
        });
        let (tenant, customer) = found.map_err(EngineError::from)?;
        match tenant.map(|tenant| tenant.status) {
            Some(Status::Active) => {}
            Some(Status::Inactive) => return Err(ProblemCode::TenantInactive.into()),
            None => return Err(ProblemCode::NotSignedIn.into()),
        }
        if of.customer.is_none() || opens_other {
            return Ok(());
        }
        match customer.map(|customer| customer.status_at(self.host.now())) {
            Some(CustomerStatus::Active) => Ok(()),
            Some(CustomerStatus::Inactive) => Err(ProblemCode::CustomerInactive.into()),
            Some(CustomerStatus::Deleting | CustomerStatus::Deleted) | None => Err(ProblemCode::NotSignedIn.into()),
        }
    }
}

fn actor(of: Standing, user: &User, scopes: Scopes) -> Actor {
    let is_operator = House::of(of) == House::Host;
    Actor {
        who: Who::User(of.user),
        tenant: (!is_operator).then_some(of.tenant),
        customer: of.customer,
        role: user.role,
        impersonates: false,
        scopes,
    }
}

//! Where people stand: on the host, in a tenant, in a customer; which tables and whose key that means.

use weighbridge_model::access::Population;
use weighbridge_model::id::{CustomerId, TenantId, UserId};
use weighbridge_model::name::NameHash;
use weighbridge_model::people::{Standing, User};
use weighbridge_model::problem::Problem;
use weighbridge_store::tables::{CustomerUsers, Customers, Staff};
use weighbridge_store::{CustomerScope, HostScope, TenantScope};
use weighbridge_vault::{KeyRing, Owner};

use crate::account::Edit;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::customer_owner;

/// The id under which the people of the host stand.
pub(crate) const ON_HOST: TenantId = TenantId::from_bytes([0; 16]);

/// One of the three places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum House {
    Host,
    Tenant(TenantScope),
    Customer(CustomerScope),
}

impl House {
    pub(crate) const fn population(self) -> Population {
        match self {
            Self::Host => Population::Operator,
            Self::Tenant(_) => Population::Tenant,
            Self::Customer(_) => Population::Customer,
        }
    }

    /// The rows among which logins and tokens stand.
    pub(crate) const fn tenant(self) -> TenantScope {
        match self {
            Self::Host => HostScope::new().tenant(ON_HOST),
            Self::Tenant(scope) => scope,
            Self::Customer(scope) => scope.tenant(),
        }
    }

    pub(crate) const fn customer(self) -> Option<CustomerId> {
        match self {
            Self::Customer(scope) => Some(scope.id()),
            _ => None,
        }
    }

    /// Whose key seals what is known of its people.
    pub(crate) const fn owner(self) -> Owner {
        match self {
            Self::Host => Owner::Host,
            Self::Tenant(scope) => Owner::Tenant(scope.id()),
            Self::Customer(scope) => customer_owner(scope),
        }
    }

    pub(crate) fn standing(self, user: UserId) -> Standing {
        Standing { population: self.population(), tenant: self.tenant().id(), customer: self.customer(), user }
    }

    pub(crate) fn of(standing: Standing) -> Self {
        let tenant = HostScope::new().tenant(standing.tenant);
        match (standing.population, standing.customer) {
            (Population::Operator, _) => Self::Host,
            (Population::Customer, Some(customer)) => Self::Customer(tenant.customer(customer)),
            (Population::Tenant | Population::Customer, _) => Self::Tenant(tenant),
        }
    }

    /// The place of a login: addresses of different populations never meet.
    pub(crate) const fn login(population: Population, hash: NameHash) -> (u8, NameHash) {
        let number = match population {
            Population::Operator => 1,
            Population::Tenant => 2,
            Population::Customer => 3,
        };
        (number, hash)
    }

    /// Whose key finds and seals logins: an address may belong to several customers.
    pub(crate) fn login_owner(population: Population, tenant: TenantId) -> Owner {
        if population == Population::Operator { Owner::Host } else { Owner::Tenant(tenant) }
    }

    /// The keyed hash of an address; addresses are compared in lower case.
    pub(crate) fn login_hash(
        ring: &KeyRing,
        population: Population,
        tenant: TenantId,
        email: &str,
    ) -> Result<NameHash, EngineError> {
        Ok(ring.name_hash(Self::login_owner(population, tenant), "login", &email.trim().to_lowercase())?)
    }

    pub(crate) fn read_user(self, edit: &mut Edit<'_>, id: UserId) -> Result<Option<User>, Problem> {
        match self {
            Self::Customer(scope) => edit.read::<CustomerUsers>(scope, id),
            other => edit.read::<Staff>(other.tenant(), id),
        }
    }

    pub(crate) fn put_user(self, edit: &mut Edit<'_>, row: User) {
        match self {
            Self::Customer(scope) => edit.put::<CustomerUsers>(scope, row.id, row),
            other => edit.put::<Staff>(other.tenant(), row.id, row),
        }
    }

    pub(crate) fn remove_user(self, edit: &mut Edit<'_>, id: UserId) {
        match self {
            Self::Customer(scope) => edit.remove::<CustomerUsers>(scope, id),
            other => edit.remove::<Staff>(other.tenant(), id),
        }
    }
}

impl Engine {
    pub(crate) fn user(&self, house: House, id: UserId) -> Result<Option<User>, EngineError> {
        Ok(match house {
            House::Customer(scope) => self.host.store.read(|tx| tx.get::<CustomerUsers>(&scope, &id))?,
            other => self.host.store.read(|tx| tx.get::<Staff>(&other.tenant(), &id))?,
        })
    }

    /// What people call the place.
    pub(crate) fn house_name(&self, house: House) -> Result<String, EngineError> {
        match house {
            House::Host => Ok("Weighbridge".to_owned()),
            House::Tenant(scope) => self.tenant_name(scope),
            House::Customer(scope) => {
                let row = self.host.store.read(|tx| tx.need::<Customers>(&scope.tenant(), &scope.id()))?;
                self.customer_name(scope, &row)
            }
        }
    }

    pub(crate) fn users_in(&self, house: House) -> Result<Vec<User>, EngineError> {
        const USERS_MAX: usize = 10_000;
        let rows = match house {
            House::Customer(scope) => self.host.store.read(|tx| tx.scan::<CustomerUsers>(&scope, None, USERS_MAX))?,
            other => self.host.store.read(|tx| tx.scan::<Staff>(&other.tenant(), None, USERS_MAX))?,
        };
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }
}

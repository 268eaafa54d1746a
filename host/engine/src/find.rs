//! From the names that people use to ids and scopes.

use weighbridge_model::id::{ConnectionId, CustomerId, ExternalServiceId, TenantId, TransferId};
use weighbridge_store::tables::{CustomerIndex, Kind, Logins, Named, Services, TenantIndex, TenantNames, Tenants};
use weighbridge_store::{CustomerScope, HostScope, TenantScope};
use weighbridge_vault::Owner;

use crate::engine::Engine;
use crate::error::{EngineError, NotFound};
use crate::people::House;
use crate::texts::customer_owner;

impl Engine {
    /// The id that a text stands for: an id as it is, or the name of something of this kind (`CustomerId`), in the tenant and
    /// the customer that are known already.
    pub fn id_of(
        &self,
        kind: &str,
        tenant: Option<TenantId>,
        customer: Option<CustomerId>,
        text: &str,
    ) -> Result<String, EngineError> {
        if let ("ServiceId", Some(tenant), Some(customer)) = (kind, tenant, customer) {
            return self.service_of_word(HostScope::new().tenant(tenant).customer(customer), text);
        }
        if kind == "UserId" && text.contains('@') {
            return self.user_of_address(tenant, customer, text);
        }
        let what = kind_of(kind);
        if what.is_none() && kind != "TenantId" || text.parse::<CustomerId>().is_ok() {
            return Ok(text.to_owned());
        }
        let missing = || NotFound { what: what.map_or("tenant", Kind::word), name: text.to_owned() };
        let (Some(kind), Some(tenant)) = (what, tenant) else {
            return Ok(self.find_tenant(Some(text))?.id().to_string());
        };
        let (scope, word, ring) = (HostScope::new().tenant(tenant), kind.word(), &self.host.ring);
        let found = match customer.filter(|_| !matches!(kind, Kind::Customer | Kind::Integration | Kind::Workflow)) {
            Some(customer) => {
                let scope = scope.customer(customer);
                let hash = ring.name_hash(customer_owner(scope), word, text)?;
                let own = self.host.store.read(|tx| tx.get::<CustomerIndex>(&scope, &(kind.number(), hash)))?;
                // A customer's endpoints may stand at the tenant's own connection.
                match (own, kind) {
                    (None, Kind::Connection) => self.tenant_thing(scope.tenant(), kind, text)?,
                    (own, _) => own,
                }
            }
            None => self.tenant_thing(scope, kind, text)?,
        };
        Ok(CustomerId::from_bytes(found.ok_or_else(missing)?.id).to_string())
    }

    fn tenant_thing(&self, scope: TenantScope, kind: Kind, name: &str) -> Result<Option<Named>, EngineError> {
        let hash = self.host.ring.name_hash(Owner::Tenant(scope.id()), kind.word(), name)?;
        Ok(self.host.store.read(|tx| tx.get::<TenantIndex>(&scope, &(kind.number(), hash)))?)
    }

    /// Somebody by their address, among a customer's people, the tenant's, or the operators.
    fn user_of_address(
        &self,
        tenant: Option<TenantId>,
        customer: Option<CustomerId>,
        email: &str,
    ) -> Result<String, EngineError> {
        let house = match (tenant.map(|tenant| HostScope::new().tenant(tenant)), customer) {
            (None, _) => House::Host,
            (Some(scope), None) => House::Tenant(scope),
            (Some(scope), Some(customer)) => House::Customer(scope.customer(customer)),
        };
        let scope = house.tenant();
        let hash = House::login_hash(&self.host.ring, house.population(), scope.id(), email)?;
        let place = House::login(house.population(), hash);
        let login = self.host.store.read(|tx| tx.get::<Logins>(&scope, &place))?.unwrap_or_default();
        let found = login.opens.iter().find(|one| one.customer == house.customer());
        let missing = || NotFound { what: "user", name: email.to_owned() };
        Ok(found.ok_or_else(missing)?.user.to_string())
    }

    /// An external service by its id, its Connection ID or its name.
    fn service_of_word(&self, scope: CustomerScope, text: &str) -> Result<String, EngineError> {
        if text.parse::<ExternalServiceId>().is_ok() {
            return Ok(text.to_owned());
        }
        for (id, row) in self.host.store.read(|tx| tx.scan::<Services>(&scope, None, usize::MAX))? {
            if row.access_id.to_string() == text || self.host.name_in(scope, id.as_bytes(), &row.name)? == text {
                return Ok(id.to_string());
            }
        }
        Err(NotFound { what: "external service", name: text.to_owned() }.into())
    }

    /// A tenant by name; without one, the only tenant there is.
    pub fn find_tenant(&self, name: Option<&str>) -> Result<TenantScope, EngineError> {
        let host = HostScope::new();
        let Some(name) = name else {
            let tenants = self.host.store.read(|tx| tx.keys::<Tenants>(host, None, 2))?;
            return match tenants.as_slice() {
                [(scope, ())] => Ok(*scope),
                [] => Err(NotFound { what: "tenant", name: "(any)".into() }.into()),
                _ => Err(NotFound { what: "tenant", name: "(name one: there are several)".into() }.into()),
            };
        };
        let hash = self.host.ring.name_hash(Owner::Host, "tenant", name)?;
        let found = self.host.store.read(|tx| tx.get::<TenantNames>(&host, &hash))?;
        let found = found.ok_or_else(|| NotFound { what: "tenant", name: name.to_owned() })?;
        Ok(host.tenant(found.id))
    }

    /// Whether there is any tenant.
    pub(crate) fn has_tenants(&self) -> Result<bool, EngineError> {
        Ok(!self.host.store.read(|tx| tx.keys::<Tenants>(HostScope::new(), None, 1))?.is_empty())
    }

    /// A customer of a tenant by name.
    pub fn find_customer(&self, tenant: TenantScope, name: &str) -> Result<CustomerScope, EngineError> {
        let kind = Kind::Customer;
        let hash = self.host.ring.name_hash(Owner::Tenant(tenant.id()), kind.word(), name)?;
        let found = self.host.store.read(|tx| tx.get::<TenantIndex>(&tenant, &(kind.number(), hash)))?;
        let found = found.ok_or_else(|| NotFound { what: kind.word(), name: name.to_owned() })?;
        Ok(tenant.customer(CustomerId::from_bytes(found.id)))
    }

    /// A connection: the tenant's own by `CONNECTION`, a customer's by `CUSTOMER/CONNECTION` or
    /// `TENANT/CUSTOMER/CONNECTION`, where `-` in the customer's place means the tenant itself.
    pub fn find_connection(&self, path: &str) -> Result<(TenantScope, ConnectionId), EngineError> {
        let missing = || NotFound { what: "connection", name: path.to_owned() };
        let (tenant, customer, name) = match path.split('/').collect::<Vec<_>>().as_slice() {
            [name] => (None, "-", *name),
            [customer, name] => (None, *customer, *name),
            [tenant, customer, name] => (Some(*tenant), *customer, *name),
            _ => return Err(missing().into()),
        };
        let (tenant, kind) = (self.find_tenant(tenant)?, Kind::Connection);
        let found = if customer == "-" {
            let hash = self.host.ring.name_hash(Owner::Tenant(tenant.id()), kind.word(), name)?;
            self.host.store.read(|tx| tx.get::<TenantIndex>(&tenant, &(kind.number(), hash)))?
        } else {
            let scope = self.find_customer(tenant, customer)?;
            let hash = self.host.ring.name_hash(customer_owner(scope), kind.word(), name)?;
            self.host.store.read(|tx| tx.get::<CustomerIndex>(&scope, &(kind.number(), hash)))?
        };
        Ok((tenant, ConnectionId::from_bytes(found.ok_or_else(missing)?.id)))
    }

    /// A transfer by `CUSTOMER/TRANSFER` or `TENANT/CUSTOMER/TRANSFER`.
    pub fn find_transfer(&self, path: &str) -> Result<(CustomerScope, TransferId), EngineError> {
        let missing = || NotFound { what: "transfer", name: path.to_owned() };
        let (tenant, customer, transfer) = match path.split('/').collect::<Vec<_>>().as_slice() {
            [customer, transfer] => (None, *customer, *transfer),
            [tenant, customer, transfer] => (Some(*tenant), *customer, *transfer),
            _ => return Err(missing().into()),
        };
        let scope = self.find_customer(self.find_tenant(tenant)?, customer)?;
        let kind = Kind::Transfer;
        let hash = self.host.ring.name_hash(customer_owner(scope), kind.word(), transfer)?;
        let found = self.host.store.read(|tx| tx.get::<CustomerIndex>(&scope, &(kind.number(), hash)))?;
        Ok((scope, TransferId::from_bytes(found.ok_or_else(missing)?.id)))
    }
}

/// The kind of thing that an id names, where it has a name.
fn kind_of(id: &str) -> Option<Kind> {
    match id {
        "IntegrationId" => Some(Kind::Integration),
        "CustomerId" => Some(Kind::Customer),
        "ConnectionId" => Some(Kind::Connection),
        "EndpointId" => Some(Kind::Endpoint),
        "MappingId" => Some(Kind::Mapping),
        "TransferId" => Some(Kind::Transfer),
        "WorkflowId" => Some(Kind::Workflow),
        _ => None,
    }
}

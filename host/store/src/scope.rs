//! Whose rows a caller may see: every table asks for one of these, and there is no way to a record without it.

use weighbridge_model::access::{ActionKind, Level, OfCustomer, OfTenant, Permission};
use weighbridge_model::id::{CustomerId, TenantId};

use crate::key::KeyPart;

/// What a table's keys begin with.
pub trait Scope: Copy {
    /// How wide it is.
    const LEVEL: Level;
    /// Appends the bytes that all keys of this scope begin with.
    fn write(&self, key: &mut Vec<u8>);
    /// Reads them back from the front of a key.
    fn read(key: &mut &[u8]) -> Option<Self>;
}

/// The host's own rows and, of everyone else's, ids only. Named in intake, scheduler, recovery, trust and the operator's
/// verbs; a test lists where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostScope(());

impl HostScope {
    /// The host's own scope, for one of the callers named above.
    #[expect(clippy::new_without_default, reason = "a scope is asked for by name, never by default")]
    pub const fn new() -> Self {
        Self(())
    }

    /// A tenant's rows.
    pub const fn tenant(self, tenant: TenantId) -> TenantScope {
        TenantScope { tenant }
    }
}

/// One tenant's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantScope {
    tenant: TenantId,
}

impl TenantScope {
    /// The rows of the tenant that a permission is for.
    pub fn of<A: ActionKind<Level = OfTenant>>(permission: &Permission<A>) -> Self {
        Self { tenant: permission.place() }
    }

    /// Whose rows.
    pub const fn id(self) -> TenantId {
        self.tenant
    }

    /// One of its customers' rows.
    pub const fn customer(self, customer: CustomerId) -> CustomerScope {
        CustomerScope { tenant: self.tenant, customer }
    }
}

/// One customer's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomerScope {
    tenant: TenantId,
    customer: CustomerId,
}

impl CustomerScope {
    /// The rows of the customer that a permission is for.
    pub fn of<A: ActionKind<Level = OfCustomer>>(permission: &Permission<A>) -> Self {
        let (tenant, customer) = permission.place();
        Self { tenant, customer }
    }

    /// Whose rows.
    pub const fn id(self) -> CustomerId {
        self.customer
    }

    /// Whose customer it is.
    pub const fn tenant_id(self) -> TenantId {
        self.tenant
    }

    /// The rows of its tenant, among which the customer's own row and its connections stand.
    pub const fn tenant(self) -> TenantScope {
        TenantScope { tenant: self.tenant }
    }
}

impl Scope for HostScope {
    const LEVEL: Level = Level::Host;

    fn write(&self, _key: &mut Vec<u8>) {}

    fn read(_key: &mut &[u8]) -> Option<Self> {
        Some(Self(()))
    }
}

impl Scope for TenantScope {
    const LEVEL: Level = Level::Tenant;

    fn write(&self, key: &mut Vec<u8>) {
        self.tenant.write(key);
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        Some(Self { tenant: TenantId::read(key)? })
    }
}

impl Scope for CustomerScope {
    const LEVEL: Level = Level::Customer;

    fn write(&self, key: &mut Vec<u8>) {
        self.tenant.write(key);
        self.customer.write(key);
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        Some(Self { tenant: TenantId::read(key)?, customer: CustomerId::read(key)? })
    }
}

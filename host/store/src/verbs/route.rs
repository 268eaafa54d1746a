//! Everything that bears on one transfer, read in one transaction.

use weighbridge_model::connection::{CapabilityKey, Connection, ConnectionState, Owner};
use weighbridge_model::customer::Customer;
use weighbridge_model::endpoint::{Direction, Endpoint};
use weighbridge_model::gate::{Ask, ConnectionFacts, ConnectorFact, EndpointFacts, Facts, SideFacts, TransferFacts};
use weighbridge_model::id::{CustomerId, EndpointId, TransferId};
use weighbridge_model::integration::Integration;
use weighbridge_model::meter::{Account, Accounts, Quota, Reservation};
use weighbridge_model::package::{PackageRow, Release, TrustStore};
use weighbridge_model::schedule::Schedule;
use weighbridge_model::tenant::{Switch, Tenant};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::{Progress, Transfer};

use crate::error::TxError;
use crate::scope::{CustomerScope, HostScope};
use crate::tables::{
    Balances, Connections, Customers, Endpoints, Hosts, Integrations, MappingRow, Mappings, Packages, Progresses,
    Schedules, Tenants, Transfers, Trust,
};
use crate::tx::Tx;

/// The id under which a tenant's own balance stands among those of its customers.
pub(super) const WHOLE_TENANT: CustomerId = CustomerId::from_bytes([0; 16]);

/// A transfer with everything it hangs on.
#[derive(Clone, Debug)]
pub struct Route {
    /// Whose rows.
    pub scope: CustomerScope,
    /// Whether the operator froze everything.
    pub frozen: bool,
    /// The tenant.
    pub tenant: Tenant,
    /// The customer.
    pub customer: Customer,
    /// The transfer.
    pub transfer: Transfer,
    /// How far it has come.
    pub progress: Progress,
    /// When it runs by itself.
    pub schedule: Option<Schedule>,
    /// How its records are shaped.
    pub mapping: Option<MappingRow>,
    /// Source and destination.
    pub sides: [RouteSide; 2],
    /// What it counts against.
    pub accounts: Accounts,
}

/// One side of a transfer.
#[derive(Clone, Debug)]
pub struct RouteSide {
    /// Which.
    pub direction: Direction,
    /// The named place.
    pub endpoint: Endpoint,
    /// The account there.
    pub connection: Option<Connection>,
    /// The offer it was made from.
    pub integration: Option<Integration>,
    /// The connector it uses.
    pub package: Option<PackageRow>,
    /// Whether that may be used.
    pub standing: ConnectorFact,
}

/// Reads everything that bears on a transfer.
pub fn gather(tx: &Tx<'_>, scope: CustomerScope, transfer: TransferId, now: Timestamp) -> Result<Route, TxError> {
    let host = HostScope::new();
    let tenant = tx.need::<Tenants>(&scope.tenant(), &())?;
    let customer = tx.need::<Customers>(&scope.tenant(), &scope.id())?;
    let transfer = tx.need::<Transfers>(&scope, &transfer)?;
    let trust = tx.get::<Trust>(&host, &())?.unwrap_or_default();
    let mapping = match transfer.mapping {
        Some(version) => Some(tx.need::<Mappings>(&scope, &(version.id, version.version))?),
        None => None,
    };
    Ok(Route {
        scope,
        frozen: tx.get::<Hosts>(&host, &())?.is_some_and(|row| row.frozen),
        progress: tx.get::<Progresses>(&scope, &transfer.id)?.unwrap_or_default(),
        schedule: tx.get::<Schedules>(&scope, &transfer.id)?.map(|row| row.schedule),
        mapping,
        sides: [
            gather_side(tx, scope, &trust, transfer.source)?,
            gather_side(tx, scope, &trust, transfer.destination)?,
        ],
        accounts: accounts(tx, scope, (&tenant, &customer), now)?,
        tenant,
        customer,
        transfer,
    })
}

fn gather_side(tx: &Tx<'_>, scope: CustomerScope, trust: &TrustStore, id: EndpointId) -> Result<RouteSide, TxError> {
    let tenant = scope.tenant();
    let endpoint = tx.need::<Endpoints>(&scope, &id)?;
    let connection = match &endpoint.place {
        Some(place) => tx.get::<Connections>(&tenant, &place.connection)?,
        None => None,
    };
    // Another customer's connection is as good as none.
    let connection = connection.filter(|found| match found.owner {
        Owner::Tenant => true,
        Owner::Customer(owner) => owner == scope.id(),
    });
    let integration = match &connection {
        Some(connection) => tx.get::<Integrations>(&tenant, &connection.integration)?,
        None => None,
    };
    let package = match &integration {
        Some(integration) => tx.get::<Packages>(&HostScope::new(), &integration.connector)?,
        None => None,
    };
    let name = integration.as_ref().map_or("", |integration| integration.connector.as_str());
    let standing = trust.standing(name, package.as_ref());
    Ok(RouteSide { direction: endpoint.direction, endpoint, connection, integration, package, standing })
}

fn accounts(
    tx: &Tx<'_>,
    scope: CustomerScope,
    (tenant, customer): (&Tenant, &Customer),
    now: Timestamp,
) -> Result<Accounts, TxError> {
    let periods = [tenant.quota, customer.quota].map(|quota| quota.period_start(&tenant.zone, now));
    accounts_at(tx, scope, [tenant.quota, customer.quota], periods)
}

/// The accounts of the periods that a reservation counts in.
pub(super) fn accounts_of(tx: &Tx<'_>, route: &Route, reservation: &Reservation) -> Result<Accounts, TxError> {
    accounts_at(tx, route.scope, [route.tenant.quota, route.customer.quota], reservation.periods())
}

fn accounts_at(
    tx: &Tx<'_>,
    scope: CustomerScope,
    quotas: [Quota; 2],
    periods: [Timestamp; 2],
) -> Result<Accounts, TxError> {
    let account = |owner, index: usize| -> Result<Account, TxError> {
        let balance = tx.get::<Balances>(&scope.tenant(), &(owner, periods[index]))?.unwrap_or_default();
        Ok(Account { quota: quotas[index], period: periods[index], balance })
    };
    Ok(Accounts { tenant: account(WHOLE_TENANT, 0)?, customer: account(scope.id(), 1)? })
}

/// Writes both balances.
pub(super) fn put_accounts(tx: &mut Tx<'_>, scope: CustomerScope, accounts: &Accounts) -> Result<(), TxError> {
    let Accounts { tenant, customer } = accounts;
    tx.put::<Balances>(&scope.tenant(), &(WHOLE_TENANT, tenant.period), &tenant.balance)?;
    tx.put::<Balances>(&scope.tenant(), &(scope.id(), customer.period), &customer.balance)
}

impl Route {
    /// What the gate looks at; a batch that has its hold already is looked at without it.
    pub fn facts(&self, new_run: bool, own: Option<&Reservation>) -> Facts {
        Facts {
            host_frozen: self.frozen,
            tenant: self.tenant.status,
            customer: self.customer.status,
            customer_active_from: self.customer.active_from(),
            customer_window: self.customer.window,
            sides: [self.sides[0].facts(), self.sides[1].facts()],
            transfer: TransferFacts {
                switch: self.transfer.switch,
                suspended: self.transfer.suspended,
                schedule: self.schedule.clone(),
            },
            accounts: own.map_or(self.accounts, |reservation| self.accounts.without(reservation)),
            ask: Ask { limit: self.transfer.limit, new_run },
        }
    }
}

impl RouteSide {
    /// The version of its connector that is in use.
    pub fn release(&self) -> Option<&Release> {
        self.package.as_ref().and_then(|package| package.used.as_ref())
    }

    fn facts(&self) -> SideFacts {
        let absent =
            ConnectionFacts { switch: Switch::On, state: ConnectionState::NeedsConfiguration, window: Window::ALWAYS };
        let connection = self.connection.as_ref();
        SideFacts {
            direction: self.direction,
            // Without a connection nobody knows the connector, and the connection's level says what is missing.
            connector: self.integration.as_ref().map_or(ConnectorFact::Usable, |_| self.standing),
            integration: self.integration.as_ref().map_or(Switch::On, |integration| integration.switch),
            connection: connection.map_or(absent, |connection| ConnectionFacts {
                switch: connection.switch,
                state: connection.state,
                window: connection.window,
            }),
            capability: connection.map_or(Switch::On, |connection| self.capability(connection)),
            endpoint: EndpointFacts {
                switch: self.endpoint.switch,
                configured: self.endpoint.place.is_some(),
                window: self.endpoint.window,
            },
        }
    }

    fn capability(&self, connection: &Connection) -> Switch {
        let off = self.endpoint.place.as_ref().is_some_and(|place| {
            let key = CapabilityKey { stream: place.stream.clone(), direction: self.direction };
            connection.capabilities_off.contains(&key)
        });
        if off { Switch::Off } else { Switch::On }
    }
}

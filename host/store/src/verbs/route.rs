//! Everything that bears on one transfer, read in one transaction.

use weighbridge_model::connection::{CapabilityKey, Connection, ConnectionState, Owner};
use weighbridge_model::customer::Customer;
use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::{Direction, Endpoint};
use weighbridge_model::errand::{Errand, ErrandKind};
use weighbridge_model::gate::{
    Ask, ConnectionFacts, ConnectorFact, DestinationFacts, EndpointFacts, Facts, SideFacts, TransferFacts,
};
use weighbridge_model::id::{CustomerId, EndpointId, ExternalServiceId, TransferId};
use weighbridge_model::integration::Integration;
use weighbridge_model::meter::{Account, Accounts, Quota, Reservation, ServiceAccount};
use weighbridge_model::package::{PackageRow, Release, TrustStore};
use weighbridge_model::schedule::Schedule;
use weighbridge_model::service::{ExternalService, Pull};
use weighbridge_model::tenant::{Switch, Tenant};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::{
    BatchLimit, MappingVersion, Progress, Rejections, Removals, SyncMode, Transfer, WriteMode,
};

use crate::error::TxError;
use crate::scope::{CustomerScope, HostScope};
use crate::table::Table as _;
use crate::tables::{
    Balances, Connections, Customers, Endpoints, Errands, Hosts, Integrations, MappingRow, Mappings, Packages,
    Progresses, Pulls, Schedules, ServiceBalances, Services, Tenants, Transfers, Trust,
};
use crate::tx::Tx;

/// The id under which a tenant's own balance stands among those of its customers.
pub(super) const WHOLE_TENANT: CustomerId = CustomerId::from_bytes([0; 16]);

/// A transfer, or a pull, with everything it hangs on.
#[derive(Clone, Debug)]
pub struct Route {
    /// Whose rows.
    pub scope: CustomerScope,
    /// Whether the operator froze everything.
    pub frozen: bool,
    /// Whether too little space is left on the disk.
    pub full: bool,
    /// The tenant.
    pub tenant: Tenant,
    /// The customer.
    pub customer: Customer,
    /// What moves, and how.
    pub transfer: Movement,
    /// How far it has come.
    pub progress: Progress,
    /// When it runs by itself.
    pub schedule: Option<Schedule>,
    /// How its records are shaped.
    pub mapping: Option<MappingRow>,
    /// Where it comes from.
    pub source: RouteSide,
    /// Where it goes.
    pub destination: RouteDestination,
    /// What it counts against.
    pub accounts: Accounts,
}

/// What a transfer and a pull have in common.
#[derive(Clone, Debug)]
pub struct Movement {
    /// Its id.
    pub id: TransferId,
    /// How records are shaped on the way; none hands them over as they are.
    pub mapping: Option<MappingVersion>,
    /// How it reads.
    pub sync: SyncMode,
    /// How it writes.
    pub write: WriteMode,
    /// The most that one batch may hold.
    pub limit: BatchLimit,
    /// How many rejected records a run of it may have.
    pub rejections: Rejections,
    /// What happens to records that are gone from the source.
    pub removals: Removals,
    /// Whether it may run.
    pub switch: Switch,
    /// Whether the system stopped it by itself.
    pub suspended: bool,
    /// What it does beside a transfer's own walk, where it does.
    pub errand: Option<ErrandKind>,
    /// Transfers that begin with its runs.
    pub along: Vec<TransferId>,
}

/// Where data goes.
#[derive(Clone, Debug)]
pub enum RouteDestination {
    /// To an endpoint.
    Endpoint(Box<RouteSide>),
    /// To our own store, from which an external service is answered.
    Pull(Box<RoutePull>),
}

/// A reading by an external service.
#[derive(Clone, Debug)]
pub struct RoutePull {
    /// What it reads.
    pub pull: Pull,
    /// Who reads; none where there is no such service any longer.
    pub service: Option<ExternalService>,
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

/// Reads everything that bears on a transfer or a pull.
pub fn gather(tx: &Tx<'_>, scope: CustomerScope, id: TransferId, now: Timestamp) -> Result<Route, TxError> {
    if let Some(transfer) = tx.get::<Transfers>(&scope, &id)? {
        return gather_transfer(tx, scope, transfer, None, now);
    }
    if let Some(errand) = tx.get::<Errands>(&scope, &id)? {
        let transfer = tx.need::<Transfers>(&scope, &errand.transfer)?;
        return gather_transfer(tx, scope, transfer, Some(&errand), now);
    }
    let pull = tx.get::<Pulls>(&scope, &id)?.ok_or(TxError::NotFound(Transfers::NAME))?;
    gather_pull(tx, scope, pull, now)
}

fn gather_transfer(
    tx: &Tx<'_>,
    scope: CustomerScope,
    transfer: Transfer,
    errand: Option<&Errand>,
    now: Timestamp,
) -> Result<Route, TxError> {
    let trust = tx.get::<Trust>(&HostScope::new(), &())?.unwrap_or_default();
    let source = gather_side(tx, scope, &trust, transfer.source)?;
    let destination = RouteDestination::Endpoint(Box::new(gather_side(tx, scope, &trust, transfer.destination)?));
    let mut movement = Movement::from(transfer);
    if let Some(errand) = errand {
        (movement.id, movement.errand) = (errand.id, Some(errand.what));
        movement.along.clear();
        // A range is walked once, from its beginning to its end.
        match errand.what {
            ErrandKind::Trial => {}
            ErrandKind::Backfill { .. } | ErrandKind::Webhook => movement.sync = SyncMode::Incremental,
            ErrandKind::Replay => (movement.sync, movement.limit.records) = (SyncMode::Incremental, 1),
        }
    }
    let is_webhook = movement.errand == Some(ErrandKind::Webhook);
    let mut route = gather_route(tx, scope, movement, (source, destination), now)?;
    if let Some(errand) = errand.filter(|_| is_webhook) {
        // What a platform tells moves in the hours of its transfer.
        route.schedule = tx.get::<Schedules>(&scope, &errand.transfer)?.map(|row| row.schedule);
    }
    Ok(route)
}

/// The transfer whose rejected records a batch's are: its own, or the one it is an errand of.
pub(super) fn transfer_of(tx: &Tx<'_>, scope: CustomerScope, id: TransferId) -> Result<TransferId, TxError> {
    Ok(tx.get::<Errands>(&scope, &id)?.map_or(id, |errand| errand.transfer))
}

/// The same for a pull that may have no row yet.
pub fn gather_pull(tx: &Tx<'_>, scope: CustomerScope, pull: Pull, now: Timestamp) -> Result<Route, TxError> {
    let trust = tx.get::<Trust>(&HostScope::new(), &())?.unwrap_or_default();
    let source = gather_side(tx, scope, &trust, pull.endpoint)?;
    let service = tx.get::<Services>(&scope, &pull.service)?;
    let transfer = Movement::from(&pull);
    let destination = RouteDestination::Pull(Box::new(RoutePull { pull, service }));
    gather_route(tx, scope, transfer, (source, destination), now)
}

fn gather_route(
    tx: &Tx<'_>,
    scope: CustomerScope,
    transfer: Movement,
    (source, destination): (RouteSide, RouteDestination),
    now: Timestamp,
) -> Result<Route, TxError> {
    let host = tx.get::<Hosts>(&HostScope::new(), &())?;
    let host = host.as_ref();
    let tenant = tx.need::<Tenants>(&scope.tenant(), &())?;
    let customer = tx.need::<Customers>(&scope.tenant(), &scope.id())?;
    let mapping = match transfer.mapping {
        Some(version) => Some(tx.need::<Mappings>(&scope, &(version.id, version.version))?),
        None => None,
    };
    Ok(Route {
        scope,
        frozen: host.is_some_and(|row| row.frozen),
        full: host.is_some_and(|row| row.full),
        progress: tx.get::<Progresses>(&scope, &transfer.id)?.unwrap_or_default(),
        schedule: tx.get::<Schedules>(&scope, &transfer.id)?.map(|row| row.schedule),
        mapping,
        accounts: accounts(tx, scope, (&tenant, &customer), &destination, now)?,
        source,
        destination,
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
    destination: &RouteDestination,
    now: Timestamp,
) -> Result<Accounts, TxError> {
    let start = |quota: Quota| quota.period_start(&tenant.zone, now);
    let quotas = [tenant.quota, customer.quota];
    let service = destination.service().map(|service| (service.id, start(service.quota), service.quota));
    accounts_at(tx, scope, quotas, quotas.map(start), service)
}

/// The accounts of the periods that a reservation counts in.
pub(super) fn accounts_of(tx: &Tx<'_>, route: &Route, reservation: &Reservation) -> Result<Accounts, TxError> {
    // What a service used is counted also where it was deleted meanwhile.
    let quota = route.destination.service().map(|service| service.quota).unwrap_or_default();
    let service = reservation.service().map(|own| (own.service, own.period, quota));
    accounts_at(tx, route.scope, [route.tenant.quota, route.customer.quota], reservation.periods(), service)
}

fn accounts_at(
    tx: &Tx<'_>,
    scope: CustomerScope,
    quotas: [Quota; 2],
    periods: [Timestamp; 2],
    service: Option<(ExternalServiceId, Timestamp, Quota)>,
) -> Result<Accounts, TxError> {
    let account = |owner, index: usize| -> Result<Account, TxError> {
        let balance = tx.get::<Balances>(&scope.tenant(), &(owner, periods[index]))?.unwrap_or_default();
        Ok(Account { quota: quotas[index], period: periods[index], balance })
    };
    let service = match service {
        Some((id, period, quota)) => {
            let balance = tx.get::<ServiceBalances>(&scope, &(id, period))?.unwrap_or_default();
            Some(ServiceAccount { id, account: Account { quota, period, balance } })
        }
        None => None,
    };
    Ok(Accounts { tenant: account(WHOLE_TENANT, 0)?, customer: account(scope.id(), 1)?, service })
}

/// Writes the balances.
pub(super) fn put_accounts(tx: &mut Tx<'_>, scope: CustomerScope, accounts: &Accounts) -> Result<(), TxError> {
    let Accounts { tenant, customer, service } = accounts;
    if let Some(ServiceAccount { id, account }) = service {
        tx.put::<ServiceBalances>(&scope, &(*id, account.period), &account.balance)?;
    }
    tx.put::<Balances>(&scope.tenant(), &(WHOLE_TENANT, tenant.period), &tenant.balance)?;
    tx.put::<Balances>(&scope.tenant(), &(scope.id(), customer.period), &customer.balance)
}

impl From<Transfer> for Movement {
    fn from(transfer: Transfer) -> Self {
        let Transfer { id, mapping, sync, write, limit, rejections, removals, switch, suspended, along, .. } = transfer;
        Self { id, mapping, sync, write, limit, rejections, removals, switch, suspended, errand: None, along }
    }
}

/// A pull is switched with its service, and reads what changed. Of each record a page has the last state, as in an `upsert`;
/// what the stream cannot do is asked when it is opened.
impl From<&Pull> for Movement {
    fn from(pull: &Pull) -> Self {
        Self {
            id: pull.id,
            mapping: None,
            sync: SyncMode::Incremental,
            write: WriteMode::Upsert,
            limit: pull.limit,
            rejections: Rejections::default(),
            removals: Removals::default(),
            switch: Switch::On,
            suspended: false,
            errand: None,
            along: Vec::new(),
        }
    }
}

impl RouteDestination {
    /// The endpoint's side; a pull has none.
    pub fn endpoint(&self) -> Option<&RouteSide> {
        match self {
            Self::Endpoint(side) => Some(side),
            Self::Pull(_) => None,
        }
    }

    /// The reading by an external service; a transfer is none.
    pub fn pull(&self) -> Option<&RoutePull> {
        match self {
            Self::Endpoint(_) => None,
            Self::Pull(pull) => Some(pull),
        }
    }

    fn service(&self) -> Option<&ExternalService> {
        self.pull().and_then(|pull| pull.service.as_ref())
    }

    fn facts(&self) -> DestinationFacts {
        match self {
            Self::Endpoint(side) => DestinationFacts::Endpoint(side.facts()),
            Self::Pull(pull) => {
                DestinationFacts::Pull(pull.service.as_ref().map(|service| service.facts(pull.pull.endpoint)))
            }
        }
    }
}

impl Movement {
    /// Whether its next batch may be read while the last one is written. What is not read at a source is there already.
    pub const fn reads_ahead(&self) -> bool {
        matches!(self.errand, None | Some(ErrandKind::Backfill { .. }))
    }
}

impl Route {
    /// Reads all of it again but how far the transfer has come, after a change to what it hangs on.
    pub(super) fn gather_again(&mut self, tx: &Tx<'_>, now: Timestamp) -> Result<(), TxError> {
        let progress = std::mem::take(&mut self.progress);
        *self = Self { progress, ..gather(tx, self.scope, self.transfer.id, now)? };
        Ok(())
    }

    /// The endpoints' sides, the source first.
    pub fn sides(&self) -> impl Iterator<Item = &RouteSide> {
        [&self.source].into_iter().chain(self.destination.endpoint())
    }

    /// The digests of the packages at work, as batches name them.
    pub fn connectors(&self) -> Vec<Digest> {
        self.sides().map(|side| side.release().map_or(Digest::of(b""), |release| release.digest)).collect()
    }

    /// What the gate looks at; a batch that has its hold already is looked at without it.
    pub fn facts(&self, new_run: bool, own: Option<&Reservation>) -> Facts {
        Facts {
            host_frozen: self.frozen,
            host_full: self.full,
            tenant: self.tenant.status,
            customer: self.customer.status,
            customer_active_from: self.customer.active_from(),
            customer_window: self.customer.window,
            source: self.source.facts(),
            destination: self.destination.facts(),
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

//! Ask the gate about a connection alone: what a webhook brings is looked at before anybody knows for which transfer it is.

use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{
    Ask, ConnectionFacts, ConnectorFact, DestinationFacts, EndpointFacts, Facts, Refusal, SideFacts, TransferFacts,
    admit,
};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::integration::Integration;
use weighbridge_model::meter::{Account, Accounts, Balance, Quota};
use weighbridge_model::package::{PackageRow, Release};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::BatchLimit;

use crate::error::TxError;
use crate::scope::{CustomerScope, HostScope};
use crate::tables::{Connections, Customers, Hosts, Integrations, Packages, Tenants, Trust};
use crate::tx::Tx;

/// A customer's own connection, and whether it may take what its platform tells.
#[derive(Clone, Debug)]
pub struct HookGate {
    /// The connection.
    pub connection: Connection,
    /// The offer it was made from.
    pub integration: Integration,
    /// The version of the connector in use; nothing where there is none, which the refusal says too.
    pub release: Option<Release>,
    /// The gate's no, if it is one: every level down to the connection's, and no quota.
    pub refusal: Option<Refusal>,
}

/// Looks; nothing where there is no such connection of the customer's own.
pub fn hook_gate(
    tx: &Tx<'_>,
    scope: CustomerScope,
    id: ConnectionId,
    now: Timestamp,
) -> Result<Option<HookGate>, TxError> {
    let tenant = scope.tenant();
    let Some(connection) = tx.get::<Connections>(&tenant, &id)? else { return Ok(None) };
    if connection.owner != Owner::Customer(scope.id()) {
        return Ok(None);
    }
    let Some(integration) = tx.get::<Integrations>(&tenant, &connection.integration)? else { return Ok(None) };
    let package = tx.get::<Packages>(&HostScope::new(), &integration.connector)?;
    let facts = facts(tx, scope, &connection, (&integration, package.as_ref()), now)?;
    let release = package.and_then(|package| package.used);
    Ok(Some(HookGate { connection, integration, release, refusal: admit(&facts, now).err() }))
}

fn facts(
    tx: &Tx<'_>,
    scope: CustomerScope,
    connection: &Connection,
    (integration, package): (&Integration, Option<&PackageRow>),
    now: Timestamp,
) -> Result<Facts, TxError> {
    let host = tx.get::<Hosts>(&HostScope::new(), &())?;
    let tenant = tx.need::<Tenants>(&scope.tenant(), &())?;
    let customer = tx.need::<Customers>(&scope.tenant(), &scope.id())?;
    let trust = tx.get::<Trust>(&HostScope::new(), &())?.unwrap_or_default();
    let standing = trust.standing(integration.connector.as_str(), package);
    let side = side(connection, integration, standing);
    let none = Account { quota: Quota::default(), period: now, balance: Balance::default() };
    Ok(Facts {
        host_frozen: host.as_ref().is_some_and(|row| row.frozen),
        host_full: host.as_ref().is_some_and(|row| row.full),
        tenant: tenant.status,
        customer: customer.status,
        customer_active_from: customer.active_from(),
        customer_window: customer.window,
        destination: DestinationFacts::Endpoint(side.clone()),
        source: side,
        transfer: TransferFacts { switch: Switch::On, suspended: false, schedule: None },
        accounts: Accounts { tenant: none, customer: none, service: None },
        ask: Ask { limit: BatchLimit::default(), new_run: false },
    })
}

/// Nothing but the connection is asked, so whatever hangs on an endpoint says yes.
const fn side(connection: &Connection, integration: &Integration, connector: ConnectorFact) -> SideFacts {
    SideFacts {
        direction: Direction::Source,
        connector,
        integration: integration.switch,
        connection: ConnectionFacts { switch: connection.switch, state: connection.state, window: connection.window },
        capability: Switch::On,
        endpoint: EndpointFacts { switch: Switch::On, configured: true, window: Window::ALWAYS },
    }
}

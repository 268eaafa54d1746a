//! What there is, by name.

use weighbridge_model::connection::{Connection, ConnectionState};
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::tenant::Switch;
use weighbridge_store::tables::{Connections, Customers, Endpoints, Integrations, Transfers};
use weighbridge_store::{CustomerScope, TenantScope};
use weighbridge_vault::Owner;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::packages::ConnectorView;
use crate::texts::{Texts, connection_owner, customer_owner};

/// One thing that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub what: &'static str,
    /// Its name, under its customer's where it has one.
    pub name: String,
    /// How it stands.
    pub state: String,
}

/// The most rows of one kind.
const ROWS_MAX: usize = 100_000;

impl Engine {
    /// Installed connectors, and what a tenant has.
    pub fn list(&self, tenant: Option<&str>) -> Result<Vec<Listed>, EngineError> {
        let connectors = self.connectors()?.into_iter();
        let mut listed: Vec<Listed> =
            connectors.map(|one| Listed { what: "connector", state: version_state(&one), name: one.name }).collect();
        let scope = match self.find_tenant(tenant) {
            // A host without tenants has connectors all the same.
            Err(EngineError::NotFound(_)) if tenant.is_none() && !self.has_tenants()? => return Ok(listed),
            found => found?,
        };
        self.list_offers(scope, &mut listed)?;
        for (id, customer) in self.host.store.read(|tx| tx.scan::<Customers>(&scope, None, ROWS_MAX))? {
            let customer_scope = scope.customer(id);
            let name = self.customer_name(customer_scope, &customer)?;
            let state = match customer.status {
                CustomerStatus::Active => "active",
                CustomerStatus::Inactive => "inactive",
                CustomerStatus::Deleting => "deleting",
                CustomerStatus::Deleted => "deleted",
            };
            listed.push(Listed { what: "customer", name: name.clone(), state: state.into() });
            // What is left of one that is deleted cannot be opened until it is swept.
            if customer.status != CustomerStatus::Deleted {
                self.list_customer(customer_scope, &name, &mut listed)?;
            }
        }
        Ok(listed)
    }

    fn list_offers(&self, scope: TenantScope, listed: &mut Vec<Listed>) -> Result<(), EngineError> {
        for (id, integration) in self.host.store.read(|tx| tx.scan::<Integrations>(&scope, None, ROWS_MAX))? {
            let texts = Texts::new(&self.host.ring, Owner::Tenant(scope.id()), id.as_bytes());
            let name = texts.open_text("name", &integration.name)?;
            listed.push(Listed { what: "integration", name, state: word(integration.switch).into() });
        }
        let connections = self.host.store.read(|tx| tx.scan::<Connections>(&scope, None, ROWS_MAX))?;
        // Those of a deleted customer stand there until they are swept.
        let opens = |connection: &Connection| self.host.ring.has(connection_owner(connection));
        for (id, connection) in connections.into_iter().filter(|(_, connection)| opens(connection)) {
            let texts = Texts::new(&self.host.ring, connection_owner(&connection), id.as_bytes());
            let name = texts.open_text("label", &connection.label)?;
            listed.push(Listed { what: "connection", name, state: standing(&connection).into() });
        }
        Ok(())
    }

    fn list_customer(&self, scope: CustomerScope, name: &str, listed: &mut Vec<Listed>) -> Result<(), EngineError> {
        let named = |id: &[u8; 16], sealed: &Sealed| -> Result<String, EngineError> {
            let texts = Texts::new(&self.host.ring, customer_owner(scope), id);
            Ok(format!("{name}/{}", texts.open_text("name", sealed)?))
        };
        for (id, endpoint) in self.host.store.read(|tx| tx.scan::<Endpoints>(&scope, None, ROWS_MAX))? {
            let name = named(id.as_bytes(), &endpoint.name)?;
            listed.push(Listed { what: "endpoint", name, state: word(endpoint.switch).into() });
        }
        for (id, transfer) in self.host.store.read(|tx| tx.scan::<Transfers>(&scope, None, ROWS_MAX))? {
            if transfer.removed_at.is_some() {
                continue;
            }
            let name = named(id.as_bytes(), &transfer.name)?;
            listed.push(Listed { what: "transfer", name, state: word(transfer.switch).into() });
        }
        Ok(())
    }
}

/// Its switch, or what else keeps it from being used.
const fn standing(connection: &Connection) -> &'static str {
    match connection.state {
        ConnectionState::Ready => word(connection.switch),
        ConnectionState::Suspended => "suspended",
        ConnectionState::NeedsConfiguration => "needs configuration",
        ConnectionState::NeedsSignIn => "needs sign-in",
    }
}

/// The version in use, how it stands where that is not well, and a version that waits.
fn version_state(connector: &ConnectorView) -> String {
    let used = connector.used.as_ref().map(|version| match connector.standing.word() {
        "usable" => version.clone(),
        standing => format!("{version} {standing}"),
    });
    let waiting = connector.waiting.as_ref().map(|version| format!("{version} approval_needed"));
    used.into_iter().chain(waiting).collect::<Vec<_>>().join(", ")
}

const fn word(switch: Switch) -> &'static str {
    match switch {
        Switch::On => "on",
        Switch::Off => "off",
    }
}

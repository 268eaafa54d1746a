//! The tenant's own connections: its ERP, its warehouse. They serve endpoints of many customers, and its administrators
//! alone change them.

use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::problem::Problem;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{Kind, TenantIndex};

use super::whose::Asks;
use super::{
    ChangeConnection, Checked, ConnectionView, Disconnected, NewConnection, NewCredential, PlatformFilter,
    PlatformView, SentAway, SwitchConnection,
};
use crate::account::Page;
use crate::engine::Engine;
use crate::error::EngineError;

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// What can be connected for the tenant itself, and what each asks for.
    pub async fn own_platforms(
        &self,
        may: &Permission<kinds::OwnConnectionsRead>,
        filter: &PlatformFilter,
    ) -> Result<Page<PlatformView>, Problem> {
        self.platforms_by(&Asks::in_tenant(may), filter).await
    }

    /// The tenant's own connections.
    pub async fn own_connections(
        &self,
        may: &Permission<kinds::OwnConnectionsRead>,
    ) -> Result<Page<ConnectionView>, Problem> {
        let (asks, scope) = (Asks::in_tenant(may), TenantScope::of(may));
        let first = (Kind::Connection.number(), weighbridge_model::name::NameHash::new(FIRST));
        let rows = self.host.store.read(|tx| tx.scan::<TenantIndex>(&scope, Some(&first), ROWS_MAX));
        let rows = rows.map_err(EngineError::from)?.into_iter();
        let mut items = Vec::new();
        for (_, named) in rows.take_while(|((kind, _), _)| *kind == first.0) {
            items.push(self.view_by(&asks, ConnectionId::from_bytes(named.id)).await?);
        }
        items.sort_by(|one, other| one.label.cmp(&other.label));
        Ok(Page { items, next: None })
    }

    /// One of them.
    pub async fn show_own_connection(
        &self,
        may: &Permission<kinds::OwnConnectionsRead>,
        id: ConnectionId,
    ) -> Result<ConnectionView, Problem> {
        self.view_by(&Asks::in_tenant(may), id).await
    }

    /// Connects a system for the tenant itself.
    pub async fn connect_own(
        &self,
        may: &Permission<kinds::OwnConnectionsChange>,
        new: &NewConnection,
    ) -> Result<ConnectionView, Problem> {
        self.connect_by(Asks::in_tenant(may), new).await
    }

    /// Changes one of them.
    pub async fn change_own_connection(
        &self,
        may: &Permission<kinds::OwnConnectionsChange>,
        id: ConnectionId,
        change: &ChangeConnection,
        seen: Option<&str>,
    ) -> Result<ConnectionView, Problem> {
        self.change_by(Asks::in_tenant(may), id, change, seen).await
    }

    /// Switches one of them, or one function of it; off names the transfers of all customers that stop.
    pub async fn switch_own_connection(
        &self,
        may: &Permission<kinds::OwnConnectionsChange>,
        id: ConnectionId,
        switch: &SwitchConnection,
        seen: Option<&str>,
    ) -> Result<ConnectionView, Problem> {
        self.switch_by(Asks::in_tenant(may), id, switch, seen).await
    }

    /// Replaces the credential of one of them; only who entered the present one may.
    pub async fn replace_own_credential(
        &self,
        may: &Permission<kinds::OwnConnectionsChange>,
        id: ConnectionId,
        new: &NewCredential,
    ) -> Result<ConnectionView, Problem> {
        self.replace_by(Asks::in_tenant(may), id, new).await
    }

    /// Asks the platform, and changes nothing.
    pub async fn check_own_connection(
        &self,
        may: &Permission<kinds::OwnConnectionsChange>,
        id: ConnectionId,
    ) -> Result<Checked, Problem> {
        self.check_by(&Asks::in_tenant(may), id).await
    }

    /// Sends a person to the platform's own sign-in.
    pub async fn sign_in_to_own(
        &self,
        may: &Permission<kinds::OwnConnectionsChange>,
        id: ConnectionId,
    ) -> Result<SentAway, Problem> {
        self.sign_in_by(&Asks::in_tenant(may), id).await
    }

    /// Deletes one that no endpoint of any customer uses.
    pub async fn disconnect_own(
        &self,
        may: &Permission<kinds::OwnConnectionsChange>,
        id: ConnectionId,
    ) -> Result<Disconnected, Problem> {
        self.disconnect_by(&Asks::in_tenant(may), id).await
    }
}

/// No name has this hash.
const FIRST: weighbridge_model::digest::Digest = weighbridge_model::digest::Digest::from_bytes([0; 32]);

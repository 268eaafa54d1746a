//! Let a connector remove what it keeps at a platform.

use weighbridge_model::id::{ConnectionId, RunId};
use weighbridge_model::name::Code;
use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::Lifecycle;
use weighbridge_store::tables::{Connections, Integrations, Packages};
use weighbridge_store::{CustomerScope, HostScope};

use super::side::Account;
use crate::chance;
use crate::engine::Host;
use crate::error::EngineError;
use crate::pipeline::Halt;

impl Host {
    /// Tells the connector that a connection is being deleted; whether there was anybody to tell. A no is a code only: what
    /// a platform says may name the customer.
    pub(crate) async fn tell_deleted(&self, scope: CustomerScope, id: ConnectionId) -> Result<bool, Code> {
        self.tell_connector(scope, id, Lifecycle::Deleted).await
    }

    /// Tells the connector what became of a connection; whether there was anybody to tell.
    pub(crate) async fn tell_connector(
        &self,
        scope: CustomerScope,
        id: ConnectionId,
        event: Lifecycle,
    ) -> Result<bool, Code> {
        self.tell(scope, id, event).await.map_err(|halt| match halt {
            Halt::Failed(trouble) => trouble.code,
            _ => NOT_TOLD,
        })
    }

    async fn tell(&self, scope: CustomerScope, id: ConnectionId, event: Lifecycle) -> Result<bool, Halt> {
        let tenant = scope.tenant();
        let rows = self.store.read(|tx| {
            let Some(connection) = tx.get::<Connections>(&tenant, &id)? else { return Ok(None) };
            let Some(integration) = tx.get::<Integrations>(&tenant, &connection.integration)? else { return Ok(None) };
            let package = tx.get::<Packages>(&HostScope::new(), &integration.connector)?;
            Ok(Some((connection, integration, package.and_then(|package| package.used))))
        });
        let Some((connection, integration, release)) = rows.map_err(EngineError::from)? else { return Ok(false) };
        // A connector that is not installed any more left nothing that it could remove now.
        let Some(release) = release else { return Ok(false) };
        let run = RunId::new(self.now(), chance::bytes()?);
        let account = Account { connection: &connection, integration: &integration, release: &release };
        let mut open = self.side_of_account(&account, run).await?;
        match open.side.on(event).await.map_err(Halt::from) {
            Err(Halt::Failed(trouble)) if trouble.class == FailureClass::Unsupported => Ok(false),
            told => told.map(|()| true),
        }
    }
}

const NOT_TOLD: Code = Code::known("connector.not_told");

//! Tell platforms that a customer goes, and take its grants back there: a bounded number of times, over some hours.

use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::deletion::{Deletion, DeletionStage, Farewell, Parting};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::name::Code;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Connections;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::oauth::RevokedGrant;
use crate::texts::customer_owner;

/// The most connections of one tenant.
const CONNECTIONS_MAX: usize = 1_000_000;

impl Engine {
    /// What a platform does not take back is listed, and does not keep the customer's data here.
    pub(super) async fn leave_platforms(
        &self,
        scope: CustomerScope,
        mut row: Deletion,
    ) -> Result<DeletionStage, EngineError> {
        let now = self.host.now();
        if row.again_at.is_some_and(|at| now < at) {
            return Ok(row.stage);
        }
        let mut farewells = match row.farewells.take() {
            Some(farewells) => farewells,
            None => self.connections_to_leave(scope)?,
        };
        if !self.host.ring.has(customer_owner(scope)) {
            // A restored store whose customer was deleted before: no credential opens any more.
            row.farewells = Some(farewells.into_iter().map(by_hand).collect());
            row.stage = DeletionStage::Destroying;
            return self.put_deletion(scope, row).await;
        }
        for index in 0..farewells.len() {
            self.leave_platform(scope, &mut farewells[index]).await;
            row.farewells = Some(farewells.clone());
            self.put_deletion(scope, row.clone()).await?;
        }
        row.farewells = Some(farewells);
        if !row.try_again(now) {
            row.stage = DeletionStage::Destroying;
        }
        self.put_deletion(scope, row).await
    }

    fn connections_to_leave(&self, scope: CustomerScope) -> Result<Vec<Farewell>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Connections>(&scope.tenant(), None, CONNECTIONS_MAX))?;
        let own = rows.into_iter().filter(|(_, row)| row.owner == Owner::Customer(scope.id()));
        Ok(own.map(|(id, row)| farewell(id, &row)).collect())
    }

    async fn leave_platform(&self, scope: CustomerScope, farewell: &mut Farewell) {
        // The connector needs the grant for what it keeps at the platform, so the grant goes last.
        if farewell.notice.is_open() {
            farewell.notice = match self.host.tell_deleted(scope, farewell.connection).await {
                Ok(true) => Parting::Done,
                Ok(false) => Parting::Nothing,
                Err(code) => Parting::Failed(code),
            };
        }
        if farewell.grant.is_open() {
            farewell.grant = match self.take_grant_back(scope.tenant(), farewell.connection).await {
                Ok(RevokedGrant::AtThePlatform) => Parting::Done,
                Ok(RevokedGrant::Nothing) => Parting::Nothing,
                Err(EngineError::NoOAuth | EngineError::NoOAuthClient) => Parting::Nothing,
                Ok(RevokedGrant::HereOnly) => Parting::ByHand,
                Ok(RevokedGrant::Unanswered(_)) => Parting::Failed(Code::known("oauth.revocation_unanswered")),
                Err(_) => Parting::Failed(Code::known("oauth.revocation_impossible")),
            };
        }
        self.host.clients.forget(farewell.connection);
    }
}

const fn farewell(connection: ConnectionId, row: &Connection) -> Farewell {
    Farewell { connection, integration: row.integration, notice: Parting::Waiting, grant: Parting::Waiting }
}

fn by_hand(farewell: Farewell) -> Farewell {
    Farewell { notice: Parting::ByHand, grant: Parting::ByHand, ..farewell }
}

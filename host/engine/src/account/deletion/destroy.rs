//! The name goes, and then the key: from here on nothing that was the customer's can be read, in no backup either.

use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::deletion::{Deletion, DeletionStage, ExportedRing};
use weighbridge_model::problem::Problem;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Customers, Kind, TenantIndex};
use weighbridge_vault::Owner;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::customer_owner;

impl Engine {
    /// The tombstone comes first, since the name that others may have again is only found by the name.
    pub(super) async fn destroy_customer(
        &self,
        scope: CustomerScope,
        mut row: Deletion,
    ) -> Result<DeletionStage, EngineError> {
        self.bury(scope).await.map_err(|problem| EngineError::Interrupted(problem.to_string()))?;
        let destroyed = self.host.ring.destroy(customer_owner(scope))?;
        self.host.shelf.clear();
        let exports = destroyed.exports.into_iter();
        row.exports = exports.map(|one| ExportedRing { at: one.at, recovery: one.recovery }).collect();
        row.generation = Some(destroyed.generation);
        row.stage = DeletionStage::Sweeping;
        self.put_deletion(scope, row).await
    }

    async fn bury(&self, scope: CustomerScope) -> Result<(), Problem> {
        self.edit(|edit| {
            let before = edit.need::<Customers>(scope.tenant(), scope.id())?;
            if before.status == CustomerStatus::Deleted {
                return Ok(());
            }
            let (name, kind) = (self.host.name_in(scope, before.id.as_bytes(), &before.name)?, Kind::Customer);
            let hash = self.host.ring.name_hash(Owner::Tenant(scope.tenant_id()), kind.word(), &name);
            let place = (kind.number(), hash.map_err(EngineError::from)?);
            edit.remove::<TenantIndex>(scope.tenant(), place);
            edit.put::<Customers>(scope.tenant(), scope.id(), before.tombstone(self.host.now()));
            Ok(())
        })
        .await
    }
}

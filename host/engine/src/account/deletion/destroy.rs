//! The name goes, and then the key: from here on nothing that was the customer's can be read, in no backup either.

use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::deletion::{Deletion, DeletionStage, ExportedRing};
use weighbridge_model::name::NameHash;
use weighbridge_model::problem::Problem;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Customers, Kind, Named, TenantIndex};
use weighbridge_vault::Owner;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::customer_owner;

/// The most names of one tenant.
const NAMES_MAX: usize = 10_000_000;

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
            if let Some(place) = self.place_of_name(scope, &before)? {
                edit.remove::<TenantIndex>(scope.tenant(), place);
            }
            edit.put::<Customers>(scope.tenant(), scope.id(), before.tombstone(self.host.now()));
            Ok(())
        })
        .await
    }

    /// Where the customer is found by its name. In a restored store the name may be of a key that is destroyed already; it is
    /// looked for then.
    fn place_of_name(&self, scope: CustomerScope, row: &Customer) -> Result<Option<(u8, NameHash)>, EngineError> {
        let kind = Kind::Customer;
        if self.host.ring.has(customer_owner(scope)) {
            let name = self.host.name_in(scope, row.id.as_bytes(), &row.name)?;
            let hash = self.host.ring.name_hash(Owner::Tenant(scope.tenant_id()), kind.word(), &name)?;
            return Ok(Some((kind.number(), hash)));
        }
        let names = self.host.store.read(|tx| tx.scan::<TenantIndex>(&scope.tenant(), None, NAMES_MAX))?;
        let its = |((number, _), named): &((u8, NameHash), Named)| {
            *number == kind.number() && named.id == *scope.id().as_bytes()
        };
        Ok(names.into_iter().find(its).map(|(place, _)| place))
    }
}

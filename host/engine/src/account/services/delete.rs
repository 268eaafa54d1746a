//! Take a third party's access away for good.

use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::problem::Problem;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{LastUses, Services};

use super::index;
use crate::account::edit::if_match;
use crate::engine::Engine;

impl Engine {
    /// Deletes an external service: from then on nobody knows its key. What it was billed stays; the pages that are kept of
    /// it go with the next sweep.
    pub async fn delete_service(
        &self,
        may: &Permission<kinds::ServicesChange>,
        id: ExternalServiceId,
        seen: Option<&str>,
    ) -> Result<(), Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let row = edit.need::<Services>(scope, id)?;
            if_match(seen, &row)?;
            edit.remove::<Services>(scope, id);
            edit.remove::<LastUses>(scope, id);
            index::remove(edit, &row);
            let text = row.access_id.to_string();
            edit.audit(self.audit_customer(scope, may.by(), "service.deleted", text.as_str().into())?);
            Ok(())
        })
        .await?;
        self.host.callers.forget(id);
        Ok(())
    }
}

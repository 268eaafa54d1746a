//! Take a third party's access away for good.

use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::service::ExternalService;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{LastUses, Services};

use super::{index, own};
use crate::account::edit::if_match;
use crate::engine::Engine;

impl Engine {
    /// Deletes an external service, after its name was typed: from then on nobody knows its key. What it was billed stays; the pages that are kept of
    /// it go with the next sweep.
    pub async fn delete_service(
        &self,
        may: &Permission<kinds::ServicesChange>,
        id: ExternalServiceId,
        confirm: Option<&str>,
        seen: Option<&str>,
    ) -> Result<(), Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let row = edit.need::<Services>(scope, id)?;
            if_match(seen, &row)?;
            own::may_change(may.actor(), &row)?;
            confirmed(self, scope, &row, confirm)?;
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

/// A third party that is cut off by mistake needs a new Connection ID and a new key, so the name is asked for.
fn confirmed(
    engine: &Engine,
    scope: CustomerScope,
    row: &ExternalService,
    confirm: Option<&str>,
) -> Result<(), Problem> {
    let name = engine.host.name_in(scope, row.id.as_bytes(), &row.name)?;
    match confirm {
        Some(typed) if typed == name => Ok(()),
        Some(_) => Err(ProblemCode::ConfirmationWrong.into()),
        None => {
            let what =
                format!("{name} gets no records any more; only a new Connection ID and a new key let it in again");
            Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]))
        }
    }
}

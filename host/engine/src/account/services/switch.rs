//! Switch a third party's access off and on: its customer's own people may.

use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::problem::Problem;
use weighbridge_model::tenant::Switch;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Services;

use super::own;
use super::view::ServiceView;
use crate::engine::Engine;

impl Engine {
    /// Switches an external service. Off, it gets no page, not even one that it has paid for; on, its cursors are good again.
    pub async fn switch_service(
        &self,
        may: &Permission<kinds::ServicesSwitch>,
        id: ExternalServiceId,
        to: Switch,
    ) -> Result<ServiceView, Problem> {
        let scope = CustomerScope::of(may);
        let zone = self.zone_of(scope.tenant())?;
        let row = self
            .edit(|edit| {
                let before = edit.need::<Services>(scope, id)?;
                let row = own::switched(may.actor(), &before, to)?;
                if row != before {
                    let act = if to == Switch::On { "service.on" } else { "service.off" };
                    edit.put::<Services>(scope, id, row.clone());
                    let text = row.access_id.to_string();
                    edit.audit(self.audit_customer(scope, may.by(), act, text.as_str().into())?);
                }
                Ok(row)
            })
            .await?;
        Ok(self.service_view(scope, &row, &zone)?)
    }
}

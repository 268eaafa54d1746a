//! Exchange what events are signed with: for a day both secrets sign, so that receivers can follow.

use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::event::{EventAddress, RetiredSecret};
use weighbridge_model::id::EventAddressId;
use weighbridge_model::problem::Problem;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::EventAddresses;

use super::view::ShownSigningSecret;
use super::{secret, texts};
use crate::engine::Engine;

/// So long both secrets sign.
const OVERLAP_MS: i64 = 24 * 3_600_000;

impl Engine {
    /// Makes a new signing secret, which is in the answer and nowhere else. One before the last signs no more.
    pub async fn rotate_event_address(
        &self,
        may: &Permission<kinds::EventsChange>,
        id: EventAddressId,
    ) -> Result<ShownSigningSecret, Problem> {
        let scope = TenantScope::of(may);
        let (secret, until) = (secret::new()?, self.host.now().plus_millis(OVERLAP_MS));
        let texts = texts(&self.host, scope, &id);
        let sealed = texts.seal("secret", secret.as_bytes())?;
        self.edit(|edit| {
            let before = edit.need::<EventAddresses>(scope, id)?;
            let retired = Some(RetiredSecret { secret: before.secret.clone(), until });
            let text = format!("{}: the old secret signs until {until}", texts.open_text("url", &before.url)?);
            edit.put::<EventAddresses>(scope, id, EventAddress { secret: sealed.clone(), retired, ..before });
            edit.audit(self.audit_in_tenant(scope, may.by(), "event_address.rotated", text.as_str().into())?);
            Ok(())
        })
        .await?;
        Ok(ShownSigningSecret { address: self.event_address_shown(scope, id)?, secret: secret.into() })
    }
}

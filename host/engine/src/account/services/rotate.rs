//! Give a third party another key, while the one it has works on for a while.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::problem::Problem;
use weighbridge_model::service::{ApiKey, ExternalService};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Services;

use super::message::MessageLanguage;
use super::own;
use super::view::ShownKey;
use crate::chance;
use crate::engine::Engine;

/// The longest time for which two keys work.
const OVERLAP_HOURS_MAX: u32 = 30 * 24;
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// How a key is exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RotateKey {
    /// For how many hours the old key works beside the new one; with 0 it works no more.
    pub overlap_hours: u32,
    /// In which language the third party is told.
    pub language: MessageLanguage,
}

impl Default for RotateKey {
    fn default() -> Self {
        Self { overlap_hours: 24, language: MessageLanguage::En }
    }
}

impl Engine {
    /// Makes a new key. Of the keys before it, the last one works on for the overlap.
    pub async fn rotate_service_key(
        &self,
        may: &Permission<kinds::ServicesChange>,
        id: ExternalServiceId,
        how: RotateKey,
    ) -> Result<ShownKey, Problem> {
        if how.overlap_hours > OVERLAP_HOURS_MAX {
            let what = format!("two keys work for at most {OVERLAP_HOURS_MAX} hours; write as many or fewer");
            return Err(Problem::invalid("overlap_hours", what));
        }
        let scope = CustomerScope::of(may);
        let zone = self.zone_of(scope.tenant())?;
        let key = ApiKey::new(&chance::bytes()?);
        let until = self.host.now().plus_millis(i64::from(how.overlap_hours) * HOUR_MS);
        let row = self
            .edit(|edit| {
                let before = edit.need::<Services>(scope, id)?;
                own::may_change(may.actor(), &before)?;
                own::may_give(edit, scope, may.actor())?;
                let row = ExternalService { keys: before.keys.exchanged(&key, until), ..before };
                edit.put::<Services>(scope, id, row.clone());
                let text = format!("{}: the old key works until {until}", row.access_id);
                edit.audit(self.audit_customer(scope, may.by(), "service.key_rotated", text.as_str().into())?);
                Ok(row)
            })
            .await?;
        Ok(self.shown_key(self.service_view(scope, &row, &zone)?, key, how.language))
    }
}

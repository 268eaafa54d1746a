//! Stop everything on this host before its next batch, and let it go on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::HostScope;
use weighbridge_store::tables::Hosts;

use crate::account::inputs;
use crate::engine::Engine;

/// Why everything is frozen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SetFrozen {
    /// Why, for the audit log.
    pub reason: String,
    /// That whoever asks knows what stops.
    pub confirm: bool,
}

/// Whether everything is frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Frozen {
    /// Whether it is.
    pub frozen: bool,
    /// Whether this made it so: it was not before.
    pub changed: bool,
}

const CONSEQUENCE: &str = "every transfer and every pull of every organisation stops before its next batch";

impl Engine {
    /// Stops everything before its next batch; nothing begins until it is thawed. It is confirmed.
    pub async fn freeze_host(&self, may: &Permission<kinds::HostChange>, set: &SetFrozen) -> Result<Frozen, Problem> {
        inputs::text(&set.reason, "reason")?;
        if !set.confirm {
            let consequences = vec![CONSEQUENCE.to_owned()];
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", consequences));
        }
        self.set_frozen(may, true, &set.reason).await
    }

    /// Lets everything go on.
    pub async fn thaw_host(&self, may: &Permission<kinds::HostChange>) -> Result<Frozen, Problem> {
        self.set_frozen(may, false, "").await
    }

    async fn set_frozen(
        &self,
        may: &Permission<kinds::HostChange>,
        frozen: bool,
        reason: &str,
    ) -> Result<Frozen, Problem> {
        self.edit(|edit| {
            let mut row = edit.need::<Hosts>(HostScope::new(), ())?;
            if row.frozen == frozen {
                return Ok(Frozen { frozen, changed: false });
            }
            row.frozen = frozen;
            edit.put::<Hosts>(HostScope::new(), (), row);
            let act = if frozen { "host.frozen" } else { "host.thawed" };
            edit.audit(self.audit_on_host(may.by(), act, reason.into())?);
            Ok(Frozen { frozen, changed: true })
        })
        .await
    }
}

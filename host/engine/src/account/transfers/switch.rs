//! Switch a transfer. Off asks to be confirmed, and says what stops; on does not.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::TransferId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_store::CustomerScope;

use super::transfer::{ChangeTransfer, TransferView};
use crate::engine::Engine;

/// Which way a transfer is switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchTransfer {
    /// Which way.
    pub switch: Switch,
    /// That what stops was read.
    #[serde(default)]
    pub confirm: bool,
}

impl Engine {
    /// Switches a transfer.
    pub async fn switch_transfer(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: TransferId,
        switch: SwitchTransfer,
        seen: Option<&str>,
    ) -> Result<TransferView, Problem> {
        let scope = CustomerScope::of(may);
        let row = self.kept_transfer(scope, id)?;
        if switch.switch == Switch::Off && row.switch == Switch::On && !switch.confirm {
            let what = format!("transfer {}", self.host.name_in(scope, id.as_bytes(), &row.name)?);
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]));
        }
        let change = ChangeTransfer { switch: Some(switch.switch), ..ChangeTransfer::default() };
        self.change_transfer(may, id, &change, seen).await
    }
}

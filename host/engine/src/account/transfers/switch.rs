//! Switch a transfer, and let one go on that was suspended. Off asks to be confirmed, and says what stops; on does not.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::failing::Failing;
use weighbridge_model::id::TransferId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_model::transfer::{Progress, Transfer};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Progresses, Transfers};

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

    /// Lets a transfer go on that failed too often; its failures are counted from none again.
    pub async fn resume_transfer(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: TransferId,
    ) -> Result<TransferView, Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let row = edit.need::<Transfers>(scope, id)?;
            if row.removed_at.is_some() {
                return Err(ProblemCode::NotThere.into());
            }
            if !row.suspended {
                return Ok(());
            }
            let name = self.host.name_in(scope, id.as_bytes(), &row.name)?;
            let progress = edit.read::<Progresses>(scope, id)?.unwrap_or_default();
            edit.put::<Progresses>(scope, id, Progress { failing: Failing::default(), ..progress });
            edit.put::<Transfers>(scope, id, Transfer { suspended: false, ..row });
            edit.audit(self.audit_customer(scope, may.by(), "transfer.resumed", name.as_str().into())?);
            Ok(())
        })
        .await?;
        self.transfer_view_of(scope, id)
    }
}

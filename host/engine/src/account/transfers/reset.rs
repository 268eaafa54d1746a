//! Begin a transfer's walk anew: its next run reads from the beginning.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::TransferId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::transfer::{Progress, WriteMode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Progresses, Transfers};

use super::transfer::TransferView;
use crate::engine::Engine;

/// How a transfer is reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ResetTransfer {
    /// That it was read what comes again.
    pub confirm: bool,
}

impl Engine {
    /// Forgets how far a transfer has come. What was delivered comes again with the next run, and is billed again.
    pub async fn reset_transfer(
        &self,
        may: &Permission<kinds::TransfersChange>,
        id: TransferId,
        how: ResetTransfer,
    ) -> Result<TransferView, Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let row = edit.need::<Transfers>(scope, id)?;
            if row.removed_at.is_some() {
                return Err(ProblemCode::NotThere.into());
            }
            let progress = edit.read::<Progresses>(scope, id)?.unwrap_or_default();
            if progress.run.is_some() || progress.open.is_some() {
                return Err(ProblemCode::RunBusy.into());
            }
            let name = self.host.name_in(scope, id.as_bytes(), &row.name)?;
            if !how.confirm {
                let twice = match row.write {
                    WriteMode::Append => "; its destination appends, so they are there twice",
                    WriteMode::Upsert | WriteMode::Overwrite => "",
                };
                let what = format!("transfer {name}: all records of its source are moved again, and billed{twice}");
                return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]));
            }
            let lineage = progress.lineage + 1;
            edit.put::<Progresses>(scope, id, Progress { lineage, sequence: 0, cursor: None, ..progress });
            edit.audit(self.audit_customer(scope, may.by(), "transfer.reset", name.as_str().into())?);
            Ok(())
        })
        .await?;
        self.transfer_view_of(scope, id)
    }
}

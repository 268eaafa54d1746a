//! Where a deletion stands, as people see it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::deletion::{Deletion, DeletionStage, Farewell, Parting};
use weighbridge_model::id::{ConnectionId, CustomerId, IntegrationId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;

use super::receipt::table_name;
use crate::account::At;
use crate::engine::Engine;
use crate::error::EngineError;

/// Where a deletion stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DeletionView {
    /// The customer.
    pub customer: CustomerId,
    /// Where it stands.
    pub stage: DeletionStage,
    /// When it was asked for.
    pub asked_at: At,
    /// When platforms are tried again that did not answer.
    pub again_at: Option<At>,
    /// How its connected systems were left.
    pub platforms: Vec<FarewellView>,
    /// Rows that were removed, or emptied of all but their plain fields.
    pub rows: Vec<SweptRows>,
    /// When it was over.
    pub ended_at: Option<At>,
    /// The signed receipt, once it is over.
    pub receipt: Option<Value>,
}

/// How one connected system was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FarewellView {
    /// The system.
    pub connection: ConnectionId,
    /// The offer that it was made from.
    pub integration: IntegrationId,
    /// What the connector kept at the platform.
    pub notice: String,
    /// The grant.
    pub grant: String,
}

/// Rows of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SweptRows {
    /// The table.
    pub table: String,
    /// How many.
    pub rows: u64,
}

impl Engine {
    /// Where a customer's deletion stands.
    pub fn deletion(&self, may: &Permission<kinds::CustomerDelete>) -> Result<DeletionView, Problem> {
        let scope = CustomerScope::of(may);
        let row = self.deletion_row(scope)?.ok_or(ProblemCode::NotThere)?;
        Ok(self.deletion_view(scope, &row)?)
    }

    fn deletion_view(&self, scope: CustomerScope, row: &Deletion) -> Result<DeletionView, EngineError> {
        Ok(DeletionView {
            customer: row.customer,
            stage: row.stage,
            asked_at: At(row.asked_at),
            again_at: row.again_at.map(At),
            platforms: row.farewells.iter().flatten().map(farewell_view).collect(),
            rows: row.rows.iter().map(|(table, rows)| SweptRows { table: table_name(*table), rows: *rows }).collect(),
            ended_at: row.ended_at.map(At),
            receipt: self.receipt_of(scope, row)?,
        })
    }
}

fn farewell_view(one: &Farewell) -> FarewellView {
    let (notice, grant) = (word(&one.notice), word(&one.grant));
    FarewellView { connection: one.connection, integration: one.integration, notice, grant }
}

fn word(parting: &Parting) -> String {
    match parting {
        Parting::Waiting => "waiting".into(),
        Parting::Nothing => "nothing".into(),
        Parting::Done => "done".into(),
        Parting::ByHand => "by_hand".into(),
        Parting::Failed(code) => format!("failed: {code}"),
    }
}

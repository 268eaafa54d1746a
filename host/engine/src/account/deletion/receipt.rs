//! What a host says and signs when a deletion is over: what went, from which key ring on it is gone, and what still has it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::deletion::{Deletion, DeletionStage, Parting, Receipt};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::statement::Statement;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{self, Customers, Deletions};
use weighbridge_vault::Owner;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// A receipt that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenReceipt {
    /// The receipt, as it was given: JSON with what was said, the public key and the signature.
    pub receipt: Value,
}

/// What there is to say of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckedReceipt {
    /// Whether this host signed it, and nothing of it was changed since.
    pub genuine: bool,
    /// The customer that it is about.
    pub customer: String,
}

impl Engine {
    /// The last step: the receipt, the line of the audit log, and the end, in one transaction.
    pub(super) async fn sign_receipt(&self, scope: CustomerScope) -> Result<DeletionStage, EngineError> {
        let tenant = scope.tenant();
        let (row, customer) = self.host.store.read(|tx| {
            Ok((tx.need::<Deletions>(&tenant, &scope.id())?, tx.need::<Customers>(&tenant, &scope.id())?))
        })?;
        let ended_at = self.host.now();
        let receipt = Receipt {
            tenant: tenant.id(),
            customer: row.customer,
            created_at: customer.created_at,
            asked_at: row.asked_at,
            ended_at,
            key_ring_generation: row.generation.unwrap_or_default(),
            exports_to_destroy: row.exports.clone(),
            rows: row.rows.iter().map(|(number, rows)| (table_name(*number), *rows)).collect(),
            blobs: row.blobs,
            left_at_platforms: left(&row),
        };
        let signed = Statement::new(Receipt::KIND, receipt, &*self.statement_key()?);
        let json = serde_json::to_vec(&signed).unwrap_or_default();
        let receipt = Some(self.receipt_texts(scope).seal("receipt", json)?);
        let row = Deletion { stage: DeletionStage::Done, ended_at: Some(ended_at), receipt, ..row };
        // The customer's own key is gone, and the line names nobody.
        let line =
            self.audit_in_tenant(tenant, row.by, "customer.deleted", row.customer.to_string().as_str().into())?;
        let written = self.host.store.write(move |tx| {
            tx.put::<Deletions>(&scope.tenant(), &scope.id(), &row)?;
            line.write(tx)
        });
        written.await?;
        Ok(DeletionStage::Done)
    }

    /// The signed receipt of a deletion that is over.
    pub(super) fn receipt_of(&self, scope: CustomerScope, row: &Deletion) -> Result<Option<Value>, EngineError> {
        let Some(sealed) = &row.receipt else { return Ok(None) };
        Ok(serde_json::from_slice(&self.receipt_texts(scope).open("receipt", sealed)?).ok())
    }

    /// Whether a receipt is one that this host gave.
    pub fn check_receipt(
        &self,
        _may: &Permission<kinds::CustomersRead>,
        given: &GivenReceipt,
    ) -> Result<CheckedReceipt, Problem> {
        let receipt: Statement<Receipt> = serde_json::from_value(given.receipt.clone())
            .map_err(|error| Problem::from(ProblemCode::Invalid).at("receipt", error.to_string()))?;
        let genuine = receipt.is_by(Receipt::KIND, &self.statement_public_key()?);
        Ok(CheckedReceipt { genuine, customer: receipt.said.customer.to_string() })
    }

    fn receipt_texts<'a>(&'a self, scope: CustomerScope) -> Texts<'a> {
        static NOBODY: [u8; 16] = [0; 16];
        Texts::new(&self.host.ring, Owner::Tenant(scope.tenant_id()), &NOBODY)
    }
}

fn left(row: &Deletion) -> Vec<(weighbridge_model::id::ConnectionId, weighbridge_model::name::Code)> {
    let failed = |parting: &Parting| match parting {
        Parting::Failed(code) => Some(code.clone()),
        _ => None,
    };
    let farewells = row.farewells.iter().flatten();
    farewells
        .flat_map(|one| [&one.notice, &one.grant].into_iter().filter_map(failed).map(|code| (one.connection, code)))
        .collect()
}

/// The name of a table; those of one name are told apart by their numbers.
pub(super) fn table_name(number: u8) -> String {
    let names: BTreeMap<u8, &str> = tables::ALL.iter().map(|table| (table.number, table.name)).collect();
    let name = names.get(&number).copied().unwrap_or("unknown");
    let is_shared = names.values().filter(|one| **one == name).count() > 1;
    if is_shared { format!("{name} ({number})") } else { name.to_owned() }
}

//! Append a line to a tenant's audit log, in the transaction that it tells of.

use weighbridge_model::audit::{AuditRow, ChainHead};

use crate::error::TxError;
use crate::scope::TenantScope;
use crate::tables::{Audit, AuditHeads};
use crate::tx::Tx;

/// Writes the line after the last one, and moves the head of the chain.
pub fn append_audit(tx: &mut Tx<'_>, scope: TenantScope, row: &AuditRow) -> Result<(), TxError> {
    let head = tx.get::<AuditHeads>(&scope, &())?.unwrap_or_default();
    let row = row.clone().after(head.hash);
    tx.put::<AuditHeads>(&scope, &(), &ChainHead { count: head.count + 1, hash: row.hash })?;
    tx.put::<Audit>(&scope, &(head.count + 1), &row)
}

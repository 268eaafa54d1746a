//! Who changed what, written in the transaction that changes it.

use weighbridge_model::id::{AuditId, TenantId};
use weighbridge_model::name::Code;
use weighbridge_store::tables::{Audit, AuditRow};
use weighbridge_store::{HostScope, TenantScope, Tx, TxError};
use weighbridge_vault::Owner;

use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// The id under which the operator's own acts stand.
const OPERATOR: TenantId = TenantId::from_bytes([0; 16]);

/// A line of the audit log, sealed and ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct AuditLine {
    scope: TenantScope,
    id: AuditId,
    row: AuditRow,
}

impl AuditLine {
    pub(crate) fn write(&self, tx: &mut Tx<'_>) -> Result<(), TxError> {
        tx.put::<Audit>(&self.scope, &self.id, &self.row)
    }
}

impl Engine {
    /// A line about the host itself.
    pub(crate) fn audit_host(&self, act: &str, detail: &str) -> Result<AuditLine, EngineError> {
        self.audit(HostScope::new().tenant(OPERATOR), Owner::Host, act, detail)
    }

    /// A line about a tenant or something of it.
    pub(crate) fn audit_tenant(&self, scope: TenantScope, act: &str, detail: &str) -> Result<AuditLine, EngineError> {
        self.audit(scope, Owner::Tenant(scope.id()), act, detail)
    }

    fn audit(&self, scope: TenantScope, owner: Owner, act: &str, detail: &str) -> Result<AuditLine, EngineError> {
        let at = self.host.now();
        let id = AuditId::new(at, chance::bytes()?);
        let texts = Texts::new(&self.host.ring, owner, id.as_bytes());
        // Until people can sign in, whoever may open the data folder is the operator.
        let (actor, detail) = (texts.seal("actor", "operator")?, texts.seal("detail", detail)?);
        #[expect(clippy::expect_used, reason = "every act is named in this crate, and a test reads them all")]
        let act: Code = act.parse().expect("an act is a code");
        Ok(AuditLine { scope, id, row: AuditRow { at, act, actor, detail } })
    }
}

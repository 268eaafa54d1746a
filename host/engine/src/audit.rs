//! Who changed what, written in the transaction that changes it.

use weighbridge_model::id::{AuditId, TenantId};
use weighbridge_model::name::Code;
use weighbridge_model::time::Timestamp;
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

/// A line of the audit log, as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditView {
    /// When.
    pub at: Timestamp,
    /// What was done: `connector.installed`.
    pub act: Code,
    /// Who did it.
    pub actor: String,
    /// What it was done to, and after a colon what there is to say of it.
    pub detail: String,
}

/// How many lines are read at once.
const STEP: usize = 1_000;

impl Engine {
    /// Everything that the operator did to a connector or a publisher, or to whatever else has this name: the newest last.
    pub fn audit_of(&self, subject: &str) -> Result<Vec<AuditView>, EngineError> {
        self.audit_in(HostScope::new().tenant(OPERATOR), Owner::Host, subject)
    }

    /// Everything that was done to an integration, or to whatever else of a tenant has this name: the newest last.
    pub fn audit_of_tenant(&self, tenant: Option<&str>, subject: &str) -> Result<Vec<AuditView>, EngineError> {
        let scope = self.find_tenant(tenant)?;
        self.audit_in(scope, Owner::Tenant(scope.id()), subject)
    }

    fn audit_in(&self, scope: TenantScope, owner: Owner, subject: &str) -> Result<Vec<AuditView>, EngineError> {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let rows = self.host.store.read(|tx| tx.scan::<Audit>(&scope, after.as_ref(), STEP))?;
            let Some((last, _)) = rows.last() else { return Ok(found) };
            after = Some(*last);
            for (id, row) in rows {
                let texts = Texts::new(&self.host.ring, owner, id.as_bytes());
                let detail = texts.open_text("detail", &row.detail)?;
                if names(&detail, subject) {
                    let actor = texts.open_text("actor", &row.actor)?;
                    found.push(AuditView { at: row.at, act: row.act, actor, detail });
                }
            }
        }
    }

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

/// Whether a line is about this: what it is about stands before its first colon, in words.
fn names(detail: &str, subject: &str) -> bool {
    let subjects = detail.split_once(": ").map_or(detail, |(subjects, _)| subjects);
    subjects.split_whitespace().any(|word| word == subject)
}

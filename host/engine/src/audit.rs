//! Who did what, written in the transaction that does it, and read again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Who};
use weighbridge_model::audit::{AuditRow, CHAIN_START};
use weighbridge_model::connection::{Connection, Owner as ConnectionOwner};
use weighbridge_model::id::{AuditId, CustomerId, TenantId};
use weighbridge_model::name::Code;
use weighbridge_model::problem::ProblemCode;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::Audit;
use weighbridge_store::verbs::append_audit;
use weighbridge_store::{CustomerScope, HostScope, TenantScope, Tx, TxError};
use weighbridge_vault::Owner;

use crate::account::At;
use crate::chance;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// The id under which the operator's own acts stand.
const OPERATOR: TenantId = TenantId::from_bytes([0; 16]);

/// The chain of the operator's own acts.
pub(crate) const fn host_chain() -> TenantScope {
    HostScope::new().tenant(OPERATOR)
}

/// A tenant's chain.
pub(crate) const fn chain(tenant: TenantId) -> TenantScope {
    HostScope::new().tenant(tenant)
}

/// A line of the audit log, sealed and ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct AuditLine {
    scope: TenantScope,
    row: AuditRow,
}

impl AuditLine {
    /// The same, of something that was not done.
    pub(crate) fn denied(mut self, code: ProblemCode) -> Self {
        self.row.denied = code.as_str().parse().ok();
        self
    }

    /// The same, of something that came more than once.
    pub(crate) const fn over(mut self, first: Timestamp, last: Timestamp, count: u64) -> Self {
        (self.row.at, self.row.count) = (first, count);
        self.row.last = if count > 1 { Some(last) } else { None };
        self
    }

    pub(crate) fn write(&self, tx: &mut Tx<'_>) -> Result<(), TxError> {
        append_audit(tx, self.scope, &self.row)
    }
}

/// What a line says beside who and when: no secret is ever in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuditDetail {
    /// What it was done to, and after a colon what there is to say of it.
    pub(crate) text: String,
    /// What was changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<FieldChange>,
}

impl From<&str> for AuditDetail {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), changes: Vec::new() }
    }
}

/// One field, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// Which.
    pub field: String,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

impl FieldChange {
    /// The change of a field, if it is one.
    pub(crate) fn of(field: &str, before: Option<String>, after: Option<String>) -> Option<Self> {
        (before != after).then(|| Self { field: field.to_owned(), before, after })
    }

    /// The same of what was seen and what was asked for, if it was.
    pub(crate) fn asked(field: &str, seen: &impl Serialize, asked: Option<&impl Serialize>) -> Option<Self> {
        asked.and_then(|asked| Self::of(field, written(seen), written(asked)))
    }
}

/// The most letters of one side of a change: settings can be long.
const WRITTEN_MAX: usize = 2_000;

/// A value as people read it: a text is itself, and nothing is nothing.
fn written(value: &impl Serialize) -> Option<String> {
    let text = match serde_json::to_value(value).ok()? {
        serde_json::Value::Null => return None,
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Some(text.chars().take(WRITTEN_MAX).collect())
}

/// A line of the audit log, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditView {
    /// Its place in the chain.
    pub number: u64,
    /// When.
    pub at: At,
    /// What was done: `connector.installed`.
    pub act: Code,
    /// Who did it: an id, or `operator` for whoever owns the data folder, or `host`.
    pub actor: String,
    /// The customer it is about.
    pub customer: Option<CustomerId>,
    /// The customer whose account the actor had opened.
    pub acting_in: Option<CustomerId>,
    /// Why it was denied; nothing where it was done.
    pub denied: Option<Code>,
    /// How often.
    pub count: u64,
    /// What it was done to, and after a colon what there is to say of it.
    pub detail: String,
    /// What was changed.
    pub changes: Vec<FieldChange>,
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
            for (number, row) in rows {
                let view = self.audit_view(scope, owner, number, row)?;
                found.extend(names(&view.detail, subject).then_some(view));
            }
        }
    }

    /// A line as people read it. The text of a customer that was deleted is gone with it.
    pub(crate) fn audit_view(
        &self,
        scope: TenantScope,
        owner: Owner,
        number: u64,
        row: AuditRow,
    ) -> Result<AuditView, EngineError> {
        let owner = row.customer.map_or(owner, |customer| customer_owner(scope.customer(customer)));
        let texts = Texts::new(&self.host.ring, owner, row.id.as_bytes());
        let detail = match &row.detail {
            Some(_) if !self.host.ring.has(owner) => None,
            Some(sealed) => serde_json::from_slice::<AuditDetail>(&texts.open("detail", sealed)?).ok(),
            None => None,
        };
        let detail = detail.unwrap_or_default();
        Ok(AuditView {
            number,
            at: At(row.at),
            act: row.act,
            actor: actor_word(row.by.who),
            customer: row.customer,
            acting_in: row.by.acting_in,
            denied: row.denied,
            count: row.count,
            detail: detail.text,
            changes: detail.changes,
        })
    }

    /// A line about the host itself.
    pub(crate) fn audit_host(&self, act: &'static str, detail: &str) -> Result<AuditLine, EngineError> {
        self.audit(HostScope::new().tenant(OPERATOR), Owner::Host, act, detail)
    }

    /// A line about a tenant or something of it.
    pub(crate) fn audit_tenant(
        &self,
        scope: TenantScope,
        act: &'static str,
        detail: &str,
    ) -> Result<AuditLine, EngineError> {
        self.audit(scope, Owner::Tenant(scope.id()), act, detail)
    }

    /// A line about a connection, under the key of whose it is.
    pub(crate) fn audit_connection(
        &self,
        connection: &Connection,
        act: &'static str,
        detail: &str,
    ) -> Result<AuditLine, EngineError> {
        let scope = HostScope::new().tenant(connection.tenant);
        match connection.owner {
            ConnectionOwner::Tenant => self.audit_tenant(scope, act, detail),
            ConnectionOwner::Customer(customer) => {
                self.audit_customer(scope.customer(customer), ActorRef::OWNER, act, detail.into())
            }
        }
    }

    /// A line about one customer, under whose key it is sealed.
    pub(crate) fn audit_customer(
        &self,
        scope: CustomerScope,
        by: ActorRef,
        act: &'static str,
        detail: AuditDetail,
    ) -> Result<AuditLine, EngineError> {
        self.audit_line(scope.tenant(), (customer_owner(scope), Some(scope.id())), by, act, &detail)
    }

    /// A line about a tenant or something of it, by somebody.
    pub(crate) fn audit_in_tenant(
        &self,
        scope: TenantScope,
        by: ActorRef,
        act: &'static str,
        detail: AuditDetail,
    ) -> Result<AuditLine, EngineError> {
        self.audit_line(scope, (Owner::Tenant(scope.id()), None), by, act, &detail)
    }

    /// A line about the host, by somebody.
    pub(crate) fn audit_on_host(
        &self,
        by: ActorRef,
        act: &'static str,
        detail: AuditDetail,
    ) -> Result<AuditLine, EngineError> {
        self.audit_line(HostScope::new().tenant(OPERATOR), (Owner::Host, None), by, act, &detail)
    }

    fn audit(
        &self,
        scope: TenantScope,
        owner: Owner,
        act: &'static str,
        detail: &str,
    ) -> Result<AuditLine, EngineError> {
        self.audit_line(scope, (owner, None), ActorRef::OWNER, act, &detail.into())
    }

    fn audit_line(
        &self,
        scope: TenantScope,
        (owner, customer): (Owner, Option<CustomerId>),
        by: ActorRef,
        act: &'static str,
        detail: &AuditDetail,
    ) -> Result<AuditLine, EngineError> {
        let row = self.host.audit_row((owner, customer), by, act, detail)?;
        Ok(AuditLine { scope, row })
    }
}

impl Host {
    /// The row of a line about one customer, for a verb of the store to write.
    pub(crate) fn audit_row_of_customer(
        &self,
        scope: CustomerScope,
        by: ActorRef,
        act: &'static str,
        detail: &AuditDetail,
    ) -> Result<AuditRow, EngineError> {
        self.audit_row((customer_owner(scope), Some(scope.id())), by, act, detail)
    }

    fn audit_row(
        &self,
        (owner, customer): (Owner, Option<CustomerId>),
        by: ActorRef,
        act: &'static str,
        detail: &AuditDetail,
    ) -> Result<AuditRow, EngineError> {
        let at = self.now();
        let id = AuditId::new(at, chance::bytes()?);
        let json = serde_json::to_vec(detail).unwrap_or_default();
        let detail = Texts::new(&self.ring, owner, id.as_bytes()).seal("detail", json)?;
        let detail_digest = detail.digest();
        Ok(AuditRow {
            id,
            at,
            act: Code::known(act),
            by,
            customer,
            denied: None,
            count: 1,
            last: None,
            detail: Some(detail),
            detail_digest,
            previous: CHAIN_START,
            hash: CHAIN_START,
        })
    }
}

/// The word for an actor.
pub(crate) fn actor_word(who: Who) -> String {
    match who {
        Who::Owner => "operator".into(),
        Who::Host => "host".into(),
        Who::User(user) => user.to_string(),
        Who::Link(link) => format!("link {link}"),
        Who::Unknown => "unknown".into(),
    }
}

/// Whether a line is about this: what it is about stands before its first colon, in words.
pub(crate) fn names(detail: &str, subject: &str) -> bool {
    let subjects = detail.split_once(": ").map_or(detail, |(subjects, _)| subjects);
    subjects.split_whitespace().any(|word| word == subject)
}

//! What a document changes, gathered before any of it is written.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use weighbridge_model::access::ActorRef;
use weighbridge_model::id::TenantId;
use weighbridge_model::name::NameHash;
use weighbridge_store::tables::{CustomerIndex, Kind, Named, TenantIndex};
use weighbridge_store::{CustomerScope, HostScope, Table, TenantScope, Tx, TxError};
use weighbridge_vault::Owner;

use super::error::ApplyError;
use crate::engine::Host;
use crate::texts::customer_owner;

/// One thing that a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub what: &'static str,
    /// Its name, under its customer's where it has one.
    pub name: String,
    /// What becomes of it.
    pub kind: ChangeKind,
}

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Created,
    /// It was another one.
    Changed,
    /// It is as the document says already.
    Unchanged,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ChangeKind::Created => "created",
            ChangeKind::Changed => "changed",
            ChangeKind::Unchanged => "unchanged",
        };
        write!(f, "{kind} {} {}", self.what, self.name)
    }
}

/// One row to write. It may be written twice, as all closures of the store may run twice.
type Put = Box<dyn Fn(&mut Tx<'_>) -> Result<(), TxError> + Send + Sync>;

/// What a document changes. Reading sees the store, under what is planned so far.
pub(crate) struct Plan<'a> {
    pub(crate) host: &'a Host,
    /// Who wants it; nothing for a document.
    pub(crate) by: Option<ActorRef>,
    puts: Vec<Put>,
    changes: Vec<Change>,
    /// The customer that is planned at present, and of each change whose it is: the audit log tells of it under its key.
    pub(crate) about: Option<CustomerScope>,
    whose: Vec<Option<CustomerScope>>,
    /// Acts that have a line of their own in the audit log, with what there is to say of each.
    audits: Vec<(&'static str, String)>,
    /// Rows planned so far, by table and key, so that later parts of the document see the earlier ones.
    planned: BTreeMap<(&'static str, String), serde_json::Value>,
}

impl<'a> Plan<'a> {
    pub(crate) const fn new(host: &'a Host, by: Option<ActorRef>) -> Self {
        Self {
            host,
            by,
            puts: Vec::new(),
            changes: Vec::new(),
            about: None,
            whose: Vec::new(),
            audits: Vec::new(),
            planned: BTreeMap::new(),
        }
    }

    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(crate) fn into_parts(self) -> (Vec<Put>, Vec<Change>, Vec<(&'static str, String)>) {
        (self.puts, self.changes, self.audits)
    }

    /// What is changed, in words: of the tenant's own things, and of each customer's.
    pub(crate) fn told(&self) -> BTreeMap<Option<CustomerScope>, String> {
        let mut told = BTreeMap::<_, Vec<String>>::new();
        let changed = self.changes.iter().zip(&self.whose).filter(|(one, _)| one.kind != ChangeKind::Unchanged);
        for (change, whose) in changed {
            told.entry(*whose).or_default().push(change.to_string());
        }
        told.into_iter().map(|(whose, told)| (whose, told.join("; "))).collect()
    }

    #[expect(clippy::unused_self, reason = "a scope is widened only while a document of that tenant is applied")]
    pub(crate) const fn tenant_scope(&self, scope: CustomerScope) -> TenantScope {
        HostScope::new().tenant(scope.tenant_id())
    }

    pub(crate) fn get<T>(&self, scope: T::Scope, key: T::Key) -> Result<Option<T::Row>, ApplyError>
    where
        T: Table,
        T::Key: fmt::Debug,
        T::Scope: fmt::Debug,
        T::Row: DeserializeOwned,
    {
        if let Some(planned) = self.planned.get(&(T::NAME, format!("{scope:?} {key:?}"))) {
            return serde_json::from_value(planned.clone())
                .map(Some)
                .map_err(|source| TxError::Row { table: T::NAME, source }.into());
        }
        Ok(self.host.store.read(|tx| tx.get::<T>(&scope, &key))?)
    }

    pub(crate) fn put<T>(&mut self, scope: T::Scope, key: T::Key, row: T::Row) -> Result<(), ApplyError>
    where
        T: Table + 'static,
        T::Key: fmt::Debug + Send + Sync + 'static,
        T::Scope: fmt::Debug + Send + Sync + 'static,
        T::Row: Serialize + Send + Sync + 'static,
    {
        let json = serde_json::to_value(&row).map_err(|source| TxError::Row { table: T::NAME, source })?;
        self.planned.insert((T::NAME, format!("{scope:?} {key:?}")), json);
        self.puts.push(Box::new(move |tx| tx.put::<T>(&scope, &key, &row)));
        Ok(())
    }

    /// Something else to do in the transaction.
    pub(crate) fn act(&mut self, act: impl Fn(&mut Tx<'_>) -> Result<(), TxError> + Send + Sync + 'static) {
        self.puts.push(Box::new(act));
    }

    /// A line of the audit log beside the one that says that a document was applied.
    pub(crate) fn audit(&mut self, act: &'static str, detail: String) {
        self.audits.push((act, detail));
    }

    pub(crate) fn note(&mut self, what: &'static str, name: impl Into<String>, kind: ChangeKind) {
        self.changes.push(Change { what, name: name.into(), kind });
        self.whose.push(self.about);
    }

    /// The hash by which a tenant's thing is found.
    pub(crate) fn tenant_hash(&self, tenant: TenantId, kind: Kind, name: &str) -> Result<NameHash, ApplyError> {
        Ok(self.host.ring.name_hash(Owner::Tenant(tenant), kind.word(), name)?)
    }

    /// The hash by which a customer's thing is found.
    pub(crate) fn customer_hash(&self, scope: CustomerScope, kind: Kind, name: &str) -> Result<NameHash, ApplyError> {
        Ok(self.host.ring.name_hash(customer_owner(scope), kind.word(), name)?)
    }

    /// A tenant's thing by name.
    pub(crate) fn tenant_thing(
        &self,
        scope: TenantScope,
        kind: Kind,
        name: &str,
    ) -> Result<Option<[u8; 16]>, ApplyError> {
        let hash = self.tenant_hash(scope.id(), kind, name)?;
        Ok(self.get::<TenantIndex>(scope, (kind.number(), hash))?.map(|named: Named| named.id))
    }

    /// A customer's thing by name.
    pub(crate) fn customer_thing(
        &self,
        scope: CustomerScope,
        kind: Kind,
        name: &str,
    ) -> Result<Option<[u8; 16]>, ApplyError> {
        let hash = self.customer_hash(scope, kind, name)?;
        Ok(self.get::<CustomerIndex>(scope, (kind.number(), hash))?.map(|named: Named| named.id))
    }
}

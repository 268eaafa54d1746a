//! What a document changes, gathered before any of it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use weighbridge_model::access::ActorRef;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::TenantId;
use weighbridge_model::name::NameHash;
use weighbridge_store::tables::{CustomerIndex, Kind, Named, TenantIndex};
use weighbridge_store::{CustomerScope, HostScope, Table, TenantScope, Tx, TxError};
use weighbridge_vault::Owner;

use super::error::ApplyError;
use super::fields;
use super::named::kind_of;
use crate::engine::Host;
use crate::texts::customer_owner;

/// One thing that a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub what: &'static str,
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub kind: ChangeKind,
    /// Of what is changed, its fields that are, in the words of a document; never what stands in them.
    pub fields: Vec<String>,
    /// Its tenant's name, where a document says it.
    pub tenant: Option<String>,
    /// Its customer's name, where it has one and a document says it.
    pub customer: Option<String>,
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

/// Whether a row is what the plan found. It may be asked twice too.
type Expect = Box<dyn Fn(&Tx<'_>) -> Result<bool, TxError> + Send + Sync>;

/// What a plan writes, as long as all that it was made from is still so.
pub(crate) struct Writes {
    expects: Vec<Expect>,
    puts: Vec<Put>,
}

impl Writes {
    pub(crate) const fn is_empty(&self) -> bool {
        self.puts.is_empty()
    }

    /// Writes all of it, or says that something it was planned from was changed.
    pub(crate) fn write(&self, tx: &mut Tx<'_>) -> Result<bool, TxError> {
        for expect in &self.expects {
            if !expect(tx)? {
                return Ok(false);
            }
        }
        self.puts.iter().try_for_each(|put| put(tx)).map(|()| true)
    }
}

/// What a plan looked at.
#[derive(Default)]
struct Seen {
    /// What was found, by what it is and where it stands. What was not found is told by what is created.
    found: BTreeMap<(&'static str, String), Digest>,
    /// Rows that were asked for.
    asked: BTreeSet<(&'static str, String)>,
    expects: Vec<Expect>,
}

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
    /// The names of the tenant and the customer that are planned at present.
    pub(crate) within: (Option<String>, Option<String>),
    /// Acts that have a line of their own in the audit log, with what there is to say of each.
    audits: Vec<(&'static str, String)>,
    /// Rows planned so far, by table and key, so that later parts of the document see the earlier ones.
    planned: BTreeMap<(&'static str, String), serde_json::Value>,
    seen: Mutex<Seen>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(host: &'a Host, by: Option<ActorRef>) -> Self {
        Self {
            host,
            by,
            puts: Vec::new(),
            changes: Vec::new(),
            about: None,
            whose: Vec::new(),
            within: (None, None),
            audits: Vec::new(),
            planned: BTreeMap::new(),
            seen: Mutex::default(),
        }
    }

    /// Something else to do when the plan is written, behind all that was planned so far.
    pub(crate) fn also(&mut self, act: impl Fn(&mut Tx<'_>) -> Result<(), TxError> + Send + Sync + 'static) {
        self.puts.push(Box::new(act));
    }

    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(crate) fn into_parts(self) -> (Writes, Vec<Change>, Vec<(&'static str, String)>) {
        let expects = self.seen.into_inner().unwrap_or_else(PoisonError::into_inner).expects;
        (Writes { expects, puts: self.puts }, self.changes, self.audits)
    }

    /// Of all that the plan found and of what it changes, and of nothing random: the same plan has the same digest.
    pub(crate) fn digest(&self) -> Digest {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = seen.found.iter().map(|((what, place), digest)| format!("{what} {place} {digest}"));
        let changes = self.changes.iter().map(|one| format!("{one:?}"));
        let lines: Vec<String> = found.chain(["changes".to_owned()]).chain(changes).collect();
        Digest::of_parts("weighbridge plan", &lines.iter().map(String::as_bytes).collect::<Vec<_>>())
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

    /// A row, planned or stored; a stored one has to be the same when the plan is written.
    pub(crate) fn get<T>(&self, scope: T::Scope, key: T::Key) -> Result<Option<T::Row>, ApplyError>
    where
        T: Table + 'static,
        T::Key: fmt::Debug + Send + Sync + 'static,
        T::Scope: fmt::Debug + Send + Sync + 'static,
    {
        let place = (T::NAME, format!("{scope:?} {key:?}"));
        if let Some(planned) = self.planned.get(&place) {
            return Ok(Some(row_of::<T>(planned.clone())?));
        }
        let row = self.host.store.read(|tx| tx.get::<T>(&scope, &key))?;
        let json = row.as_ref().map(json_of::<T>).transpose()?;
        if let Some(json) = &json {
            self.saw(T::NAME, place.1.clone(), json.to_string().as_bytes());
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.asked.insert(place) {
            seen.expects.push(Box::new(move |tx| {
                let now = tx.get::<T>(&scope, &key)?;
                Ok(now.as_ref().map(json_of::<T>).transpose()? == json)
            }));
        }
        drop(seen);
        Ok(row)
    }

    /// Something that the plan is made from. What is looked at twice is seen twice, if it changed in between.
    pub(crate) fn saw(&self, what: &'static str, place: String, found: &[u8]) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = Digest::of(found);
        let kept = seen.found.entry((what, place)).or_insert(digest);
        if *kept != digest {
            *kept = Digest::of_parts("seen twice", &[kept.as_bytes(), digest.as_bytes()]);
        }
    }

    /// The rows of a table that are planned in a scope.
    pub(crate) fn planned_rows<T>(&self, scope: T::Scope) -> Result<Vec<T::Row>, ApplyError>
    where
        T: Table,
        T::Scope: fmt::Debug,
    {
        let start = format!("{scope:?} ");
        let own = self.planned.iter().filter(|((table, place), _)| *table == T::NAME && place.starts_with(&start));
        own.map(|(_, row)| Ok(row_of::<T>(row.clone())?)).collect()
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

    /// Notes what becomes of a thing, by its row before and after.
    pub(crate) fn note_row<T: PartialEq + Serialize>(
        &mut self,
        what: &'static str,
        name: &str,
        (before, after): (Option<&T>, &T),
    ) -> ChangeKind {
        let kind = kind_of(before, after);
        let fields = if kind == ChangeKind::Changed { fields::that_differ(before, after) } else { Vec::new() };
        self.note(what, name, (kind, fields));
        kind
    }

    pub(crate) fn note(&mut self, what: &'static str, name: &str, (kind, fields): (ChangeKind, Vec<String>)) {
        let (tenant, customer) = self.within.clone();
        self.changes.push(Change { what, name: name.to_owned(), kind, fields, tenant, customer });
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

fn row_of<T: Table>(json: serde_json::Value) -> Result<T::Row, TxError> {
    serde_json::from_value(json).map_err(|source| TxError::Row { table: T::NAME, source })
}

fn json_of<T: Table>(row: &T::Row) -> Result<serde_json::Value, TxError> {
    serde_json::to_value(row).map_err(|source| TxError::Row { table: T::NAME, source })
}

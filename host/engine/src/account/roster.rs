//! Every customer of a tenant as far as lists ask for it, in memory: names are sealed in the store, so they are searched here.
//!
//! A tenant is read at its first list. After that the store's journal names the rows that were changed, and they are read
//! again before the next list.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

use memchr::memmem;
use weighbridge_model::connection::{Connection, ConnectionState, Owner};
use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::id::{ConnectionId, CustomerId, IntegrationId, TenantId, TransferId, WorkflowId};
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::Transfer;
use weighbridge_store::tables::{Connections, Customers, Integrations, Progresses, Transfers};
use weighbridge_store::{CustomerScope, Followed, Follower, Store, TenantScope, Tx};

use super::customers::CustomerSort;
use super::inputs::open_some;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// All tenants that were asked for.
pub(crate) struct Roster {
    tenants: RwLock<HashMap<TenantId, TenantRoster>>,
    customers: Follower<Customers>,
    connections: Follower<Connections>,
    transfers: Follower<Transfers>,
    progresses: Follower<Progresses>,
    integrations: Follower<Integrations>,
}

/// What is wanted of a list.
pub(crate) struct Wanted {
    pub(crate) status: Option<CustomerStatus>,
    pub(crate) labels: Vec<String>,
    /// In lower case.
    pub(crate) name: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) connector: Option<String>,
    pub(crate) workflow: Option<WorkflowId>,
    pub(crate) needs_attention: Option<bool>,
    pub(crate) created: (Option<Timestamp>, Option<Timestamp>),
    pub(crate) sort: CustomerSort,
    /// The name in lower case and the id of the last one before.
    pub(crate) after: Option<(String, CustomerId)>,
    pub(crate) now: Timestamp,
}

/// What is known of a customer beside its row.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) connectors: Vec<String>,
    pub(crate) needs_attention: bool,
}

/// How large a tenant's roster is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RosterSize {
    /// Customers in it.
    pub customers: usize,
    /// About so many bytes.
    pub bytes: usize,
}

#[derive(Default)]
struct TenantRoster {
    /// Where each customer's line is, in the order in which they were made.
    by_id: BTreeMap<CustomerId, usize>,
    /// The same by their names in lower case, which are searched where they stand.
    by_name: BTreeMap<(String, CustomerId), usize>,
    /// The lines; those of customers that are gone are used again.
    lines: Vec<Option<Line>>,
    free: Vec<usize>,
    integrations: HashMap<IntegrationId, String>,
    connections: HashMap<ConnectionId, Used>,
    /// Transfers that are on and suspended, or failed the last time.
    troubled: HashMap<TransferId, CustomerId>,
}

struct Line {
    folded: String,
    external_id: Option<String>,
    labels: Vec<String>,
    row: Plain,
    connections: BTreeSet<ConnectionId>,
    troubled: u32,
}

/// The plain fields that lists ask for.
struct Plain {
    status: CustomerStatus,
    active_from: Option<Timestamp>,
    workflow: Option<WorkflowId>,
    created_at: Timestamp,
}

struct Used {
    customer: CustomerId,
    integration: IntegrationId,
    stands_still: bool,
}

/// Rows read at once.
const STEP: usize = 10_000;

impl Roster {
    pub(crate) fn over(store: &Store) -> Self {
        Self {
            tenants: RwLock::default(),
            customers: store.follow(),
            connections: store.follow(),
            transfers: store.follow(),
            progresses: store.follow(),
            integrations: store.follow(),
        }
    }

    /// The ids of a page, and whether there are more.
    pub(crate) fn page(
        &self,
        engine: &Engine,
        scope: TenantScope,
        wanted: &Wanted,
        limit: usize,
    ) -> Result<(Vec<CustomerId>, bool), EngineError> {
        self.with(engine, scope, |roster| roster.page(wanted, limit))
    }

    /// What is known of one customer.
    pub(crate) fn known(&self, engine: &Engine, scope: CustomerScope) -> Result<Known, EngineError> {
        self.with(engine, scope.tenant(), |roster| roster.known(scope.id()))
    }

    pub(crate) fn size(&self, engine: &Engine, scope: TenantScope) -> Result<RosterSize, EngineError> {
        self.with(engine, scope, TenantRoster::size)
    }

    fn with<T>(
        &self,
        engine: &Engine,
        scope: TenantScope,
        ask: impl FnOnce(&TenantRoster) -> T,
    ) -> Result<T, EngineError> {
        self.catch_up(engine)?;
        {
            let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(roster) = tenants.get(&scope.id()) {
                return Ok(ask(roster));
            }
        }
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        Ok(ask(match tenants.entry(scope.id()) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(place) => place.insert(TenantRoster::read(engine, scope)?),
        }))
    }

    /// Reads again what was changed since the last list.
    fn catch_up(&self, engine: &Engine) -> Result<(), EngineError> {
        let changes = (self.customers.take(), self.connections.take(), self.transfers.take());
        let beside = (self.progresses.take(), self.integrations.take());
        let (
            (Followed::Keys(customers), Followed::Keys(connections), Followed::Keys(mut transfers)),
            (Followed::Keys(progresses), Followed::Keys(integrations)),
        ) = (changes, beside)
        else {
            self.tenants.write().unwrap_or_else(PoisonError::into_inner).clear();
            return Ok(());
        };
        transfers.extend(progresses);
        if customers.is_empty() && connections.is_empty() && transfers.is_empty() && integrations.is_empty() {
            return Ok(());
        }
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        for (scope, id) in integrations {
            let Some(roster) = tenants.get_mut(&scope.id()) else { continue };
            roster.integrations.insert(id, connector_of(engine, scope, id)?);
        }
        for (scope, id) in customers {
            let Some(roster) = tenants.get_mut(&scope.id()) else { continue };
            let row = engine.host.store.read(|tx| tx.get::<Customers>(&scope, &id))?;
            roster.set_customer(engine, scope, id, row.as_ref())?;
        }
        for (scope, id) in connections {
            let Some(roster) = tenants.get_mut(&scope.id()) else { continue };
            let row = engine.host.store.read(|tx| tx.get::<Connections>(&scope, &id))?;
            roster.set_connection(engine, scope, id, row.as_ref())?;
        }
        for (scope, id) in transfers {
            let Some(roster) = tenants.get_mut(&scope.tenant_id()) else { continue };
            let read = |tx: &Tx<'_>| Ok((tx.get::<Transfers>(&scope, &id)?, tx.get::<Progresses>(&scope, &id)?));
            let (row, progress) = engine.host.store.read(read)?;
            let failed = progress.is_some_and(|progress| progress.failed);
            roster.set_transfer(scope.id(), id, row.is_some_and(|row| is_troubled(&row, failed)));
        }
        Ok(())
    }
}

impl TenantRoster {
    fn read(engine: &Engine, scope: TenantScope) -> Result<Self, EngineError> {
        let (mut roster, store) = (Self::default(), &engine.host.store);
        let mut after = None;
        loop {
            let rows = store.read(|tx| tx.scan::<Customers>(&scope, after.as_ref(), STEP))?;
            let Some((last, _)) = rows.last() else { break };
            after = Some(*last);
            for (id, row) in &rows {
                roster.set_customer(engine, scope, *id, Some(row))?;
            }
        }
        let mut after = None;
        loop {
            let rows = store.read(|tx| tx.scan::<Connections>(&scope, after.as_ref(), STEP))?;
            let Some((last, _)) = rows.last() else { break };
            after = Some(*last);
            for (id, row) in &rows {
                roster.set_connection(engine, scope, *id, Some(row))?;
            }
        }
        roster.read_transfers(store, scope)?;
        Ok(roster)
    }

    fn read_transfers(&mut self, store: &Store, scope: TenantScope) -> Result<(), EngineError> {
        let (mut failed, mut after) = (HashSet::new(), None);
        loop {
            let rows = store.read(|tx| tx.scan_tenant::<Progresses>(scope, after.as_ref(), STEP))?;
            let Some((last, _)) = rows.last() else { break };
            after = Some(*last);
            failed.extend(rows.iter().filter(|(_, row)| row.failed).map(|((_, id), _)| *id));
        }
        let mut after = None;
        loop {
            let rows = store.read(|tx| tx.scan_tenant::<Transfers>(scope, after.as_ref(), STEP))?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(*last);
            for ((customer, id), row) in &rows {
                self.set_transfer(customer.id(), *id, is_troubled(row, failed.contains(id)));
            }
        }
    }

    fn set_customer(
        &mut self,
        engine: &Engine,
        scope: TenantScope,
        id: CustomerId,
        row: Option<&Customer>,
    ) -> Result<(), EngineError> {
        let Some(row) = row else {
            self.drop_line(id);
            return Ok(());
        };
        let texts = Texts::new(&engine.host.ring, customer_owner(scope.customer(id)), id.as_bytes());
        let folded = engine.customer_name(scope.customer(id), row)?.to_lowercase();
        let external_id = row.external_id.as_ref().map(|text| texts.open_text("external_id", text)).transpose()?;
        let labels = open_some(&texts, "labels", row.labels.as_ref())?;
        let plain = Plain {
            status: row.status,
            active_from: row.active_from(),
            workflow: row.workflow,
            created_at: row.created_at,
        };
        let place = match self.by_id.get(&id) {
            Some(place) => *place,
            None => self.free.pop().unwrap_or(self.lines.len()),
        };
        if place == self.lines.len() {
            self.lines.push(None);
        }
        let before = self.lines[place].take();
        if let Some(line) = &before {
            self.by_name.remove(&(line.folded.clone(), id));
        }
        let (connections, troubled) = before.map(|line| (line.connections, line.troubled)).unwrap_or_default();
        self.by_name.insert((folded.clone(), id), place);
        self.by_id.insert(id, place);
        self.lines[place] = Some(Line { folded, external_id, labels, row: plain, connections, troubled });
        Ok(())
    }

    fn drop_line(&mut self, id: CustomerId) {
        let Some(place) = self.by_id.remove(&id) else { return };
        if let Some(line) = self.lines[place].take() {
            self.by_name.remove(&(line.folded, id));
        }
        self.free.push(place);
    }

    fn line(&self, id: CustomerId) -> Option<&Line> {
        self.by_id.get(&id).and_then(|place| self.lines[*place].as_ref())
    }

    fn line_mut(&mut self, id: CustomerId) -> Option<&mut Line> {
        self.by_id.get(&id).and_then(|place| self.lines[*place].as_mut())
    }

    fn set_connection(
        &mut self,
        engine: &Engine,
        scope: TenantScope,
        id: ConnectionId,
        row: Option<&Connection>,
    ) -> Result<(), EngineError> {
        if let Some(used) = self.connections.remove(&id)
            && let Some(entry) = self.line_mut(used.customer)
        {
            entry.connections.remove(&id);
        }
        let Some(row) = row else { return Ok(()) };
        let Owner::Customer(customer) = row.owner else { return Ok(()) };
        if let Entry::Vacant(place) = self.integrations.entry(row.integration) {
            place.insert(connector_of(engine, scope, row.integration)?);
        }
        let stands_still = row.switch == Switch::On && row.state != ConnectionState::Ready;
        self.connections.insert(id, Used { customer, integration: row.integration, stands_still });
        if let Some(entry) = self.line_mut(customer) {
            entry.connections.insert(id);
        }
        Ok(())
    }

    fn set_transfer(&mut self, customer: CustomerId, id: TransferId, troubled: bool) {
        let was = self.troubled.remove(&id).is_some();
        if troubled {
            self.troubled.insert(id, customer);
        }
        if let Some(entry) = self.line_mut(customer) {
            entry.troubled = entry.troubled + u32::from(troubled) - u32::from(was);
        }
    }

    fn known(&self, id: CustomerId) -> Known {
        let Some(entry) = self.line(id) else { return Known::default() };
        let used: BTreeSet<_> = self.connectors(entry).collect();
        Known {
            connectors: used.into_iter().map(str::to_owned).collect(),
            needs_attention: self.needs_attention(entry),
        }
    }

    fn used<'a>(&'a self, entry: &'a Line) -> impl Iterator<Item = &'a Used> {
        entry.connections.iter().filter_map(|id| self.connections.get(id))
    }

    fn connectors<'a>(&'a self, entry: &'a Line) -> impl Iterator<Item = &'a str> {
        self.used(entry).filter_map(|used| self.integrations.get(&used.integration)).map(String::as_str)
    }

    fn needs_attention(&self, entry: &Line) -> bool {
        entry.troubled > 0 || self.used(entry).any(|used| used.stands_still)
    }

    fn page(&self, wanted: &Wanted, limit: usize) -> (Vec<CustomerId>, bool) {
        let finder = wanted.name.as_ref().map(|name| memmem::Finder::new(name.as_bytes()));
        let has_name = |folded: &str| finder.as_ref().is_none_or(|name| name.find(folded.as_bytes()).is_some());
        let fits = |place: usize| self.lines[place].as_ref().is_some_and(|line| self.fits(line, wanted));
        let (after, order) = (wanted.after.as_ref(), wanted.sort);
        let mut found: Vec<CustomerId> = match order {
            CustomerSort::Name | CustomerSort::NameDown => {
                let edge = after.cloned();
                // The name is looked at first: it stands here, and few have what is looked for.
                let ids = |((folded, id), place): (&(String, CustomerId), &usize)| {
                    (has_name(folded) && fits(*place)).then_some(*id)
                };
                if order == CustomerSort::Name {
                    let from = edge.map_or(Bound::Unbounded, Bound::Excluded);
                    self.by_name.range((from, Bound::Unbounded)).filter_map(ids).take(limit + 1).collect()
                } else {
                    let to = edge.map_or(Bound::Unbounded, Bound::Excluded);
                    self.by_name.range((Bound::Unbounded, to)).rev().filter_map(ids).take(limit + 1).collect()
                }
            }
            CustomerSort::Created | CustomerSort::CreatedDown => {
                let edge = after.map(|(_, id)| *id);
                let ids = |(id, place): (&CustomerId, &usize)| {
                    let is_named = self.lines[*place].as_ref().is_some_and(|line| has_name(&line.folded));
                    (is_named && fits(*place)).then_some(*id)
                };
                if order == CustomerSort::Created {
                    let from = edge.map_or(Bound::Unbounded, Bound::Excluded);
                    self.by_id.range((from, Bound::Unbounded)).filter_map(ids).take(limit + 1).collect()
                } else {
                    let to = edge.map_or(Bound::Unbounded, Bound::Excluded);
                    self.by_id.range((Bound::Unbounded, to)).rev().filter_map(ids).take(limit + 1).collect()
                }
            }
        };
        let more = found.len() > limit;
        found.truncate(limit);
        (found, more)
    }

    fn fits(&self, entry: &Line, wanted: &Wanted) -> bool {
        let (from, before) = wanted.created;
        // Those that are deleted are listed where somebody asks for just them.
        let status = entry.row.status_at(wanted.now);
        wanted.status.map_or(status != CustomerStatus::Deleted, |wanted| wanted == status)
            && wanted.labels.iter().all(|label| entry.labels.contains(label))
            && wanted.external_id.as_ref().is_none_or(|id| entry.external_id.as_ref() == Some(id))
            && wanted.workflow.is_none_or(|workflow| entry.row.workflow == Some(workflow))
            && from.is_none_or(|from| entry.row.created_at >= from)
            && before.is_none_or(|before| entry.row.created_at < before)
            && wanted.connector.as_ref().is_none_or(|name| self.connectors(entry).any(|one| one == name))
            && wanted.needs_attention.is_none_or(|needs| self.needs_attention(entry) == needs)
    }

    fn size(&self) -> RosterSize {
        let texts = |entry: &Line| {
            let labels: usize = entry.labels.iter().map(|label| label.len() + size_of::<String>()).sum();
            2 * entry.folded.len() + entry.external_id.as_ref().map_or(0, String::len) + labels
        };
        let each = size_of::<Line>() + size_of::<(String, CustomerId)>() + size_of::<CustomerId>();
        let bytes = self.lines.iter().flatten().map(|entry| each + texts(entry)).sum();
        RosterSize { customers: self.by_id.len(), bytes }
    }
}

/// Whether somebody should look at a transfer: it is on, and was suspended or failed the last time.
fn is_troubled(row: &Transfer, failed: bool) -> bool {
    row.switch == Switch::On && row.removed_at.is_none() && (row.suspended || failed)
}

/// The connector that an integration offers.
fn connector_of(engine: &Engine, scope: TenantScope, id: IntegrationId) -> Result<String, EngineError> {
    let row = engine.host.store.read(|tx| tx.get::<Integrations>(&scope, &id))?;
    Ok(row.map(|row| row.connector.to_string()).unwrap_or_default())
}

impl Plain {
    fn status_at(&self, now: Timestamp) -> CustomerStatus {
        match self.status {
            CustomerStatus::Inactive if self.active_from.is_some_and(|from| from <= now) => CustomerStatus::Active,
            status => status,
        }
    }
}

impl Engine {
    /// How large the roster of a tenant is, read where it was not yet.
    pub fn roster_size(&self, scope: TenantScope) -> Result<RosterSize, EngineError> {
        self.host.roster.size(self, scope)
    }
}

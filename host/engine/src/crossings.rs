//! Windows that begin or end: each crossing is told to the audit log, also one of which nobody was there.
//!
//! Windows are kept in memory, and read again where the store's journal says that a row was written; so nothing that writes
//! one has to remember it. Up to when they were told stands in the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Mutex, PoisonError};

use weighbridge_model::access::ActorRef;
use weighbridge_model::connection::Owner;
use weighbridge_model::customer::CustomerStatus;
use weighbridge_model::event::{About, Event, EventKind};
use weighbridge_model::id::{ConnectionId, EndpointId, ExternalServiceId};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_store::tables::{Connections, Customers, Endpoints, Services, ToldOfWindows, WindowsTold};
use weighbridge_store::verbs::raise;
use weighbridge_store::{CustomerScope, Followed, Follower, HostScope, Store, Table, TenantScope, Tx, TxError};

use crate::audit::AuditLine;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner};

/// So many are told in one transaction, if no more of them are of one instant.
const STEP: usize = 150;
/// So long before its end a window is said to end soon.
const SOON_MS: i64 = 7 * 24 * 3_600_000;
/// Rows read at once.
const READ_STEP: usize = 10_000;

/// Something that has a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Subject {
    Customer(CustomerScope),
    Connection(TenantScope, ConnectionId),
    Endpoint(CustomerScope, EndpointId),
    Service(CustomerScope, ExternalServiceId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Edge {
    Start,
    /// It ends within seven days. The audit log is not told of it.
    Soon,
    End,
}

type Crossing = (Timestamp, Subject, Edge);

/// What is written of crossings: lines of the audit log, and what tenants are told.
type Told = (Vec<AuditLine>, Vec<(TenantScope, Event)>);

/// All windows that have an edge.
pub(crate) struct Crossings {
    known: Mutex<Known>,
    customers: Follower<Customers>,
    connections: Follower<Connections>,
    endpoints: Follower<Endpoints>,
    services: Follower<Services>,
}

#[derive(Default)]
struct Known {
    is_read: bool,
    windows: HashMap<Subject, Window>,
    edges: BTreeMap<Timestamp, BTreeSet<(Subject, Edge)>>,
}

impl Engine {
    /// Tells the audit log of every window that began or ended since the last time. A host that serves does so every minute.
    /// Where more than 150 edges lie on one instant, a crash in their midst tells of some of them twice.
    pub async fn tell_of_windows(&self) -> Result<usize, EngineError> {
        let (host, now) = (HostScope::new(), self.host.now());
        let told = self.host.store.read(|tx| tx.get::<ToldOfWindows>(&host, &()))?;
        let Some(told) = told else { return self.told_until(Default::default(), now).await.map(|()| 0) };
        let due = self.host.crossings.between(&self.host.store, told.until, now)?;
        let (mut rest, mut mark) = (due.as_slice(), told.until);
        while let Some((last, ..)) = rest.get(STEP.min(rest.len()).saturating_sub(1)) {
            let count = rest.partition_point(|(at, ..)| at <= last);
            for chunk in rest[..count].chunks(STEP) {
                let lines = chunk.iter().filter_map(|one| self.crossing_line(one).transpose());
                let events = self.crossing_events(chunk, now)?;
                // Of one instant only the last chunk moves the mark on, since another one would hide what is left.
                if chunk.last() == rest[..count].last() {
                    mark = *last;
                }
                self.told_until((lines.collect::<Result<_, _>>()?, events), mark).await?;
            }
            rest = &rest[count..];
        }
        if mark < now {
            self.told_until(Default::default(), now).await?;
        }
        Ok(due.len())
    }

    async fn told_until(&self, (lines, events): Told, until: Timestamp) -> Result<(), EngineError> {
        let written = self.host.store.write(move |tx| {
            lines.iter().try_for_each(|line| line.write(tx))?;
            events.iter().try_for_each(|(scope, event)| raise(tx, *scope, event).map(|_| ()))?;
            tx.put::<ToldOfWindows>(&HostScope::new(), &(), &WindowsTold { until })
        });
        written.await?;
        Ok(())
    }

    /// What its tenant is told of them.
    fn crossing_events(
        &self,
        crossings: &[Crossing],
        now: Timestamp,
    ) -> Result<Vec<(TenantScope, Event)>, EngineError> {
        let events =
            |tx: &Tx<'_>| crossings.iter().map(|one| crossing_event(tx, one, now)).collect::<Result<Vec<_>, _>>();
        Ok(self.host.store.read(events)?.into_iter().flatten().collect())
    }

    /// What the audit log says of it; nothing where it is gone by now.
    fn crossing_line(&self, (_, subject, edge): &Crossing) -> Result<Option<AuditLine>, EngineError> {
        let (store, ring) = (&self.host.store, &self.host.ring);
        let by = ActorRef::HOST;
        let Some(act) = act(subject, *edge) else { return Ok(None) };
        Ok(match *subject {
            Subject::Customer(scope) => match store.read(|tx| tx.get::<Customers>(&scope.tenant(), &scope.id()))? {
                Some(row) => {
                    Some(self.audit_customer(scope, by, act, self.customer_name(scope, &row)?.as_str().into())?)
                }
                None => None,
            },
            Subject::Connection(scope, id) => match store.read(|tx| tx.get::<Connections>(&scope, &id))? {
                Some(row) => {
                    let label =
                        Texts::new(ring, connection_owner(&row), id.as_bytes()).open_text("label", &row.label)?;
                    let label = label.as_str().into();
                    Some(match row.owner {
                        Owner::Customer(customer) => self.audit_customer(scope.customer(customer), by, act, label)?,
                        Owner::Tenant => self.audit_in_tenant(scope, by, act, label)?,
                    })
                }
                None => None,
            },
            Subject::Endpoint(scope, id) => match store.read(|tx| tx.get::<Endpoints>(&scope, &id))? {
                Some(row) => {
                    let name = self.host.name_in(scope, id.as_bytes(), &row.name)?;
                    Some(self.audit_customer(scope, by, act, name.as_str().into())?)
                }
                None => None,
            },
            Subject::Service(scope, id) => match store.read(|tx| tx.get::<Services>(&scope, &id))? {
                Some(row) => Some(self.audit_customer(scope, by, act, row.access_id.to_string().as_str().into())?),
                None => None,
            },
        })
    }
}

impl Crossings {
    pub(crate) fn over(store: &Store) -> Self {
        Self {
            known: Mutex::default(),
            customers: store.follow(),
            connections: store.follow(),
            endpoints: store.follow(),
            services: store.follow(),
        }
    }

    /// The edges after one instant up to another, in their order.
    fn between(&self, store: &Store, after: Timestamp, until: Timestamp) -> Result<Vec<Crossing>, EngineError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let all = !known.is_read;
        let mut changed = Vec::new();
        changed.extend(touched(store, &self.customers, all, |(scope, id)| Subject::Customer(scope.customer(id)))?);
        changed.extend(touched(store, &self.connections, all, |(scope, id)| Subject::Connection(scope, id))?);
        changed.extend(touched(store, &self.endpoints, all, |(scope, id)| Subject::Endpoint(scope, id))?);
        changed.extend(touched(store, &self.services, all, |(scope, id)| Subject::Service(scope, id))?);
        for subjects in changed.chunks(READ_STEP) {
            let windows = store.read(|tx| subjects.iter().map(|one| window(tx, one)).collect::<Result<Vec<_>, _>>())?;
            subjects.iter().zip(windows).for_each(|(subject, window)| known.set(*subject, window));
        }
        known.is_read = true;
        if until <= after {
            return Ok(Vec::new());
        }
        let due = known.edges.range((Bound::Excluded(after), Bound::Included(until)));
        Ok(due.flat_map(|(at, of)| of.iter().map(|(subject, edge)| (*at, *subject, *edge))).collect())
    }
}

impl Known {
    fn set(&mut self, subject: Subject, window: Option<Window>) {
        if let Some(before) = self.windows.remove(&subject) {
            for (at, subject, edge) in edges(subject, before) {
                let of = self.edges.entry(at).or_default();
                of.remove(&(subject, edge));
                if of.is_empty() {
                    self.edges.remove(&at);
                }
            }
        }
        if let Some(window) = window.filter(|window| *window != Window::ALWAYS) {
            for (at, subject, edge) in edges(subject, window) {
                self.edges.entry(at).or_default().insert((subject, edge));
            }
            self.windows.insert(subject, window);
        }
    }
}

fn edges(subject: Subject, window: Window) -> impl Iterator<Item = Crossing> {
    let start = window.start.map(|at| (at, subject, Edge::Start));
    let soon = window.end.map(|end| end.plus_millis(-SOON_MS));
    let soon = soon.filter(|soon| window.start.is_none_or(|start| start < *soon)).map(|at| (at, subject, Edge::Soon));
    start.into_iter().chain(soon).chain(window.end.map(|at| (at, subject, Edge::End)))
}

/// The rows that were written since the last time, or all of them.
fn touched<T: Table>(
    store: &Store,
    follower: &Follower<T>,
    all: bool,
    subject: impl Fn((T::Scope, T::Key)) -> Subject,
) -> Result<Vec<Subject>, EngineError> {
    let keys = match follower.take() {
        Followed::Keys(keys) if !all => keys,
        Followed::Keys(_) | Followed::Any => all_keys::<T>(store)?,
    };
    Ok(keys.into_iter().map(subject).collect())
}

/// Where a row stands.
type At<T> = (<T as Table>::Scope, <T as Table>::Key);

fn all_keys<T: Table>(store: &Store) -> Result<Vec<At<T>>, EngineError> {
    let mut found: Vec<At<T>> = Vec::new();
    loop {
        let keys = store.read(|tx| tx.keys::<T>(HostScope::new(), found.last(), READ_STEP))?;
        let is_last = keys.len() < READ_STEP;
        found.extend(keys);
        if is_last {
            return Ok(found);
        }
    }
}

/// The window of something that is there and is not deleted.
fn window(tx: &Tx<'_>, subject: &Subject) -> Result<Option<Window>, TxError> {
    Ok(match subject {
        Subject::Customer(scope) => tx
            .get::<Customers>(&scope.tenant(), &scope.id())?
            .filter(|row| !matches!(row.status, CustomerStatus::Deleting | CustomerStatus::Deleted))
            .map(|row| row.window),
        Subject::Connection(scope, id) => tx.get::<Connections>(scope, id)?.map(|row| row.window),
        Subject::Endpoint(scope, id) => tx.get::<Endpoints>(scope, id)?.map(|row| row.window),
        Subject::Service(scope, id) => tx.get::<Services>(scope, id)?.map(|row| row.window),
    })
}

/// What the tenant is told of an edge; nothing of what is gone, and not that something ends soon which has ended.
fn crossing_event(
    tx: &Tx<'_>,
    (at, subject, edge): &Crossing,
    now: Timestamp,
) -> Result<Option<(TenantScope, Event)>, TxError> {
    let ends_at = (*edge == Edge::Soon).then(|| at.plus_millis(SOON_MS));
    if window(tx, subject)?.is_none() || ends_at.is_some_and(|end| end <= now) {
        return Ok(None);
    }
    let of = |scope: CustomerScope| (scope.tenant(), About { customer: Some(scope.id()), ends_at, ..About::default() });
    let (scope, about) = match *subject {
        Subject::Customer(scope) => of(scope),
        Subject::Endpoint(scope, id) => (scope.tenant(), About { endpoint: Some(id), ..of(scope).1 }),
        Subject::Service(scope, id) => (scope.tenant(), About { service: Some(id), ..of(scope).1 }),
        Subject::Connection(scope, id) => {
            let owner = tx.get::<Connections>(&scope, &id)?.map(|row| row.owner);
            let customer = match owner {
                Some(Owner::Customer(customer)) => Some(customer),
                Some(Owner::Tenant) | None => None,
            };
            (scope, About { customer, connection: Some(id), ends_at, ..About::default() })
        }
    };
    let kind = match edge {
        Edge::Start => EventKind::WindowOpened,
        Edge::Soon => EventKind::WindowClosingSoon,
        Edge::End => EventKind::WindowClosed,
    };
    Ok(Some((scope, Event::new(kind, *at, about, None))))
}

const fn act(subject: &Subject, edge: Edge) -> Option<&'static str> {
    Some(match (subject, edge) {
        (_, Edge::Soon) => return None,
        (Subject::Customer(_), Edge::Start) => "customer.started",
        (Subject::Customer(_), Edge::End) => "customer.ended",
        (Subject::Connection(..), Edge::Start) => "connection.started",
        (Subject::Connection(..), Edge::End) => "connection.ended",
        (Subject::Endpoint(..), Edge::Start) => "endpoint.started",
        (Subject::Endpoint(..), Edge::End) => "endpoint.ended",
        (Subject::Service(..), Edge::Start) => "service.started",
        (Subject::Service(..), Edge::End) => "service.ended",
    })
}

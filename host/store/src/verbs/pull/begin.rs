//! Find what is to be done for a page that is asked for: serve it as it is kept, or hold what reading it may cost.

use std::convert::Infallible;

use weighbridge_model::gate::{Refusal, admit};
use weighbridge_model::id::{EndpointId, ExternalServiceId, RunId};
use weighbridge_model::meter::key;
use weighbridge_model::run::Cause;
use weighbridge_model::service::{Pull, PullPage, PullPlace, Turn};
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{BatchLimit, Progress};

use super::abandon::let_go;
use crate::committed::Committed;
use crate::error::{ReadError, TxError, WriteError};
use crate::scope::CustomerScope;
use crate::store::Store;
use crate::tables::{Endpoints, Progresses, PullPages, Pulls};
use crate::tx::Tx;
use crate::verbs::begin::{Held, Intent, begin_lineage, begin_walk, fresh_run, hold_next};
use crate::verbs::ledger::{put_progress, put_run};
use crate::verbs::route::{Route, gather_pull};

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub enum PullFrom {
    /// The first one of a new reading, of what changed since an instant or of all there is.
    Start(Option<Timestamp>),
    /// The page of a cursor that was given out.
    Cursor(PullPlace),
}

/// A page that an external service asks for.
#[derive(Clone, Copy, Debug)]
pub struct PullAsk {
    /// Who asks.
    pub service: ExternalServiceId,
    /// From where.
    pub endpoint: EndpointId,
    /// Which page.
    pub from: PullFrom,
    /// The most that it may hold, where it is to be read.
    pub limit: BatchLimit,
    /// The id of its run, where it is to be read.
    pub run: RunId,
}

/// What is to be done for a page that is asked for.
#[derive(Debug)]
pub enum PullBegun<H = Committed<Box<Held>>> {
    /// Read it.
    Read(H),
    /// Serve it as it is kept, at this place; it is billed already.
    Kept(Box<PullPage>, PullPlace),
    /// It is gone, and the next one is of a new reading.
    Expired,
    /// The gate said no.
    Refused(Refusal),
}

/// Decides about a page that need not be read: it is kept, or gone. That writes nothing, and so waits for nobody who writes.
pub fn find_pull(
    store: &Store,
    scope: CustomerScope,
    ask: PullAsk,
    now: Timestamp,
) -> Result<Option<PullBegun<Infallible>>, ReadError> {
    Ok(match store.read(|tx| find(tx, scope, ask, now))? {
        Found::Begun(begun) => Some(begun),
        Found::Unread(_) => None,
    })
}

/// Decides about a page, and holds what it may cost where it is to be read.
pub async fn begin_pull(
    store: &Store,
    scope: CustomerScope,
    ask: PullAsk,
    now: Timestamp,
) -> Result<PullBegun, WriteError> {
    let begun = store.write(move |tx| match find(tx, scope, ask, now)? {
        Found::Begun(begun) => Ok(begun.map(|never| match never {})),
        Found::Unread(pull) => read(tx, scope, pull, ask, now),
    });
    Ok(begun.await?.into_inner().map(Committed::new))
}

impl<H> PullBegun<H> {
    fn map<T>(self, held: impl FnOnce(H) -> T) -> PullBegun<T> {
        match self {
            Self::Read(it) => PullBegun::Read(held(it)),
            Self::Kept(page, place) => PullBegun::Kept(page, place),
            Self::Expired => PullBegun::Expired,
            Self::Refused(refusal) => PullBegun::Refused(refusal),
        }
    }
}

/// What there is of a page that is asked for.
enum Found {
    /// It is decided.
    Begun(PullBegun<Infallible>),
    /// It is to be read, for this pull.
    Unread(Pull),
}

fn find(tx: &Tx<'_>, scope: CustomerScope, ask: PullAsk, now: Timestamp) -> Result<Found, TxError> {
    let id = key::pull(ask.service, ask.endpoint);
    let endpoint = tx.need::<Endpoints>(&scope, &ask.endpoint)?;
    let before = tx.get::<Pulls>(&scope, &id)?;
    let (since, place) = match (ask.from, &before) {
        (PullFrom::Start(since), _) => (since, endpoint.place),
        (PullFrom::Cursor(_), Some(pull)) if pull.place == endpoint.place => (pull.since, endpoint.place),
        (PullFrom::Cursor(_), _) => return Ok(Found::Begun(PullBegun::Expired)),
    };
    let pull = Pull { limit: ask.limit, since, place, ..Pull::new(ask.service, ask.endpoint) };
    if let PullFrom::Cursor(place) = ask.from {
        let progress = tx.get::<Progresses>(&scope, &id)?.unwrap_or_default();
        match place.turn(&progress) {
            Turn::Read => {}
            Turn::Kept => return Ok(Found::Begun(kept(tx, scope, pull, place, now)?)),
            Turn::Expired => return Ok(Found::Begun(PullBegun::Expired)),
        }
    }
    Ok(Found::Unread(pull))
}

/// A page that is billed moves again only while the gate says yes; the quota is not asked twice.
fn kept(
    tx: &Tx<'_>,
    scope: CustomerScope,
    pull: Pull,
    place: PullPlace,
    now: Timestamp,
) -> Result<PullBegun<Infallible>, TxError> {
    let page = tx.get::<PullPages>(&scope, &(pull.id, place))?.filter(|page| page.is_kept(now));
    let Some(page) = page else { return Ok(PullBegun::Expired) };
    let route = gather_pull(tx, scope, pull, now)?;
    Ok(match admit(&route.facts(true, None), now) {
        Ok(()) => PullBegun::Kept(Box::new(page), place),
        Err(refusal) => PullBegun::Refused(refusal),
    })
}

/// Holds what reading the page may cost. A new reading takes the place of the one before when its first page is settled: until
/// then, and after a no, the cursors that were given out stay good.
fn read(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    pull: Pull,
    ask: PullAsk,
    now: Timestamp,
) -> Result<PullBegun<Box<Held>>, TxError> {
    let mut route = gather_pull(tx, scope, pull.clone(), now)?;
    if route.progress.run.is_some() || route.progress.open.is_some() {
        let progress = let_go(tx, &mut route, now)?;
        route = Route { progress, ..gather_pull(tx, scope, pull.clone(), now)? };
    }
    let intent = Intent { transfer: pull.id, cause: Cause::Pull, occurrence: None, run: ask.run, by: None };
    let mut run = fresh_run(intent, now);
    run.attempts = 1;
    route.progress = Progress { attempt: route.progress.attempt + 1, run: Some(run.id), ..route.progress };
    let before = route.progress.clone();
    if let PullFrom::Start(_) = ask.from {
        begin_lineage(&mut route);
    }
    begin_walk(&route, &mut run);
    let batch = match hold_next(tx, &mut route, &run, true, now)? {
        Ok(batch) => batch,
        Err(refusal) => return Ok(PullBegun::Refused(refusal)),
    };
    if tx.get::<Pulls>(&scope, &pull.id)?.is_none() {
        tx.put::<Pulls>(&scope, &pull.id, &Pull::new(pull.service, pull.endpoint))?;
    }
    put_run(tx, scope, &run)?;
    put_progress(tx, scope, &run, &Progress { open: Some(batch.id), ..before })?;
    Ok(PullBegun::Read(Box::new(Held::new(route, run, batch))))
}

//! A page that an external service asks for: the same pipeline, with our own store at its end.
//!
//! ```text
//! ask → begin_pull → Committed<Held> → read → weigh → extend? → seal → settle_pull → the first byte of an answer
//! ```
//!
//! Nothing of a page is given out before the commit that bills and keeps it. One that is asked for again is served as it is
//! kept. There are no second attempts here: whoever asked is told at once, and asks again.

use tracing::Instrument as _;
use weighbridge_model::connection::Connection;
use weighbridge_model::gate::Refusal;
use weighbridge_model::id::{BatchId, BlobId};
use weighbridge_model::service::{PullPage, PullPlace};
use weighbridge_store::verbs::{self, AttemptEnd, Held, PullAsk, PullBegun, PullSettled};
use weighbridge_store::{Committed, CustomerScope};

use super::blob::{Items, Lines, Place};
use super::halt::{Halt, Trouble};
use super::open::{self, Reading};
use super::span::{self, part};
use super::{ending, extend, read, sign_in, weigh};
use crate::engine::Host;
use crate::error::EngineError;

/// What became of a page that was asked for.
pub(crate) enum Pulled {
    /// It is billed and kept.
    Page(Box<Answer>),
    /// It is gone.
    Expired,
    /// The gate said no.
    Refused(Refusal),
    /// The source could not give it.
    Failed(Trouble),
}

/// A page that is billed and kept.
pub(crate) struct Answer {
    pub(crate) page: PullPage,
    pub(crate) place: PullPlace,
    pub(crate) items: Items,
    /// Whether it was read, and billed, for this request.
    pub(crate) fresh: bool,
}

/// The page, where it need not be read.
pub(crate) async fn found(host: &Host, scope: CustomerScope, ask: PullAsk) -> Result<Option<Pulled>, EngineError> {
    Ok(match verbs::find_pull(&host.store, scope, ask, host.now())? {
        None => None,
        Some(PullBegun::Read(never)) => match never {},
        Some(PullBegun::Kept(page, place)) => Some(kept(host, scope, *page, place).await?),
        Some(PullBegun::Expired) => Some(Pulled::Expired),
        Some(PullBegun::Refused(refusal)) => Some(Pulled::Refused(refusal)),
    })
}

/// Finds or reads the page.
pub(crate) async fn pull(host: &Host, scope: CustomerScope, ask: PullAsk) -> Result<Pulled, EngineError> {
    let within = span::pull(scope, &ask);
    let told = async {
        let pulled = find_or_read(host, scope, ask).await;
        pulled.inspect(|pulled| match pulled {
            Pulled::Refused(refusal) => span::ended_by(refusal.code.as_str()),
            Pulled::Failed(trouble) => span::ended_by(trouble.code.as_str()),
            Pulled::Page(_) | Pulled::Expired => {}
        })
    };
    told.instrument(within).await
}

async fn find_or_read(host: &Host, scope: CustomerScope, ask: PullAsk) -> Result<Pulled, EngineError> {
    let asked = std::time::Instant::now();
    let begun = verbs::begin_pull(&host.store, scope, ask, host.now()).instrument(part!("gate")).await?;
    host.counters.gate_answered(asked.elapsed());
    let held = match begun {
        PullBegun::Read(held) => {
            span::is_of(held.run.id);
            held
        }
        PullBegun::Kept(page, place) => return kept(host, scope, *page, place).await,
        PullBegun::Expired => return Ok(Pulled::Expired),
        PullBegun::Refused(refusal) => return Ok(Pulled::Refused(refusal)),
    };
    let (batch, used) = (held.batch.id, sign_in::connections(&held.route));
    let attempt = held.batch.reservation.attempt();
    let mut end = AttemptEnd {
        transfer: held.batch.transfer,
        run: held.run.id,
        attempt,
        ending: verbs::Ending::Interrupted(None),
        unsent: true,
        requests: 0,
        log: None,
        if_suspended: None,
    };
    let log = host.open_logs.of(end.run);
    match page(host, held, &mut end.requests).await {
        Ok(answer) => Ok(Pulled::Page(Box::new(answer))),
        Err(halt) => {
            end.log = log.seal(host, scope, end.run, attempt)?;
            halted(host, scope, (batch, end), used, halt).await
        }
    }
}

/// The blob of a page has the id of its batch.
pub(crate) const fn blob_of(batch: BatchId) -> BlobId {
    BlobId::from_bytes(*batch.as_bytes())
}

async fn page(host: &Host, held: Committed<Box<Held>>, requests: &mut u64) -> Result<Answer, Halt> {
    let opened = open::open_reading(host, &held.route, held.run.id, held.batch.start.as_ref());
    let mut reading = opened.instrument(part!("open")).await?;
    let settled = read_and_settle(host, &mut reading, held).await;
    *requests = reading.source.requests();
    settled
}

async fn read_and_settle(host: &Host, reading: &mut Reading, held: Committed<Box<Held>>) -> Result<Answer, Halt> {
    let pages = read::read(host, reading, held.as_ref().map(|held| &held.batch)).instrument(part!("read"));
    let pages = pages.await?;
    let load = weigh::weigh(host, reading.scales(), &held, &pages).instrument(part!("transform")).await?;
    let held = extend(host, held, &load).await?;
    let lines = Lines { write: load.write.clone(), remove: load.remove.clone() };
    let place = place(held.route.scope, &held.batch.id);
    let (blob, digest) = (place.id(), place.keep(host, (), &lines).instrument(part!("seal")).await?);
    let what = PullSettled {
        grown: host.grown(&held, reading.described.as_ref(), &load.learning)?,
        counts: load.counts,
        checkpoint: load.checkpoint_sealed.clone(),
        blob,
        digest,
        more: load.more,
        goes_on: load.more || reading.incremental,
        requests: reading.source.requests(),
    };
    let settled = verbs::settle_pull(&host.store, held, what, host.now()).instrument(part!("settle")).await?;
    let settled = settled.map_err(Halt::Refused)?;
    let (page, place) = settled.into_inner();
    host.counters.settled(&load.counts);
    host.counters.run_ended(weighbridge_model::run::RunState::Succeeded);
    if let Some(checkpoint) = load.checkpoint {
        reading.acknowledge(checkpoint).await;
    }
    let items = host.shelf.put(page.batch, Items::from(&lines));
    Ok(Answer { page, place, items, fresh: true })
}

const fn place(scope: CustomerScope, batch: &BatchId) -> Place<'_> {
    Place { scope, batch, field: "page" }
}

/// The page as it was billed, byte for byte.
async fn kept(host: &Host, scope: CustomerScope, page: PullPage, place: PullPlace) -> Result<Pulled, EngineError> {
    let items = match host.shelf.get(page.batch) {
        Some(items) => Ok(Some(items)),
        None => taken(host, scope, &page).await,
    };
    match items {
        Ok(Some(items)) => Ok(Pulled::Page(Box::new(Answer { page, place, items, fresh: false }))),
        Err(Halt::Failed(trouble)) => Ok(Pulled::Failed(trouble)),
        Err(Halt::Store(error)) => Err(error),
        // A sweep may have come in between.
        Ok(None) | Err(_) => Ok(Pulled::Expired),
    }
}

/// From the disk, and onto the shelf.
async fn taken(host: &Host, scope: CustomerScope, page: &PullPage) -> Result<Option<Items>, Halt> {
    let Some(((), lines)) = place(scope, &page.batch).load::<()>(host, page.digest).await? else { return Ok(None) };
    Ok(Some(host.shelf.put(page.batch, Items::from(&lines))))
}

/// Gives the hold back: nothing was answered, so nothing is billed but the requests that were made.
async fn halted(
    host: &Host,
    scope: CustomerScope,
    (batch, end): (BatchId, AttemptEnd),
    used: Vec<Connection>,
    halt: Halt,
) -> Result<Pulled, EngineError> {
    let (halt, refused) = sign_in::judge(host, used, halt);
    if let Halt::Store(error) = halt {
        return Err(error);
    }
    let end = AttemptEnd { ending: ending(host, scope, end.run, &halt, false)?, ..end };
    let run = verbs::end(&host.store, scope, end, host.now()).await?.into_inner();
    host.counters.run_ended(run.state);
    if let Err(error) = host.store.drop_blob(blob_of(batch)).await {
        tracing::warn!(%error, "the blob of a page that was not billed stays behind");
    }
    if let Some(connection) = refused {
        verbs::need_sign_in(&host.store, scope, connection, host.now()).await?;
    }
    Ok(match halt {
        Halt::Refused(refusal) => Pulled::Refused(refusal),
        Halt::Failed(trouble) | Halt::TooManyRejected(trouble) => Pulled::Failed(trouble),
        // None of these ends a single page.
        Halt::Done | Halt::Drained | Halt::Renewed | Halt::Wished | Halt::Store(_) => Pulled::Expired,
    })
}

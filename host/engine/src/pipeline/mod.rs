//! How a transfer moves, from an intent to the entries it leaves.
//!
//! ```text
//! Intent → begin → Committed<Held> → read → weigh → extend? → dispatch? → deliver → settle → Committed<Held> → …
//! ```
//!
//! `begin` and `settle` are the only ways to a held batch, and both are durable before they answer. So nothing is read, and
//! nothing is sent, without a reservation that was committed before it. An attempt that fails is ended and begun again by
//! the same verbs that recovery uses: there is one way on, whatever went before.

mod blob;
mod deliver;
mod dispatch;
mod halt;
mod open;
mod patience;
mod pull;
mod read;
mod sign_in;
mod weigh;

use weighbridge_model::gate::Refusal;
use weighbridge_model::id::RunId;
use weighbridge_model::run::{Run, RunFailure, RunState};
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::tables::Wishes;
use weighbridge_store::verbs::{self, AttemptEnd, Begun, Delivered, Ending, Held, Intent, Next, Route, Then};
use weighbridge_store::{Committed, CustomerScope};

use crate::dead_letters;
use crate::engine::Host;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};
use crate::urge::Urged;

pub(crate) use self::blob::Items;
pub(crate) use self::halt::{Halt, Trouble};
pub(crate) use self::open::SINCE_UNUSABLE;
use self::open::Sides;
use self::patience::Patience;
pub(crate) use self::pull::{Answer, Pulled, blob_of, found, pull};
use self::weigh::Load;

/// How a run went.
#[derive(Clone, Debug)]
pub struct RunOutcome {
    /// The run as it stands.
    pub run: Run,
    /// Its failure in words, where it failed.
    pub message: Option<String>,
}

/// Runs a transfer, or goes on with a run that was interrupted, until it ends or the host drains.
pub(crate) async fn run(
    host: &Host,
    scope: CustomerScope,
    intent: Intent,
    urged: &mut Urged,
) -> Result<RunOutcome, EngineError> {
    let mut patience = Patience::default();
    loop {
        let begun = verbs::begin(&host.store, scope, intent, host.now()).await?;
        let (log, ids, used, halted) = match begun {
            Begun::Refused(run) => return refused(host, scope, *run).await,
            Begun::Wished(run) => return Ok(wished(host, *run)),
            Begun::Finish(route, run) => {
                let (ids, used) = ((run.id, route.progress.attempt), sign_in::connections(&route));
                (host.open_logs.of(run.id), ids, used, finish_run(host, *route, &run).await)
            }
            Begun::Read(held) | Begun::Resend(held) => {
                let ids = (held.run.id, held.batch.reservation.attempt());
                let used = sign_in::connections(&held.route);
                (host.open_logs.of(ids.0), ids, used, attempt(host, held, &mut patience, urged).await)
            }
        };
        let (halt, refused) = sign_in::judge(host, used, halted.halt);
        if let Halt::Store(error) = halt {
            return Err(error);
        }
        let wait = halt.wait(&mut patience, host.draining())?;
        let ending = ending(host, scope, ids.0, &halt, wait.is_some())?;
        let (run, attempt) = ids;
        // What was never sent is given back even where the run goes on, so that a run that then fails leaves nothing in doubt.
        let (unsent, requests) = (halted.unsent, halted.requests);
        let log = log.seal(host, scope, run, attempt)?;
        let end = AttemptEnd { transfer: intent.transfer, run, attempt, ending, unsent, requests, log };
        let run = verbs::end(&host.store, scope, end, host.now()).await?.into_inner();
        if let Some(connection) = refused {
            verbs::need_sign_in(&host.store, scope, connection).await?;
        }
        let goes_on = matches!(halt, Halt::Wished) && run.state == RunState::Running && !is_wished(host, scope, &run)?;
        match wait {
            _ if goes_on => {}
            // A wish may have ended the run where another attempt was to follow.
            Some(wait) if !host.draining() && run.ended_at.is_none() => {
                tokio::select! { () = host.sleep(wait) => {}, () = urged.look() => {} }
            }
            _ => return ended(host, scope, run, halt).await,
        }
    }
}

/// An attempt that came to its end, one way or another.
pub(crate) struct Halted {
    halt: Halt,
    /// Whether nothing of the open batch was sent, by this attempt or another.
    unsent: bool,
    requests: u64,
}

/// One attempt, unless it is to be left at once: what was being sent then may have arrived, and stays in doubt.
async fn attempt(host: &Host, held: Committed<Box<Held>>, patience: &mut Patience, urged: &mut Urged) -> Halted {
    let mut halted = Halted { halt: Halt::Wished, unsent: !held.again, requests: 0 };
    tokio::select! {
        halt = go(host, held, patience, (&mut halted.unsent, &mut halted.requests)) => halted.halt = halt,
        () = urged.at_once() => {}
    }
    halted
}

async fn go(
    host: &Host,
    held: Committed<Box<Held>>,
    patience: &mut Patience,
    (unsent, requests): (&mut bool, &mut u64),
) -> Halt {
    // A batch that is sent again from its blob is not read again: the source goes on after it.
    let start = held.batch.dispatch.as_ref().map_or(&held.batch.start, |dispatched| &dispatched.checkpoint);
    let mut sides = match open::open(host, &held.route, held.run.id, start.as_ref()).await {
        Ok(sides) => sides,
        Err(halt) => return halt,
    };
    let mut next = Some(held);
    loop {
        let Some(held) = next.take() else { break finish(&mut sides).await };
        *unsent = !held.again;
        let moved = batch(host, &mut sides, held, unsent).await;
        *requests = sides.requests();
        match moved {
            Ok(Some(held)) if held.batch.connectors != sides.connectors => {
                // Another version took over. Nothing of the next batch was read, so it goes back and comes again.
                *unsent = true;
                break Halt::Renewed;
            }
            Ok(Some(held)) => {
                patience.forget();
                next = Some(held);
            }
            Ok(None) if host.draining() => break Halt::Drained,
            Ok(None) => {}
            Err(halt) => break halt,
        }
    }
}

/// One batch, from its hold to the next one's.
async fn batch(
    host: &Host,
    sides: &mut Sides,
    held: Committed<Box<Held>>,
    unsent: &mut bool,
) -> Result<Option<Committed<Box<Held>>>, Halt> {
    sides.begin_batch();
    let (held, load) = match &held.batch.dispatch {
        Some(dispatched) => {
            let load = dispatch::load(host, &held, dispatched).await?;
            (held, load)
        }
        None => {
            let pages = read::read(&mut sides.reading, &held).await?;
            let load = weigh::weigh(host, sides.reading.scales(), &held, &pages).await?;
            let held = extend(host, held, &load).await?;
            dispatch::dispatch(host, sides.reading.write, held, load).await?
        }
    };
    let links = deliver::deliver(host, sides, &held, &load, unsent).await?;
    settle(host, sides, held, load, links).await
}

/// Holds the bytes by which the records grew on the way, before any of them is delivered.
async fn extend(host: &Host, held: Committed<Box<Held>>, load: &Load) -> Result<Committed<Box<Held>>, Halt> {
    let missing = load.bytes().saturating_sub(held.batch.reservation.hold().bytes);
    if missing == 0 {
        return Ok(held);
    }
    let (held, extended) = verbs::extend(&host.store, held, missing, host.now()).await?;
    extended.map_err(Halt::Refused)?;
    Ok(held)
}

/// Bills the batch and holds the next one; only then is the source told.
async fn settle(
    host: &Host,
    sides: &mut Sides,
    held: Committed<Box<Held>>,
    load: Load,
    links: Vec<verbs::NewLink>,
) -> Result<Option<Committed<Box<Held>>>, Halt> {
    let then = match (load.more, host.draining()) {
        (false, _) => Then::Complete,
        (true, true) => Then::Pause,
        (true, false) => Then::Next,
    };
    let (counts, blob) = (load.counts, held.batch.dispatch.as_ref().map(|dispatch| dispatch.blob));
    let dead_letters = dead_letters::rows(host, held.route.scope, &held.batch, &load.rejected)?;
    let delivered = Delivered { counts, checkpoint: load.checkpoint_sealed.clone(), links, dead_letters, then };
    let next = verbs::settle(&host.store, held, delivered, host.now()).await?;
    host.counters.settled(counts.delivered, counts.bytes);
    if let Some(blob) = blob
        && let Err(error) = host.store.drop_blob(blob).await
    {
        tracing::warn!(%error, "a settled batch's blob stays behind");
    }
    if let Some(checkpoint) = load.checkpoint {
        sides.reading.acknowledge(checkpoint).await;
    }
    match next {
        Next::Held(held) => Ok(Some(held)),
        Next::Refused(refusal) => Err(Halt::Refused(refusal)),
        Next::Wished => Err(Halt::Wished),
        Next::Nothing => Ok(None),
    }
}

async fn finish(sides: &mut Sides) -> Halt {
    match sides.finish().await {
        Ok(()) => Halt::Done,
        Err(halt) => halt,
    }
}

/// All is settled, and an earlier attempt could not say so: a generation may still have to be made the live one.
async fn finish_run(host: &Host, route: Route, run: &Run) -> Halted {
    if route.transfer.write != WriteMode::Overwrite {
        return Halted { halt: Halt::Done, unsent: true, requests: 0 };
    }
    match open::open(host, &route, run.id, route.progress.cursor.as_ref()).await {
        Ok(mut sides) => Halted { halt: finish(&mut sides).await, unsent: true, requests: sides.requests() },
        Err(halt) => Halted { halt, unsent: true, requests: 0 },
    }
}

fn ending(host: &Host, scope: CustomerScope, run: RunId, halt: &Halt, again: bool) -> Result<Ending, EngineError> {
    Ok(match halt {
        Halt::Failed(failure) if again => Ending::Interrupted(Some(kept(host, scope, run, failure)?)),
        _ if again => Ending::Interrupted(None),
        Halt::Drained | Halt::Renewed | Halt::Wished | Halt::Store(_) => Ending::Interrupted(None),
        Halt::Done => Ending::Succeeded,
        Halt::Refused(refusal) => Ending::Stopped(refusal.clone()),
        Halt::Failed(failure) => Ending::Failed(kept(host, scope, run, failure)?),
    })
}

/// A failure as it is kept with its run.
fn kept(host: &Host, scope: CustomerScope, run: RunId, failure: &Trouble) -> Result<RunFailure, EngineError> {
    let texts = Texts::new(&host.ring, customer_owner(scope), run.as_bytes());
    let message = Some(texts.seal("failure", &failure.message)?);
    Ok(RunFailure { class: failure.class, code: failure.code.clone(), message })
}

/// The run as a person wants it: ended, or waiting.
fn wished(host: &Host, run: Run) -> RunOutcome {
    host.counters.run_ended(run.state);
    RunOutcome { run, message: None }
}

fn is_wished(host: &Host, scope: CustomerScope, run: &Run) -> Result<bool, EngineError> {
    let wish = host.store.read(|tx| tx.get::<Wishes>(&scope, &run.transfer))?;
    Ok(wish.is_some_and(|wish| wish.run == run.id))
}

async fn refused(host: &Host, scope: CustomerScope, run: Run) -> Result<RunOutcome, EngineError> {
    if let Some(refusal) = &run.refusal {
        note_refusal(host, scope, &run, refusal).await?;
    }
    host.counters.run_ended(run.state);
    Ok(RunOutcome { run, message: None })
}

async fn ended(host: &Host, scope: CustomerScope, run: Run, halt: Halt) -> Result<RunOutcome, EngineError> {
    if let Halt::Refused(refusal) = &halt {
        note_refusal(host, scope, &run, refusal).await?;
    }
    if run.state == RunState::Failed && !run.counts.balance() && matches!(halt, Halt::Done) {
        host.counters.violated("the counts of a run do not balance");
    }
    host.counters.run_ended(run.state);
    let message = match halt {
        Halt::Failed(failure) => Some(failure.message),
        _ => None,
    };
    Ok(RunOutcome { run, message })
}

async fn note_refusal(host: &Host, scope: CustomerScope, run: &Run, refusal: &Refusal) -> Result<(), EngineError> {
    host.counters.refused(refusal.code);
    for denial in host.denials.note(run.transfer, refusal, host.now()) {
        let id = weighbridge_model::id::DenialId::new(denial.first, crate::chance::bytes()?);
        verbs::note_denial(&host.store, scope, id, denial).await?;
    }
    Ok(())
}

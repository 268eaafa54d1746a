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
mod drift;
mod halt;
mod open;
mod patience;
mod pull;
mod read;
mod replay;
mod resend;
mod sign_in;
mod span;
mod trial;
mod weigh;

use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tracing::Instrument as _;
use weighbridge_model::access::ActorRef;
use weighbridge_model::audit::AuditRow;
use weighbridge_model::gate::Refusal;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::run::{Run, RunFailure, RunState};
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::tables::{Transfers, Wishes};
use weighbridge_store::verbs::{self, AttemptEnd, Begun, Delivered, Ending, Grown, Held, Intent, Next, Route, Then};
use weighbridge_store::{Committed, CustomerScope};

use crate::dead_letters;
use crate::engine::Host;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};
use crate::urge::Urged;

pub(crate) use self::blob::Items;
use self::deliver::Handed;
pub(crate) use self::halt::{Halt, Trouble};
pub(crate) use self::open::SINCE_UNUSABLE;
use self::open::Sides;
use self::patience::Patience;
pub(crate) use self::pull::{Answer, Pulled, blob_of, found, pull};
use self::read::Pages;
use self::span::part;
pub(crate) use self::trial::{Tried, try_batch};
use self::weigh::Load;

/// How a run went.
#[derive(Clone, Debug)]
pub struct RunOutcome {
    /// The run as it stands.
    pub run: Run,
    /// Its failure in words, where it failed.
    pub message: Option<String>,
    /// How the transfers fared that went along, in the order in which they are named.
    pub along: Vec<RunOutcome>,
}

impl RunOutcome {
    const fn of(run: Run, message: Option<String>) -> Self {
        Self { run, message, along: Vec::new() }
    }
}

/// Runs a transfer, or goes on with a run that was interrupted, until it ends or the host drains.
pub(crate) async fn run(
    host: &Host,
    scope: CustomerScope,
    intent: Intent,
    urged: &mut Urged,
) -> Result<RunOutcome, EngineError> {
    let told = async {
        let outcome = attempts(host, scope, intent, urged).await;
        outcome.inspect(|outcome| span::stands(&outcome.run))
    };
    // One allocation a run, so that what is built around it is no deeper than compilers like.
    Box::pin(told.instrument(span::run(scope, &intent))).await
}

async fn attempts(
    host: &Host,
    scope: CustomerScope,
    intent: Intent,
    urged: &mut Urged,
) -> Result<RunOutcome, EngineError> {
    let mut patience = Patience::default();
    loop {
        let asked = Instant::now();
        let begun = verbs::begin(&host.store, scope, intent, host.now()).instrument(part!("gate")).await?;
        host.counters.gate_answered(asked.elapsed());
        span::is_of(span::run_of(&begun));
        let (log, ids, used, halted) = match begun {
            Begun::Refused(run) => return refused(host, scope, *run).await,
            Begun::Wished(run) => return Ok(wished(host, *run)),
            Begun::Finish(route, run) => {
                let (ids, used) = ((run.id, route.progress.attempt), sign_in::connections(&route));
                (host.open_logs.of(run.id), ids, used, finish_run(host, *route, &run).await)
            }
            Begun::TooManyRejected(route, run) => {
                let halt = Halt::too_many_rejected(&run.counts);
                let (ids, used) = ((run.id, route.progress.attempt), sign_in::connections(&route));
                (host.open_logs.of(run.id), ids, used, Halted { halt, unsent: true, requests: 0 })
            }
            Begun::Read(held) | Begun::Resend(held) => {
                if held.run.attempts == 1 && !held.route.transfer.along.is_empty() {
                    host.made.notify_one();
                }
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
        let if_suspended = if_suspended(host, scope, intent.transfer, &ending)?;
        let end = AttemptEnd { transfer: intent.transfer, run, attempt, ending, unsent, requests, log, if_suspended };
        let run = verbs::end(&host.store, scope, end, host.now()).await?.into_inner();
        if let Some(connection) = refused {
            verbs::need_sign_in(&host.store, scope, connection, host.now()).await?;
        }
        let goes_on = matches!(halt, Halt::Wished) && run.state == RunState::Running && !is_wished(host, scope, &run)?;
        match wait {
            _ if goes_on => {}
            // A wish may have ended the run where another attempt was to follow.
            Some(wait) if !host.draining() && run.ended_at.is_none() => {
                tokio::select! { () = host.sleep(wait) => {}, () = urged.look(run.id) => {} }
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
    let run = held.run.id;
    tokio::select! {
        biased;
        () = urged.at_once(run) => {}
        halt = go(host, held, patience, (&mut halted.unsent, &mut halted.requests)) => halted.halt = halt,
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
    let opened = open::open(host, &held.route, held.run.id, start.as_ref()).instrument(part!("open"));
    let mut sides = match opened.await {
        Ok(sides) => sides,
        Err(halt) => return halt,
    };
    let mut next = Some((held, None));
    loop {
        let Some((held, read)) = next.take() else { break finish(&mut sides).await };
        *unsent = !held.again;
        let within = span::batch(&held);
        let moved = batch(host, &mut sides, (held, read), unsent).instrument(within).await;
        *requests = sides.requests();
        match moved {
            // Another version took over. Nothing of the next batch was sent, so it goes back and comes again.
            Ok(Some((held, _))) if !sides.are_for(&held.batch) => break Halt::Renewed,
            Ok(Some(step)) => {
                patience.forget();
                next = Some(step);
            }
            Ok(None) if host.draining() => break Halt::Drained,
            Ok(None) => {}
            Err(halt) => break halt,
        }
    }
}

/// A batch with its hold, and what came of reading it while the one before was written.
type Step = (Committed<Box<Held>>, Option<Result<Pages, Halt>>);

/// A run that goes no further waits so long for the page that it asked for, so that the source can be told of the last batch:
/// a connector that is left in the middle of a call answers nothing any more.
const LAST_PAGE_MAX: Duration = Duration::from_secs(5);

/// One batch, from its hold to the next one's, which is read while this one is written.
async fn batch(host: &Host, sides: &mut Sides, (held, read): Step, unsent: &mut bool) -> Result<Option<Step>, Halt> {
    let begun = Instant::now();
    let (held, load, took) = load(host, sides, held, read).await?;
    let goes_on = load.more && !host.draining();
    let ahead = async |held| verbs::hold_ahead(&host.store, held, host.now()).instrument(part!("reserve")).await;
    let held = if goes_on { ahead(held).await? } else { held };
    let ahead = held.as_ref().map(|held| held.ahead.clone().filter(|_| goes_on)).transpose();
    let (records, checkpoint) = (load.counts.read, load.checkpoint.clone());
    span::counts(records);
    let grown = host.grown(&held, sides.reading.described.as_ref(), &load.learning)?;
    let Sides { reading, writing, .. } = sides;
    let is_last = Notify::new();
    let write = async {
        let handed = deliver::deliver(host, writing, &held, &load, unsent).instrument(part!("write")).await?;
        let written = begun.elapsed();
        let next = settle(host, held, load, (handed, grown)).instrument(part!("settle")).await?;
        *unsent = true;
        if !matches!(next, Ok(Some(_))) {
            is_last.notify_one();
        }
        Ok((next, written))
    };
    // What goes wrong with the next batch must not end this one, and what ends this one ends the other.
    let read_on = async {
        let Some(batch) = &ahead else { return Ok(None) };
        let too_late = async {
            is_last.notified().await;
            host.sleep(LAST_PAGE_MAX).await;
        };
        tokio::select! {
            biased;
            read = read::read(host, reading, batch.as_ref()).instrument(part!("read", ahead = true)) => {
                Ok::<_, Halt>(Some(read))
            }
            () = too_late => Ok(None),
        }
    };
    let ((next, written), read) = tokio::try_join!(write, read_on)?;
    reading.appetite = reading.appetite.map(|appetite| appetite.after(records, took + written));
    if let Some(checkpoint) = checkpoint {
        reading.acknowledge(checkpoint).instrument(part!("acknowledge")).await;
    }
    match (next?, read) {
        (Some(held), Some(_)) if !held.was_ahead => Err(Halt::Renewed),
        (Some(held), read) => Ok(Some((held, read))),
        (None, _) => Ok(None),
    }
}

/// What is to be delivered of a batch, and how long it took to read.
async fn load(
    host: &Host,
    sides: &mut Sides,
    held: Committed<Box<Held>>,
    read: Option<Result<Pages, Halt>>,
) -> Result<(Committed<Box<Held>>, Load, Duration), Halt> {
    if let Some(dispatched) = &held.batch.dispatch {
        let load = dispatch::load(host, &held, dispatched).instrument(part!("unseal")).await?;
        return Ok((held, load, Duration::ZERO));
    }
    let read = match read {
        Some(read) => read?,
        None => {
            let batch = held.as_ref().map(|held| &held.batch);
            read::read(host, &mut sides.reading, batch).instrument(part!("read", ahead = false)).await?
        }
    };
    let weighed = weigh::weigh(host, sides.reading.scales(), &held, &read).instrument(part!("transform"));
    let load = weighed.await?;
    let held = extend(host, held, &load).await?;
    let (held, load) = dispatch::dispatch(host, sides.reading.write, held, load).await?;
    Ok((held, load, read.took))
}

/// Holds the bytes by which the records grew on the way, before any of them is delivered.
async fn extend(host: &Host, held: Committed<Box<Held>>, load: &Load) -> Result<Committed<Box<Held>>, Halt> {
    let missing = load.bytes().saturating_sub(held.batch.reservation.hold().bytes);
    if missing == 0 {
        return Ok(held);
    }
    let grows = verbs::extend(&host.store, held, missing, host.now()).instrument(part!("reserve"));
    let (held, extended) = grows.await?;
    extended.map_err(Halt::Refused)?;
    Ok(held)
}

/// What a settlement leads to, which stands in any case: the next batch, no more of them, or why there is to be none.
type Settled = Result<Option<Committed<Box<Held>>>, Halt>;

/// Bills the batch and holds the next one; only then is the source told.
async fn settle(
    host: &Host,
    held: Committed<Box<Held>>,
    mut load: Load,
    (handed, grown): (Handed, Option<Grown>),
) -> Result<Settled, Halt> {
    let then = match (load.more, host.draining()) {
        (false, _) => Then::Complete,
        (true, true) => Then::Pause,
        (true, false) => Then::Next,
    };
    let (counts, blob) = (handed.counts(&load), held.batch.dispatch.as_ref().map(|dispatch| dispatch.blob));
    load.rejected.extend(handed.rejected);
    let dead_letters = dead_letters::rows(host, held.route.scope, &held.batch, &load.rejected)?;
    let (checkpoint, links, left) = (load.checkpoint_sealed, handed.links, load.left);
    let delivered = Delivered { counts, checkpoint, links, dead_letters, left, grown, then };
    let next = verbs::settle(&host.store, held, delivered, host.now()).await?;
    host.counters.settled(&counts);
    if let Some(blob) = blob
        && let Err(error) = host.store.drop_blob(blob).await
    {
        tracing::warn!(%error, "a settled batch's blob stays behind");
    }
    Ok(match next {
        Next::Held(held) => Ok(Some(held)),
        Next::Refused(refusal) => Err(Halt::Refused(refusal)),
        Next::Wished => Err(Halt::Wished),
        Next::TooManyRejected(counts) => Err(Halt::too_many_rejected(&counts)),
        Next::Nothing if then == Then::Pause => Err(Halt::Drained),
        Next::Nothing => Ok(None),
    })
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
        Halt::TooManyRejected(failure) => Ending::TooManyRejected(kept(host, scope, run, failure)?),
    })
}

/// What the audit log says where this failure suspends the transfer.
fn if_suspended(
    host: &Host,
    scope: CustomerScope,
    transfer: TransferId,
    ending: &Ending,
) -> Result<Option<AuditRow>, EngineError> {
    if !matches!(ending, Ending::Failed(_) | Ending::TooManyRejected(_)) {
        return Ok(None);
    }
    let Some(row) = host.store.read(|tx| tx.get::<Transfers>(&scope, &transfer))? else { return Ok(None) };
    let name = host.name_in(scope, transfer.as_bytes(), &row.name)?;
    host.audit_row_of_customer(scope, ActorRef::HOST, "transfer.suspended", &name.as_str().into()).map(Some)
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
    RunOutcome::of(run, None)
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
    Ok(RunOutcome::of(run, None))
}

async fn ended(host: &Host, scope: CustomerScope, run: Run, halt: Halt) -> Result<RunOutcome, EngineError> {
    if let Halt::Refused(refusal) = &halt {
        note_refusal(host, scope, &run, refusal).await?;
    }
    if run.state == RunState::Failed && !run.counts.balance() && matches!(halt, Halt::Done) {
        host.counters.unbalanced();
    }
    host.counters.run_ended(run.state);
    let message = match halt {
        Halt::Failed(failure) | Halt::TooManyRejected(failure) => Some(failure.message),
        _ => None,
    };
    Ok(RunOutcome::of(run, message))
}

async fn note_refusal(host: &Host, scope: CustomerScope, run: &Run, refusal: &Refusal) -> Result<(), EngineError> {
    host.counters.refused(refusal.code);
    for denial in host.denials.note(run.transfer, refusal, host.now()) {
        let id = weighbridge_model::id::DenialId::new(denial.first, crate::chance::bytes()?);
        verbs::note_denial(&host.store, scope, id, denial).await?;
    }
    Ok(())
}

//! The one writer: it coalesces many closures into one group, and a group into one transaction of the engine.
//!
//! A durable commit costs milliseconds and a closure microseconds. So while one group commits, the next one gathers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Instant;

use tokio::sync::{oneshot, watch};

use crate::chain;
use crate::committed::Committed;
use crate::engine::{Changes, Engine, Snapshot};
use crate::error::{TxError, WriteError};
use crate::journal::Journal;
use crate::touched::Touched;
use crate::tx::Tx;
use crate::vitals::Vitals;

/// The most closures in one group.
const GROUP_MAX: usize = 256;

/// The most closures that wait; whoever comes next waits before the queue.
const QUEUE_MAX: usize = 4_096;

/// A closure with the place its answer goes to.
trait Job: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), TxError>;
    fn committed(self: Box<Self>);
    fn failed(self: Box<Self>, error: WriteError);
}

struct Closure<T, F> {
    closure: F,
    answer: Option<T>,
    reply: oneshot::Sender<Result<Committed<T>, WriteError>>,
}

impl<T: Send, F: FnMut(&mut Tx<'_>) -> Result<T, TxError> + Send> Job for Closure<T, F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), TxError> {
        self.answer = Some((self.closure)(tx)?);
        Ok(())
    }

    fn committed(self: Box<Self>) {
        let answer = self.answer.map(Committed::new).ok_or(WriteError::Stopped);
        // Whoever asked may be gone; what was asked for is done all the same.
        let _ = self.reply.send(answer);
    }

    fn failed(self: Box<Self>, error: WriteError) {
        let _ = self.reply.send(Err(error));
    }
}

enum Message {
    Job(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// The queue's near end.
pub(crate) struct Writer {
    queue: SyncSender<Message>,
    stopped: watch::Receiver<bool>,
}

impl Writer {
    pub(crate) fn start(engine: Arc<dyn Engine>, told: Told) -> Self {
        let (queue, jobs) = mpsc::sync_channel(QUEUE_MAX);
        let (stop, stopped) = watch::channel(false);
        let spawned =
            thread::Builder::new().name("store-writer".into()).spawn(move || work(&*engine, &told, &jobs, &stop));
        if let Err(error) = spawned {
            tracing::error!(%error, "the store's writer cannot start");
        }
        Self { queue, stopped }
    }

    pub(crate) async fn write<T, F>(&self, closure: F) -> Result<Committed<T>, WriteError>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, TxError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Job(Box::new(Closure { closure, answer: None, reply }))).await?;
        answer.await.unwrap_or(Err(WriteError::Stopped))
    }

    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stopped.clone()
    }

    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.send(Message::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }

    /// A full queue is waited for on a thread that may block.
    async fn send(&self, message: Message) -> Result<(), WriteError> {
        match self.queue.try_send(message) {
            Ok(()) => Ok(()),
            Err(mpsc::TrySendError::Disconnected(_)) => Err(WriteError::Stopped),
            Err(mpsc::TrySendError::Full(message)) => {
                let queue = self.queue.clone();
                let sent = tokio::task::spawn_blocking(move || queue.send(message).is_ok()).await;
                if sent.unwrap_or(false) { Ok(()) } else { Err(WriteError::Stopped) }
            }
        }
    }
}

/// Who is told of what the writer does.
#[derive(Clone, Default)]
pub(crate) struct Told {
    pub(crate) journal: Arc<Journal>,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) touched: Arc<Touched>,
}

fn work(engine: &dyn Engine, told: &Told, jobs: &Receiver<Message>, stop: &watch::Sender<bool>) {
    while let Ok(first) = jobs.recv() {
        let mut group = Vec::new();
        let mut close = None;
        for message in std::iter::once(first).chain(jobs.try_iter().take(GROUP_MAX - 1)) {
            match message {
                Message::Job(job) => group.push(job),
                Message::Close(done) => {
                    close = Some(done);
                    break;
                }
            }
        }
        let went = commit_group(engine, told, group);
        if let Some(done) = close {
            let _ = done.send(());
            return;
        }
        if !went {
            stop.send_replace(true);
            return;
        }
    }
}

/// Runs a group's closures one after the other and commits what they changed. `false` where the commit failed.
fn commit_group(engine: &dyn Engine, told: &Told, group: Vec<Box<dyn Job>>) -> bool {
    let mut done: Vec<Box<dyn Job>> = Vec::with_capacity(group.len());
    let mut changes = Changes::new();
    let chained = match engine.snapshot() {
        Ok(snapshot) => {
            for job in group {
                if let Some(job) = run_job(job, &*snapshot, &mut changes, &told.vitals) {
                    done.push(job);
                }
            }
            chain::extend(&*snapshot, &mut changes)
        }
        Err(error) => {
            let message = error.to_string();
            group
                .into_iter()
                .for_each(|job| job.failed(TxError::Engine(crate::engine::EngineError(message.clone())).into()));
            return true;
        }
    };
    if let Err(error) = chained {
        // Nothing is billed that the chain does not know of.
        told.vitals.refused(&TxError::Invariant(error.to_string()));
        done.into_iter().for_each(|job| job.failed(TxError::Invariant(error.to_string()).into()));
        return true;
    }
    if changes.is_empty() {
        done.into_iter().for_each(Job::committed);
        return true;
    }
    let (followed, begun) = (told.journal.pick(&changes), Instant::now());
    let noted = told.touched.note(&changes);
    let applied = engine.apply(changes);
    drop(noted);
    match applied {
        Ok(()) => {
            told.vitals.committed(begun.elapsed());
            told.journal.note(followed);
            done.into_iter().for_each(Job::committed);
            true
        }
        Err(error) => {
            tracing::error!(%error, "a commit failed; nobody knows whether it is durable, and the store stops");
            done.into_iter().for_each(|job| job.failed(WriteError::Unknown(error.to_string())));
            false
        }
    }
}

/// Runs one closure over its own overlay; only a yes joins the group.
fn run_job(
    mut job: Box<dyn Job>,
    snapshot: &dyn Snapshot,
    changes: &mut Changes,
    vitals: &Vitals,
) -> Option<Box<dyn Job>> {
    let mut tx = Tx::new(snapshot, changes);
    match catch_unwind(AssertUnwindSafe(|| job.run(&mut tx))) {
        Ok(Ok(())) => {
            let own = tx.into_changes();
            changes.extend(own);
            Some(job)
        }
        Ok(Err(error)) => {
            drop(tx);
            vitals.refused(&error);
            job.failed(error.into());
            None
        }
        Err(_panic) => {
            drop(tx);
            job.failed(WriteError::Panicked);
            None
        }
    }
}

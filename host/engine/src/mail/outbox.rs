//! The queue of mails, and the one task that carries them to the server.
//!
//! It stands in memory: what waits when the process dies is lost, and every link in it was in somebody's answer too.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use weighbridge_egress::Letter;

use crate::engine::{Engine, Host};
use crate::people::ForgotPassword;

/// So many errands wait at most, and so many letters for another try.
const ERRANDS_MAX: usize = 1_000;

/// How long a letter waits for its second and its third try.
const DELAYS: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(60)];

/// Something for the task to do.
pub(crate) enum Errand {
    /// A letter that leaves.
    Letter(Letter),
    /// Somebody asks for another password: whether anybody is known is found out after the answer.
    Forgot(ForgotPassword),
}

/// A letter that waits for its next try.
struct Waiting {
    letter: Letter,
    tries: usize,
    due: Instant,
}

/// The queue.
pub(crate) struct Outbox {
    sender: mpsc::Sender<Errand>,
    /// Until the first errand, with which the task begins.
    errands: Mutex<Option<mpsc::Receiver<Errand>>>,
    /// Errands that are not done with.
    unfinished: AtomicUsize,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        let (sender, errands) = mpsc::channel(ERRANDS_MAX);
        Self { sender, errands: Mutex::new(Some(errands)), unfinished: AtomicUsize::new(0) }
    }

    /// Whether something is still to be done: a host that stops waits for it.
    pub(crate) fn is_busy(&self) -> bool {
        self.unfinished.load(Ordering::Acquire) > 0
    }

    /// Takes an errand, unless too many wait.
    pub(crate) fn post(&self, host: &Arc<Host>, errand: Errand) -> bool {
        self.unfinished.fetch_add(1, Ordering::AcqRel);
        if self.sender.try_send(errand).is_err() {
            self.finish();
            tracing::warn!(waiting = ERRANDS_MAX, "a mail is not taken, since too many wait");
            return false;
        }
        let errands = self.errands.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(errands) = errands {
            let round = Round { errands, waiting: Vec::new(), drains: host.drains() };
            tokio::spawn(round.carry(Arc::downgrade(host)));
        }
        true
    }

    fn finish(&self) {
        self.unfinished.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What the task has in its hands.
struct Round {
    errands: mpsc::Receiver<Errand>,
    waiting: Vec<Waiting>,
    drains: watch::Receiver<bool>,
}

impl Round {
    /// Goes on until the host is gone.
    async fn carry(mut self, host: Weak<Host>) {
        while let Some(waiting) = self.next(&host).await {
            let Some(host) = host.upgrade() else { break };
            match attempt(&host, waiting).await {
                Some(again) => self.waiting.push(again),
                None => host.outbox.finish(),
            }
        }
    }

    /// The next letter that is to be tried.
    async fn next(&mut self, host: &Weak<Host>) -> Option<Waiting> {
        loop {
            let is_draining = *self.drains.borrow_and_update();
            let first = self.waiting.iter().enumerate().min_by_key(|(_, one)| one.due);
            let due = first.map(|(index, one)| (index, one.due));
            if let Some((index, _)) = due.filter(|(_, due)| is_draining || *due <= Instant::now()) {
                return Some(self.waiting.swap_remove(index));
            }
            let until = due.map_or_else(Instant::now, |(_, due)| due);
            tokio::select! {
                errand = self.errands.recv(), if self.waiting.len() < ERRANDS_MAX => match errand? {
                    Errand::Letter(letter) => return Some(Waiting { letter, tries: 0, due: until }),
                    Errand::Forgot(forgot) => look_up(host.upgrade()?, &forgot).await,
                },
                () = sleep_until(until), if due.is_some() => {}
                told = self.drains.changed() => told.ok()?,
            }
        }
    }
}

/// Makes the links of somebody who asks for another password; their letters are errands of their own.
async fn look_up(host: Arc<Host>, forgot: &ForgotPassword) {
    let engine = Engine { host };
    if let Err(error) = engine.answer_forgot(forgot).await {
        tracing::warn!(%error, "a link for another password could not be made");
    }
    engine.host.outbox.finish();
}

/// One try. What comes back is to be tried again.
async fn attempt(host: &Host, waiting: Waiting) -> Option<Waiting> {
    let (Waiting { letter, tries, .. }, conduct) = (waiting, host.conduct());
    let Some(mail) = &conduct.mail else {
        tracing::warn!("a mail is given up, since none are sent any more; its link stays good, and can be handed over");
        return None;
    };
    let error = mail.server.send(&letter, host.now()).await.err()?;
    let delay = DELAYS.get(tries).filter(|_| error.is_transient && !host.draining());
    if let Some(delay) = delay {
        return Some(Waiting { letter, tries: tries + 1, due: Instant::now() + *delay });
    }
    let (server, tries, domain) = (mail.server.address(), tries + 1, letter.domain());
    tracing::warn!(server, domain, tries, %error, "a mail is given up; its link stays good, and can be handed over");
    None
}

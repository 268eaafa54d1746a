//! Connections that wait for their next request.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;
use tokio::time::Instant;

use crate::framing::Framing;
use crate::limits::Limits;
use crate::target::Target;

pub(crate) type Sender = SendRequest<Full<Bytes>>;

/// Where a connection leads: never to another place than the one it was checked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    encrypted: bool,
    host: String,
    port: u16,
}

impl Place {
    pub(crate) fn of(target: &Target) -> Self {
        Self { encrypted: target.is_encrypted(), host: target.host().to_ascii_lowercase(), port: target.port() }
    }
}

#[derive(Default)]
pub(crate) struct Pool {
    idle: Mutex<Idle>,
    /// Whether a sweep is under way, which goes on for as long as anything is kept.
    sweeping: AtomicBool,
}

type Idle = HashMap<Place, Vec<(Sender, Instant)>>;

impl Pool {
    /// The connection used last, if one is still open.
    pub(crate) fn take(&self, place: &Place, limits: &Limits) -> Option<Sender> {
        let mut idle = self.idle();
        let waiting = idle.get_mut(place)?;
        while let Some((sender, since)) = waiting.pop() {
            if is_fresh(&sender, since, limits.idle) {
                return Some(sender);
            }
        }
        None
    }

    fn put(self: &Arc<Self>, place: Place, sender: Sender, limits: &Limits) {
        if sender.is_closed() {
            return;
        }
        let mut idle = self.idle();
        let waiting = idle.entry(place).or_default();
        waiting.retain(|(sender, since)| is_fresh(sender, *since, limits.idle));
        if waiting.len() < limits.idle_connections {
            waiting.push((sender, Instant::now()));
        }
        drop(idle);
        if !self.sweeping.swap(true, Relaxed) {
            tokio::spawn(sweep(Arc::downgrade(self), limits.idle));
        }
    }

    /// Lets go of what nobody used for so long; says whether anything is left.
    fn prune(&self, age_max: Duration) -> bool {
        let mut idle = self.idle();
        idle.retain(|_, waiting| {
            waiting.retain(|(sender, since)| is_fresh(sender, *since, age_max));
            !waiting.is_empty()
        });
        let left = !idle.is_empty();
        self.sweeping.store(left, Relaxed);
        left
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_fresh(sender: &Sender, since: Instant, age_max: Duration) -> bool {
    since.elapsed() < age_max && !sender.is_closed()
}

/// Closes connections that a quiet client would otherwise keep for as long as it lives.
async fn sweep(pool: Weak<Pool>, age_max: Duration) {
    loop {
        tokio::time::sleep(age_max).await;
        if !pool.upgrade().is_some_and(|pool| pool.prune(age_max)) {
            break;
        }
    }
}

/// A connection in use. Given back only after the whole body was read and nothing was odd about it; dropped before that,
/// it is closed.
pub(crate) struct Lease {
    pub(crate) pool: Arc<Pool>,
    pub(crate) place: Place,
    pub(crate) sender: Sender,
    pub(crate) limits: Arc<Limits>,
    pub(crate) framing: Framing,
}

impl Lease {
    pub(crate) fn give_back(self) {
        if self.framing == Framing::Plain {
            self.pool.put(self.place, self.sender, &self.limits);
        }
    }
}

//! Connections that wait for their next request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;
use tokio::time::Instant;

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
    idle: Mutex<HashMap<Place, Vec<(Sender, Instant)>>>,
}

impl Pool {
    /// The connection used last, if one is still open.
    pub(crate) fn take(&self, place: &Place, limits: &Limits) -> Option<Sender> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle.get_mut(place)?;
        while let Some((sender, since)) = waiting.pop() {
            if since.elapsed() < limits.idle && !sender.is_closed() {
                return Some(sender);
            }
        }
        None
    }

    fn put(&self, place: Place, sender: Sender, limits: &Limits) {
        if sender.is_closed() {
            return;
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle.entry(place).or_default();
        waiting.retain(|(sender, since)| since.elapsed() < limits.idle && !sender.is_closed());
        if waiting.len() < limits.idle_connections {
            waiting.push((sender, Instant::now()));
        }
    }
}

/// A connection in use. Given back only after the whole body was read; dropped before that, it is closed.
pub(crate) struct Lease {
    pub(crate) pool: Arc<Pool>,
    pub(crate) place: Place,
    pub(crate) sender: Sender,
    pub(crate) limits: Arc<Limits>,
}

impl Lease {
    pub(crate) fn give_back(self) {
        self.pool.put(self.place, self.sender, &self.limits);
    }
}

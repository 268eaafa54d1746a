//! How many requests the platform allows: one budget per connection, shared by every run that uses it.
//!
//! A connection signs in by one scheme, so its budget is that of its credential; where a tenant's own connection serves
//! many customers, they share it. Every request counts that leaves for the platform by the connection's client: logins,
//! repeats and requests without a credential too. Requests to an OAuth 2 token endpoint do not: they are rare, go by a
//! client of their own, and platforms count them apart.
//!
//! A request that is beyond the budget waits in line, until half of the time that is left to it is over; if it would have
//! to wait longer, it is refused at once with how long ([`Refusal::RateLimited`]). The other half belongs to the platform.
//!
//! What is allowed is what the manifest says, and what the platform's answers say (see [`answer`]).

mod answer;
mod rest;
mod windows;

pub use answer::retry_after;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tokio::time::{Instant, sleep_until, timeout_at};
use weighbridge_model::package::RateLimit;
use weighbridge_model::time::Timestamp;

use crate::departures::Departures;
use crate::refusal::Refusal;
use rest::Rest;
use windows::Windows;

/// The requests of one connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Who waits stands in line here.
    turn: tokio::sync::Mutex<()>,
    windows: Mutex<Windows>,
    rest: Mutex<Rest>,
    epoch: Instant,
    departures: Arc<Departures>,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(&[], Arc::default())
    }
}

impl Budget {
    /// A budget of which nothing is used.
    pub fn new(limits: &[RateLimit], departures: Arc<Departures>) -> Self {
        let windows = Mutex::new(Windows::of(limits));
        Self(Arc::new(Shared {
            turn: tokio::sync::Mutex::default(),
            windows,
            rest: Mutex::default(),
            epoch: Instant::now(),
            departures,
        }))
    }

    /// Other limits from now on. What was sent is not forgotten where a limit stays.
    pub fn limit(&self, limits: &[RateLimit]) {
        self.windows().limit(limits);
    }

    /// Waits until a request may leave, without counting one; or says how long it would take, if that is after `until`.
    pub async fn ready(&self, until: Instant) -> Result<(), Duration> {
        let asked = Instant::now();
        let ready = self.look(until).await;
        self.note(asked, ready.is_ok());
        ready
    }

    async fn look(&self, until: Instant) -> Result<(), Duration> {
        loop {
            let Some(at) = self.windows().free_at(self.millis()) else { return Ok(()) };
            self.sleep(at, until).await?;
        }
    }

    /// Counts a request that leaves now, or as soon as it may.
    pub(crate) async fn admit(&self, until: Instant) -> Result<(), Refusal> {
        let asked = Instant::now();
        let admitted = match timeout_at(until, self.0.turn.lock()).await {
            Ok(_in_turn) => self.take(until).await,
            Err(_) => Err(self.wait().max(Duration::from_millis(1))),
        };
        self.note(asked, admitted.is_ok());
        admitted.map_err(|retry_after| Refusal::RateLimited { retry_after })
    }

    fn note(&self, asked: Instant, is_through: bool) {
        self.0.departures.waited(asked.elapsed(), is_through);
    }

    /// Where its requests are counted.
    pub(crate) fn departures(&self) -> &Departures {
        &self.0.departures
    }

    async fn take(&self, until: Instant) -> Result<(), Duration> {
        loop {
            let Some(at) = self.windows().take(self.millis()) else { return Ok(()) };
            self.sleep(at, until).await?;
        }
    }

    async fn sleep(&self, at: u64, until: Instant) -> Result<(), Duration> {
        let at = self.0.epoch + Duration::from_millis(at);
        if at > until {
            return Err(at.saturating_duration_since(Instant::now()));
        }
        sleep_until(at).await;
        Ok(())
    }

    /// Reads in an answer how long the platform wants to be left alone.
    pub(crate) fn heed(&self, status: StatusCode, headers: &HeaderMap, now: Timestamp) {
        if let Some(hold) = answer::hold(status, headers, now) {
            let until = self.millis() + u64::try_from(hold.as_millis()).unwrap_or(u64::MAX);
            self.windows().hold(until);
        }
    }

    /// How long a call must wait since the platform failed again and again, if it must.
    pub fn resting(&self) -> Option<Duration> {
        self.rest().ask(self.millis()).map(Duration::from_millis)
    }

    /// A call that began then did what it should, or the platform failed it.
    pub fn judge(&self, began: Instant, succeeded: bool) {
        let began = u64::try_from(began.saturating_duration_since(self.0.epoch).as_millis()).unwrap_or(u64::MAX);
        match succeeded {
            true => self.rest().succeed(),
            false => self.rest().fail(began, self.millis()),
        }
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.0.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long until the next request may leave.
    pub fn wait(&self) -> Duration {
        let now = self.millis();
        let at = self.windows().free_at(now);
        Duration::from_millis(at.unwrap_or(now).saturating_sub(now))
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.0.epoch.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.0.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

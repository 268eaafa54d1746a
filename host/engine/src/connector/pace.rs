//! The pace at which a guest may ask its platform, as the calls of one side see it.
//!
//! A call begins only when the connection's budget has a request left, so that the time it waits is not the guest's. What
//! then is refused for the budget is a failure of the class `rate_limited`, whatever the connector made of it: the host
//! knows how long to wait, and the connector was only told that it may make no more requests.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use weighbridge_egress::{Budget, Refusal};
use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::{Ended, Failure, Stop};

/// A platform that wants to be left alone for longer is asked again by a later attempt, or by the next run.
const WAIT_MAX: Duration = Duration::from_secs(300);

/// What the host knows of a side's calls.
pub(crate) struct Pace {
    budget: Budget,
    /// How long a call may take.
    call_wall: Duration,
    draining: watch::Receiver<bool>,
    call: Mutex<Call>,
}

/// The call that is under way.
#[derive(Default)]
struct Call {
    /// Until when its requests may wait.
    delay_until: Option<Instant>,
    /// The first of its requests that was refused for the budget.
    refused: Option<Refusal>,
}

impl Pace {
    pub(crate) fn new(budget: Budget, call_wall: Duration, draining: watch::Receiver<bool>) -> Self {
        Self { budget, call_wall, draining, call: Mutex::default() }
    }

    /// Waits for the budget, and begins a call.
    pub(crate) async fn begin(&self) -> Result<(), Ended> {
        let mut draining = self.draining.clone();
        let ready = tokio::select! {
            biased;
            ready = self.budget.ready(Instant::now() + WAIT_MAX) => ready,
            // A host that stops waits for nobody; the run goes on at the next start.
            _ = draining.wait_for(|draining| *draining) => Err(self.budget.wait()),
        };
        ready.map_err(|retry_after| rate_limited(&Refusal::RateLimited { retry_after }))?;
        self.start();
        Ok(())
    }

    /// Begins a call that is not worth waiting for.
    pub(crate) fn start(&self) {
        // The second half of the call's time is for the platform, and for the guest itself.
        let delay_until = Some(Instant::now() + self.call_wall / 2);
        *self.call() = Call { delay_until, refused: None };
    }

    /// Until when a request of this call may wait.
    pub(crate) fn delay_until(&self) -> Option<Instant> {
        self.call().delay_until
    }

    /// A request of this call was refused.
    pub(crate) fn note(&self, refusal: &Refusal) {
        if let Refusal::RateLimited { .. } = refusal {
            self.call().refused.get_or_insert_with(|| refusal.clone());
        }
    }

    /// What came of the call, with what the host knows better.
    pub(crate) fn judge<T>(&self, outcome: Result<T, Ended>) -> Result<T, Ended> {
        outcome.map_err(|ended| match (&ended, self.call().refused.take()) {
            (Ended::Failure(_), Some(refusal)) => rate_limited(&refusal),
            (Ended::Stopped(stopped), Some(refusal)) if stopped.stop == Stop::ReceiptStuck => rate_limited(&refusal),
            _ => ended,
        })
    }

    fn call(&self) -> std::sync::MutexGuard<'_, Call> {
        self.call.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rate_limited(refusal: &Refusal) -> Ended {
    let retry_after_ms = match refusal {
        Refusal::RateLimited { retry_after } => u64::try_from(retry_after.as_millis()).ok(),
        _ => None,
    };
    let (code, message) = (refusal.code().into(), refusal.to_string());
    Ended::Failure(Failure { class: FailureClass::RateLimited, code, message, retry_after_ms })
}

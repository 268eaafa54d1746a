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
    /// When it began.
    began: Option<Instant>,
    /// Whether it asked the platform for anything.
    asked: bool,
    /// Until when its requests may wait.
    delay_until: Option<Instant>,
    /// The first of its requests that was refused for the budget.
    refused: Option<Refusal>,
}

impl Pace {
    pub(crate) fn new(budget: Budget, call_wall: Duration, draining: watch::Receiver<bool>) -> Self {
        Self { budget, call_wall, draining, call: Mutex::default() }
    }

    /// Waits for the budget, and begins a call. A platform that failed again and again is left alone.
    pub(crate) async fn begin(&self) -> Result<(), Ended> {
        if let Some(rest) = self.budget.resting() {
            return Err(resting(rest));
        }
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
        let began = Instant::now();
        *self.call() = Call { began: Some(began), delay_until: Some(began + self.call_wall / 2), ..Call::default() };
    }

    /// Counts a request of this call, and says until when it may wait.
    pub(crate) fn ask(&self) -> Option<Instant> {
        let mut call = self.call();
        call.asked = true;
        call.delay_until
    }

    /// A request of this call was refused.
    pub(crate) fn note(&self, refusal: &Refusal) {
        if let Refusal::RateLimited { .. } = refusal {
            self.call().refused.get_or_insert_with(|| refusal.clone());
        }
    }

    /// What came of the call, with what the host knows better.
    pub(crate) fn judge<T>(&self, outcome: Result<T, Ended>) -> Result<T, Ended> {
        let began = Some(self.call()).filter(|call| call.asked).and_then(|call| call.began);
        match (began, &outcome) {
            (Some(began), Ok(_)) => self.budget.judge(began, true),
            (Some(began), Err(ended)) if is_the_platforms(ended) => self.budget.judge(began, false),
            _ => {}
        }
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

/// Whether the platform is why a call failed.
fn is_the_platforms(ended: &Ended) -> bool {
    match ended {
        Ended::Failure(failure) => failure.class == FailureClass::Transient,
        Ended::Stopped(stopped) => stopped.stop == Stop::DeadlinePassed,
    }
}

fn resting(rest: Duration) -> Ended {
    let seconds = rest.as_millis().div_ceil(1000);
    Ended::Failure(Failure {
        class: FailureClass::Transient,
        code: "connection.resting".into(),
        message: format!("the platform failed again and again, so this connected system is left alone for {seconds} s"),
        retry_after_ms: u64::try_from(rest.as_millis()).ok(),
    })
}

fn rate_limited(refusal: &Refusal) -> Ended {
    let retry_after_ms = match refusal {
        Refusal::RateLimited { retry_after } => u64::try_from(retry_after.as_millis()).ok(),
        _ => None,
    };
    let (code, message) = (refusal.code().into(), refusal.to_string());
    Ended::Failure(Failure { class: FailureClass::RateLimited, code, message, retry_after_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace::new(Budget::default(), Duration::from_secs(1), watch::channel(false).1)
    }

    /// A call that asks its platform, or does not, and comes to this end.
    async fn call(pace: &Pace, asks: bool, class: Option<FailureClass>) -> Result<(), Ended> {
        pace.begin().await?;
        if asks {
            pace.ask();
        }
        let (code, message) = ("platform.down".into(), "down".into());
        let failed = class.map(|class| Ended::Failure(Failure { class, code, message, retry_after_ms: None }));
        pace.judge(failed.map_or(Ok(()), Err))
    }

    async fn rests(pace: &Pace) -> bool {
        matches!(pace.begin().await, Err(Ended::Failure(failure)) if failure.code == "connection.resting")
    }

    #[tokio::test]
    async fn a_platform_that_fails_again_and_again_is_left_alone() {
        let pace = pace();
        for _ in 0..5 {
            assert!(!rests(&pace).await);
            assert!(call(&pace, true, Some(FailureClass::Transient)).await.is_err());
            // A call that asks for nothing says nothing of the platform.
            let _ = call(&pace, false, None).await;
        }
        assert!(rests(&pace).await);
    }

    #[tokio::test]
    async fn a_platform_that_answers_in_between_or_refuses_is_asked_on() {
        let pace = pace();
        for _ in 0..20 {
            for class in [Some(FailureClass::Transient), Some(FailureClass::Config), None] {
                let _ = call(&pace, true, class).await;
            }
        }
        assert!(!rests(&pace).await);
    }
}

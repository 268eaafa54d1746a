//! How often, and after how long, a passing failure is tried again. Only the host retries.

use std::time::Duration;

use crate::chance;
use crate::error::EngineError;

/// Tries without a settled batch in between.
const TRIES_MAX: u32 = 8;
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);
/// A platform that asks for more than this is asked again by the next run.
const ASKED_MAX: Duration = Duration::from_secs(300);

/// What is left of the host's patience with one run.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    tries: u32,
}

impl Patience {
    /// A batch was settled.
    pub(crate) const fn forget(&mut self) {
        self.tries = 0;
    }

    /// How long to wait: what the platform asked for, or an exponential step with full jitter.
    pub(crate) fn wait(&mut self, asked: Option<Duration>) -> Result<Option<Duration>, EngineError> {
        self.tries += 1;
        if self.tries > TRIES_MAX || asked.is_some_and(|asked| asked > ASKED_MAX) {
            return Ok(None);
        }
        if let Some(asked) = asked {
            return Ok(Some(asked));
        }
        let step = FIRST.saturating_mul(1 << self.tries.min(16)).min(LONGEST);
        let millis = u64::try_from(step.as_millis()).unwrap_or(u64::MAX);
        Ok(Some(Duration::from_millis(chance::share_of(millis)?)))
    }
}

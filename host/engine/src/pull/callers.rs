//! How fast external services ask, and when they last came: in memory, since a restart may forget it.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use weighbridge_model::id::ExternalServiceId;
use weighbridge_model::service::Bucket;
use weighbridge_model::time::Timestamp;

/// The last use is written so often at most.
const WRITTEN_MS: i64 = 60_000;

/// Who came since the engine was opened.
#[derive(Debug, Default)]
pub(crate) struct Callers(Mutex<BTreeMap<ExternalServiceId, Came>>);

#[derive(Clone, Copy, Debug, Default)]
struct Came {
    bucket: Bucket,
    written: Option<Timestamp>,
}

impl Callers {
    /// Counts one request; a no says when the next one may come.
    pub(super) fn take(
        &self,
        service: ExternalServiceId,
        rate: Option<NonZeroU32>,
        now: Timestamp,
    ) -> Result<(), Timestamp> {
        let Some(rate) = rate else { return Ok(()) };
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        callers.entry(service).or_default().bucket.take(rate, now)
    }

    /// Whether it is to be written that a service came.
    pub(super) fn is_news(&self, service: ExternalServiceId, now: Timestamp) -> bool {
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let came = callers.entry(service).or_default();
        let is_news = came.written.is_none_or(|last| now < last || now >= last.plus_millis(WRITTEN_MS));
        if is_news {
            came.written = Some(now);
        }
        is_news
    }

    /// Forgets a service that is deleted.
    pub(crate) fn forget(&self, service: ExternalServiceId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&service);
    }
}

//! One thing that is tried with a connector: a platform, and all that was asked of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use weighbridge_model::package::Manifest;
use weighbridge_sandbox::LogLevel;

use crate::cassette::{Asked, Exchange, Header};
use crate::desk::Desk;
use crate::venue::{Platform, Venue};

/// Guests of one act, such as those of a walk that is interrupted, ask one platform one after another.
#[derive(Clone)]
pub(crate) struct Act {
    pub(crate) platform: Arc<tokio::sync::Mutex<Box<dyn Platform>>>,
    seen: Arc<Mutex<Seen>>,
    header: Header,
    waits: bool,
}

/// What passed between the guests and the platform.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) exchanges: Vec<Exchange>,
    /// Requests to which there is no answer.
    pub(crate) absent: Vec<Asked>,
    /// What the guests said for whoever reads the log.
    pub(crate) log: Vec<(LogLevel, String)>,
}

impl Act {
    pub(crate) fn new(header: &Header, venue: &dyn Venue) -> Self {
        let platform = Arc::new(tokio::sync::Mutex::new(venue.open()));
        Self { platform, seen: Arc::default(), header: header.clone(), waits: venue.waits() }
    }

    /// The same at another time, with other random bytes.
    #[must_use]
    pub(crate) fn at_another(mut self, later_ms: u64) -> Self {
        self.header.seed = self.header.seed.wrapping_add(0x9e37_79b9);
        self.header.now_ms += later_ms;
        self
    }

    pub(crate) fn desk(&self, manifest: &Manifest) -> Desk {
        let given = manifest.given(manifest.with_defaults(&self.header.configuration));
        let configuration = serde_json::Value::Object(given).to_string();
        Desk::new(self.clone(), configuration, self.header.now_ms, self.header.seed)
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, where somebody else's time goes by.
    pub(crate) async fn wait(&self, ms: u64) {
        if self.waits {
            tokio::time::sleep(Duration::from_millis(ms.min(60_000))).await;
        }
    }

    /// What the connector asked that nobody recorded.
    pub(crate) fn absent(&self) -> Option<String> {
        let seen = self.seen();
        seen.absent.first().map(|asked| format!("the recording has no answer to {} {}", asked.method, asked.url))
    }
}

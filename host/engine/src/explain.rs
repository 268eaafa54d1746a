//! Why is this (not) running?

use weighbridge_model::gate::{self, Explanation};
use weighbridge_model::id::TransferId;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::Progress;
use weighbridge_store::CustomerScope;
use weighbridge_store::verbs::gather;

use crate::engine::Engine;
use crate::error::EngineError;

/// What all levels say of the next batch of a transfer.
#[derive(Clone, Debug)]
pub struct Explained {
    /// For when.
    pub at: Timestamp,
    /// What they say.
    pub explanation: Explanation,
    /// Versions of its connectors that wait to be approved, with the connector's name first.
    pub waiting: Vec<(String, String)>,
    /// How far the transfer has come.
    pub progress: Progress,
}

impl Engine {
    /// Asks every level, as of now or of another instant.
    pub fn explain(&self, transfer: &str, at: Option<&str>) -> Result<Explained, EngineError> {
        let (scope, transfer) = self.find_transfer(transfer)?;
        self.explain_of(scope, transfer, at)
    }

    /// The same, of a transfer that is known.
    pub(crate) fn explain_of(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        at: Option<&str>,
    ) -> Result<Explained, EngineError> {
        let now = self.host.now();
        let route = self.host.store.read(|tx| gather(tx, scope, transfer, now))?;
        let at = match at {
            Some(text) => route.tenant.zone.instant(text).ok_or_else(|| EngineError::Instant(text.to_owned()))?,
            None => now,
        };
        let explanation = gate::explain(&route.facts(route.progress.run.is_none(), None), at);
        let waiting = route.sides().filter_map(|side| {
            let waits = side.package.as_ref()?.waiting.as_ref()?;
            Some((side.integration.as_ref()?.connector.to_string(), waits.version.to_string()))
        });
        let mut waiting: Vec<_> = waiting.collect();
        waiting.dedup();
        Ok(Explained { waiting, at, explanation, progress: route.progress })
    }
}

//! What a batch in doubt waits for.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::gate::Explanation;
use weighbridge_model::id::TransferId;
use weighbridge_model::run::Wish;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Progresses, Wishes};

use crate::engine::Engine;
use crate::error::EngineError;

/// What a batch in doubt waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// Something stands in the way; the code says what.
    Gate,
    /// Somebody to resume the run that was paused.
    Resume,
    /// Nothing: its run goes on by itself within a minute.
    Itself,
    /// The next run of the transfer, which begins with it.
    NextRun,
}

impl Engine {
    /// What it waits for, and what all levels say of it.
    pub(super) fn waits_for(
        &self,
        scope: CustomerScope,
        id: TransferId,
    ) -> Result<(WaitsFor, Explanation), EngineError> {
        let said = self.explain_of(scope, id, None)?.explanation;
        let (run, wish) = self.host.store.read(|tx| {
            let run = tx.get::<Progresses>(&scope, &id)?.and_then(|progress| progress.run);
            Ok((run, tx.get::<Wishes>(&scope, &id)?.filter(|wish| Some(wish.run) == run)))
        })?;
        let waits = match (run, wish.map(|row| row.wish)) {
            _ if said.refusal.is_some() => WaitsFor::Gate,
            (Some(_), Some(Wish::Pause)) => WaitsFor::Resume,
            (Some(_), _) => WaitsFor::Itself,
            (None, _) => WaitsFor::NextRun,
        };
        Ok((waits, said))
    }
}

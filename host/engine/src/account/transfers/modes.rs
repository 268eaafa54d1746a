//! How a transfer reads and writes, as its source can: what is left out is chosen, and what the source cannot do is refused
//! when it is asked for, not when it runs.

use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::EndpointId;
use weighbridge_model::problem::Problem;
use weighbridge_model::transfer::{SyncMode, WriteMode};
use weighbridge_store::CustomerScope;

use super::transfer::ChangeTransfer;
use crate::engine::Engine;

impl Engine {
    /// The modes that are asked for, checked against what the source says of its stream. A source that is not connected yet,
    /// stands still or does not answer is believed; the run says then what it cannot do.
    pub(super) async fn check_modes(
        &self,
        scope: CustomerScope,
        source: EndpointId,
        asked: &ChangeTransfer,
    ) -> Result<Option<SyncMode>, Problem> {
        let Ok((_, Some(facts))) = self.stream_end(scope, source, Direction::Source, "source").await else {
            return Ok(None);
        };
        if asked.sync == Some(SyncMode::Incremental) && !facts.incremental {
            let what =
                "the source does not tell what changed since the last time, so everything has to be read each time";
            return Err(Problem::invalid("sync", what));
        }
        if asked.write.is_some_and(|write| write != WriteMode::Append) && facts.primary_key.is_empty() {
            let what = "the source's records have no key by which they could be found again, so they can only be added";
            return Err(Problem::invalid("write", what));
        }
        Ok(Some(if facts.incremental { SyncMode::Incremental } else { SyncMode::FullRefresh }))
    }
}

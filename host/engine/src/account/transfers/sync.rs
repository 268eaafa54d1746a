//! Sync now: whatever moves over a connected system and may run is run.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{ConnectionId, TransferId};
use weighbridge_model::problem::Problem;
use weighbridge_model::transfer::Transfer;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Endpoints, Transfers};

use crate::account::{Page, Whose};
use crate::engine::Engine;
use crate::error::EngineError;

/// A transfer that moves over a connected system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TransferOver {
    /// Its id.
    pub transfer: TransferId,
    /// Its name.
    pub name: String,
    /// Whether a run of it has not ended.
    pub running: bool,
    /// Whether it may run now.
    pub allowed: bool,
    /// Why not: the stable code.
    pub code: Option<String>,
}

/// What was begun over a connected system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Synced {
    /// Transfers whose run begins.
    pub started: Vec<TransferOver>,
    /// Those that run already, or may not run now, each with why.
    pub left: Vec<TransferOver>,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// The transfers that move over a connected system, and whether each may run now.
    pub fn transfers_over(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: ConnectionId,
    ) -> Result<Page<TransferOver>, Problem> {
        Ok(Page { items: self.moving_over(CustomerScope::of(may), id)?, next: None })
    }

    /// Begins a run of every transfer over a connected system that may run now, and says what was left.
    pub async fn sync_connection(
        &self,
        may: &Permission<kinds::TransfersRun>,
        id: ConnectionId,
    ) -> Result<Synced, Problem> {
        let (started, left) =
            self.moving_over(CustomerScope::of(may), id)?.into_iter().partition(|one| one.allowed && !one.running);
        let synced = Synced { started, left };
        for one in &synced.started {
            self.start_transfer(may, one.transfer).await?;
        }
        Ok(synced)
    }

    fn moving_over(&self, scope: CustomerScope, id: ConnectionId) -> Result<Vec<TransferOver>, Problem> {
        self.seen_connection(Whose::Customer(scope), id)?;
        let (endpoints, transfers) = self
            .host
            .store
            .read(|tx| {
                Ok((tx.scan::<Endpoints>(&scope, None, ROWS_MAX)?, tx.scan::<Transfers>(&scope, None, ROWS_MAX)?))
            })
            .map_err(EngineError::from)?;
        let is_there = |row: &Transfer| {
            let ends = endpoints.iter().filter(|(id, _)| [row.source, row.destination].contains(id));
            ends.into_iter().any(|(_, end)| end.place.as_ref().is_some_and(|place| place.connection == id))
        };
        let kept = transfers.into_iter().map(|(_, row)| row).filter(|row| row.removed_at.is_none() && is_there(row));
        let mut items = kept.map(|row| self.one_over(scope, &row)).collect::<Result<Vec<_>, _>>()?;
        items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(items)
    }

    fn one_over(&self, scope: CustomerScope, row: &Transfer) -> Result<TransferOver, Problem> {
        let refusal = self.explain_of(scope, row.id, None)?.explanation.refusal;
        Ok(TransferOver {
            transfer: row.id,
            name: self.host.name_in(scope, row.id.as_bytes(), &row.name)?,
            running: self.is_active(row.id),
            allowed: refusal.is_none(),
            code: refusal.map(|refusal| refusal.code.as_str().to_owned()),
        })
    }
}

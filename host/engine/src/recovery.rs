//! Go on with what an earlier process, or an earlier attempt, left unfinished.

use weighbridge_model::id::TransferId;
use weighbridge_model::run::Wish;
use weighbridge_store::tables::{Errands, Progresses, Transfers, Unfinished, Wishes};
use weighbridge_store::{CustomerScope, HostScope, Tx, TxError};

use crate::engine::Engine;
use crate::error::EngineError;

/// So many are looked at in one view of the store.
const STEP: usize = 500;

impl Engine {
    /// Transfers with a run that has not ended and that nobody in this process is at work on.
    pub fn interrupted(&self) -> Result<Vec<(CustomerScope, TransferId)>, EngineError> {
        self.unfinished(|tx, scope, transfer| {
            let progress = tx.get::<Progresses>(scope, transfer)?.unwrap_or_default();
            let Some(run) = progress.run else { return Ok(false) };
            let wish = tx.get::<Wishes>(scope, transfer)?.filter(|wish| wish.run == run);
            let waits = wish.is_some_and(|wish| wish.wish == Wish::Pause);
            let moves =
                tx.get::<Transfers>(scope, transfer)?.is_some() || tx.get::<Errands>(scope, transfer)?.is_some();
            Ok(!waits && moves)
        })
    }

    /// Those of what recovery must look at that are wanted.
    pub(crate) fn unfinished(
        &self,
        wanted: impl Fn(&Tx<'_>, &CustomerScope, &TransferId) -> Result<bool, TxError>,
    ) -> Result<Vec<(CustomerScope, TransferId)>, EngineError> {
        self.unfinished_among(usize::MAX, wanted)
    }

    /// The same where at least so many were looked at, or all of them.
    pub(crate) fn unfinished_among(
        &self,
        enough: usize,
        wanted: impl Fn(&Tx<'_>, &CustomerScope, &TransferId) -> Result<bool, TxError>,
    ) -> Result<Vec<(CustomerScope, TransferId)>, EngineError> {
        let host = HostScope::new();
        let mut found = Vec::new();
        let (mut after, mut seen) = (None, 0);
        loop {
            let step = self.host.store.read(|tx| {
                let keys = tx.keys::<Unfinished>(host, after.as_ref(), STEP)?;
                let mut open = Vec::new();
                for (_, (tenant, customer, transfer)) in &keys {
                    let scope = host.tenant(*tenant).customer(*customer);
                    open.extend(wanted(tx, &scope, transfer)?.then_some((scope, *transfer)));
                }
                Ok((keys, open))
            })?;
            found.extend(step.1);
            after = step.0.last().copied();
            seen += step.0.len();
            if step.0.len() < STEP || seen >= enough {
                return Ok(found);
            }
        }
    }
}

//! Rejected records of all transfers of a customer in one order: their ids tell when, the newest first.

use std::collections::VecDeque;

use weighbridge_model::id::{DeadLetterId, TransferId};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{DeadLetter, DeadLetters, Transfers};

use crate::engine::Engine;
use crate::error::EngineError;

/// Rows of one transfer that are read in one view of the store.
const STEP: usize = 200;
const TRANSFERS_MAX: usize = 10_000;

/// One of them, as it is stored.
pub(super) type Letter = (TransferId, DeadLetterId, DeadLetter);

/// Goes through them.
pub(super) struct Walk<'a> {
    engine: &'a Engine,
    scope: CustomerScope,
    of: Vec<OfTransfer>,
}

struct OfTransfer {
    transfer: TransferId,
    after: DeadLetterId,
    rows: VecDeque<(DeadLetterId, DeadLetter)>,
    has_more: bool,
}

impl<'a> Walk<'a> {
    /// Of one transfer or of all of them, behind a record.
    pub(super) fn begin(
        engine: &'a Engine,
        scope: CustomerScope,
        transfer: Option<TransferId>,
        after: Option<DeadLetterId>,
    ) -> Result<Self, EngineError> {
        let after = after.unwrap_or(DeadLetterId::from_bytes([0; 16]));
        let transfers = match transfer {
            Some(transfer) => vec![transfer],
            None => engine
                .host
                .store
                .read(|tx| tx.scan::<Transfers>(&scope, None, TRANSFERS_MAX))?
                .into_iter()
                .map(|(id, _)| id)
                .collect(),
        };
        let of =
            transfers.into_iter().map(|transfer| OfTransfer { transfer, after, rows: VecDeque::new(), has_more: true });
        Ok(Self { engine, scope, of: of.collect() })
    }

    /// The next one.
    pub(super) fn next(&mut self) -> Result<Option<Letter>, EngineError> {
        for one in &mut self.of {
            one.fill(self.engine, self.scope)?;
        }
        self.of.retain(|one| !one.rows.is_empty());
        let newest = self.of.iter_mut().min_by_key(|one| one.rows.front().map(|(id, _)| *id));
        Ok(newest.and_then(|one| one.rows.pop_front().map(|(id, row)| (one.transfer, id, row))))
    }
}

impl OfTransfer {
    fn fill(&mut self, engine: &Engine, scope: CustomerScope) -> Result<(), EngineError> {
        if !self.rows.is_empty() || !self.has_more {
            return Ok(());
        }
        let (transfer, after) = (self.transfer, self.after);
        let found = engine.host.store.read(|tx| tx.scan::<DeadLetters>(&scope, Some(&(transfer, after)), STEP))?;
        let is_full = found.len() == STEP;
        let own = found.into_iter().take_while(|((of, _), _)| *of == transfer).map(|((_, id), row)| (id, row));
        self.rows = own.collect();
        self.has_more = is_full && self.rows.len() == STEP;
        if let Some((id, _)) = self.rows.back() {
            self.after = *id;
        }
        Ok(())
    }
}

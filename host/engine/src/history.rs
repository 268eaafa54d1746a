//! What ran, and what of it is in doubt.

use weighbridge_model::batch::Batch;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::run::{Run, RunFailure};
use weighbridge_store::tables::{Batches, Progresses, Runs, Transfers};
use weighbridge_store::verbs::newest_runs_of;
use weighbridge_store::{CustomerScope, HostScope};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// A run, with its texts opened.
#[derive(Clone, Debug)]
pub struct RunView {
    /// The transfer's name.
    pub transfer: String,
    /// The run.
    pub run: Run,
    /// Its failure in words, where it failed.
    pub message: Option<String>,
}

/// A batch, with the names of what it is of.
#[derive(Clone, Debug)]
pub struct BatchView {
    /// The transfer's name.
    pub transfer: String,
    /// The batch.
    pub batch: Batch,
}

/// The most transfers of one customer that a list looks at.
const TRANSFERS_MAX: usize = 10_000;
/// Runs read in one view of the store.
const STEP: usize = 5_000;

impl Engine {
    /// The last runs of a transfer, or of all of a customer's, the newest first.
    pub fn history(&self, path: &str, limit: usize) -> Result<Vec<RunView>, EngineError> {
        let mut views = Vec::new();
        for (scope, transfer) in self.transfers_at(path)? {
            let name = self.transfer_name(scope, transfer)?;
            for run in self.runs_of(scope, transfer)? {
                views.push(self.run_view(scope, &name, run)?);
            }
        }
        views.sort_by_key(|view| std::cmp::Reverse((view.run.started_at, view.run.id)));
        views.truncate(limit);
        Ok(views)
    }

    /// Batches whose hold still counts.
    pub fn open_batches(&self, path: &str) -> Result<Vec<BatchView>, EngineError> {
        let mut views = Vec::new();
        for (scope, transfer) in self.transfers_at(path)? {
            let batch = self.host.store.read(|tx| {
                let progress = tx.get::<Progresses>(&scope, &transfer)?.unwrap_or_default();
                progress.open.map(|open| tx.need::<Batches>(&scope, &open)).transpose()
            })?;
            if let Some(batch) = batch {
                views.push(BatchView { transfer: self.transfer_name(scope, transfer)?, batch });
            }
        }
        Ok(views)
    }

    /// One transfer, or all of a customer's (`CUSTOMER`), or all there are (an empty path).
    fn transfers_at(&self, path: &str) -> Result<Vec<(CustomerScope, TransferId)>, EngineError> {
        if path.is_empty() {
            let keys = self.host.store.read(|tx| tx.keys::<Transfers>(HostScope::new(), None, TRANSFERS_MAX))?;
            return Ok(keys);
        }
        if path.contains('/') {
            return Ok(vec![self.find_transfer(path)?]);
        }
        let scope = self.find_customer(self.find_tenant(None)?, path)?;
        let found = self.host.store.read(|tx| tx.scan::<Transfers>(&scope, None, TRANSFERS_MAX))?;
        Ok(found.into_iter().map(|(id, _)| (scope, id)).collect())
    }

    fn transfer_name(&self, scope: CustomerScope, id: TransferId) -> Result<String, EngineError> {
        let transfer = self.host.store.read(|tx| tx.need::<Transfers>(&scope, &id))?;
        self.host.name_in(scope, id.as_bytes(), &transfer.name)
    }

    /// The last runs of a transfer, the newest first, with their failures in words.
    pub(crate) fn newest_runs(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        limit: usize,
    ) -> Result<Vec<(Run, Option<String>)>, EngineError> {
        let found = self.host.store.read(|tx| newest_runs_of(tx, scope, transfer, limit))?;
        let runs = match found {
            Some(runs) => runs,
            // Other transfers ran so often since then that its own rows are read sooner.
            None => self.runs_of(scope, transfer)?.into_iter().rev().take(limit).collect(),
        };
        let views = runs.into_iter().map(|run| self.run_view(scope, "", run));
        views.map(|view| view.map(|view| (view.run, view.message))).collect()
    }

    /// All of them, the oldest first: run ids sort by time within a transfer.
    fn runs_of(&self, scope: CustomerScope, transfer: TransferId) -> Result<Vec<Run>, EngineError> {
        let (mut runs, mut after) = (Vec::new(), (transfer, RunId::from_bytes([0; 16])));
        loop {
            let step = self.host.store.read(|tx| tx.scan::<Runs>(&scope, Some(&after), STEP))?;
            let own = step.into_iter().take_while(|((of, _), _)| *of == transfer).map(|(_, run)| run);
            let before = runs.len();
            runs.extend(own);
            if runs.len() - before < STEP {
                return Ok(runs);
            }
            after = (transfer, runs.last().map_or(after.1, |run: &Run| run.id));
        }
    }

    fn run_view(&self, scope: CustomerScope, transfer: &str, run: Run) -> Result<RunView, EngineError> {
        let message = self.failure_of(scope, &run)?;
        Ok(RunView { transfer: transfer.to_owned(), run, message })
    }

    /// What a run failed of, in words.
    pub(crate) fn failure_of(&self, scope: CustomerScope, run: &Run) -> Result<Option<String>, EngineError> {
        let failure = run.failure.as_ref();
        Ok(failure.map(|failure| self.words_of_failure(scope, run.id, failure)).transpose()?.flatten())
    }

    pub(crate) fn words_of_failure(
        &self,
        scope: CustomerScope,
        run: RunId,
        failure: &RunFailure,
    ) -> Result<Option<String>, EngineError> {
        let texts = Texts::new(&self.host.ring, customer_owner(scope), run.as_bytes());
        failure.message.as_ref().map(|sealed| texts.open_text("failure", sealed)).transpose()
    }
}

//! Pause, resume and cancel a run. What is wanted is kept beside the run, so that it outlives the process; whoever is at work
//! on it sees it before its next batch.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::{RunState, Wish};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Errands, Progresses, WishRow, Wishes};
use weighbridge_store::verbs::run_of_customer;

use super::line::{Lines, RunLine};
use crate::account::Started;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::urge::Urge;

/// How a run is ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CancelRun {
    /// Leave also the batch that is being moved: what was sent of it may have arrived, and stays on hold until the next run
    /// sends it again under the same key. Without this the batch is moved to its end.
    pub at_once: bool,
}

impl Engine {
    /// Lets a run hold no further batch until it is resumed.
    pub async fn pause_run(&self, may: &Permission<kinds::TransfersRun>, id: RunId) -> Result<RunLine, Problem> {
        let (scope, transfer) = self.wish(may, id, Some(Wish::Pause)).await?;
        self.host.urge(transfer, id, Urge::Look);
        self.run_line(may, scope, id)
    }

    /// Lets a paused run go on; where no host serves, the next `weighbridge run` goes on with it.
    pub async fn resume_run(&self, may: &Permission<kinds::TransfersRun>, id: RunId) -> Result<RunLine, Problem> {
        let (scope, transfer) = self.wish(may, id, None).await?;
        // Whoever was about to leave it goes on by itself.
        if !self.host.urge(transfer, id, Urge::Nothing) && self.public_address().is_some() && !self.is_draining() {
            let engine = self.clone();
            tokio::spawn(async move {
                match engine.go_on_moving(scope, transfer, id).await {
                    Ok(()) | Err(EngineError::Running) => {}
                    Err(error) => tracing::error!(%error, %transfer, "a run could not be resumed"),
                }
            });
        }
        self.run_line(may, scope, id)
    }

    /// Ends a run, after the batch that is being moved or at once.
    pub async fn cancel_run(
        &self,
        may: &Permission<kinds::TransfersRun>,
        id: RunId,
        how: CancelRun,
    ) -> Result<RunLine, Problem> {
        let (scope, transfer) = self.wish(may, id, Some(Wish::Cancel)).await?;
        if !self.host.urge(transfer, id, if how.at_once { Urge::AtOnce } else { Urge::Look }) {
            // Nobody is at work on it: it ends where it stands.
            match self.go_on(scope, transfer, id).await {
                Ok(()) | Err(EngineError::Running) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.run_line(may, scope, id)
    }

    /// Begins another run of what a run was of, where that did not do its work: it goes on from the last batch that was
    /// settled. A paused one is resumed instead.
    pub async fn retry_run(&self, may: &Permission<kinds::TransfersRun>, id: RunId) -> Result<Started, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let run = self.host.store.read(|tx| run_of_customer(tx, scope, id)).map_err(EngineError::from)?;
        let run = run.ok_or(ProblemCode::NotThere)?;
        let moved = self.what_moved(scope, run.transfer)?;
        let Some(transfer) = moved.transfer else { return Err(ProblemCode::NotThere.into()) };
        match run.state {
            RunState::Running => return Err(ProblemCode::RunBusy.into()),
            RunState::Succeeded => return Err(ProblemCode::RunSucceeded.into()),
            _ => {}
        }
        if run.transfer == transfer {
            return self.start_transfer(may, transfer).await;
        }
        self.kept_transfer(scope, transfer)?;
        let errand = self.host.store.read(|tx| tx.need::<Errands>(&scope, &run.transfer)).map_err(EngineError::from)?;
        self.carry_out(scope, (errand.id, errand.what), may.by()).await?;
        Ok(Started { started: true, run: None })
    }

    async fn wish(
        &self,
        may: &Permission<kinds::TransfersRun>,
        id: RunId,
        wish: Option<Wish>,
    ) -> Result<(CustomerScope, TransferId), Problem> {
        let (scope, by, now) = (CustomerScope::of(may), may.by(), self.host.now());
        self.customer_and_zone(scope)?;
        let run = self.host.store.read(|tx| run_of_customer(tx, scope, id)).map_err(EngineError::from)?;
        let transfer = run.ok_or(ProblemCode::NotThere)?.transfer;
        let act = match wish {
            Some(Wish::Pause) => "run.paused",
            Some(Wish::Cancel) => "run.cancelled",
            None => "run.resumed",
        };
        // What a third party pulls ends with its request.
        let moved = self.what_moved(scope, transfer)?;
        if moved.transfer.is_none() {
            return Err(ProblemCode::NotThere.into());
        }
        let called = moved.transfer_name.unwrap_or_default();
        self.edit(|edit| {
            let goes_on = move |tx: &weighbridge_store::Tx<'_>| {
                Ok(tx.get::<Progresses>(&scope, &transfer)?.is_some_and(|progress| progress.run == Some(id)))
            };
            if !self.host.store.read(goes_on).map_err(EngineError::from)? {
                return Err(ProblemCode::RunEnded.into());
            }
            edit.expect(goes_on);
            let before = edit.read::<Wishes>(scope, transfer)?.filter(|row| row.run == id).map(|row| row.wish);
            match (before, wish) {
                (Some(Wish::Cancel), None | Some(Wish::Pause)) => return Err(ProblemCode::RunEnding.into()),
                (None, None) => return Err(ProblemCode::RunNotPaused.into()),
                (before, wish) if before == wish => return Ok(()),
                (_, None) => edit.remove::<Wishes>(scope, transfer),
                (_, Some(wish)) => edit.put::<Wishes>(scope, transfer, WishRow { run: id, wish, by, at: now }),
            }
            edit.audit(self.audit_customer(scope, by, act, format!("{called}: run {id}").as_str().into())?);
            Ok(())
        })
        .await?;
        Ok((scope, transfer))
    }

    fn run_line(
        &self,
        may: &Permission<kinds::TransfersRun>,
        scope: CustomerScope,
        id: RunId,
    ) -> Result<RunLine, Problem> {
        let run = self.host.store.read(|tx| run_of_customer(tx, scope, id)).map_err(EngineError::from)?;
        let mut lines = Lines::new(self, scope.tenant(), may.actor());
        Ok(lines.line(scope, run.ok_or(ProblemCode::NotThere)?)?)
    }
}

//! From a wish to an intent. After this nothing asks who wanted it.

use weighbridge_model::access::ActorRef;
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::run::Cause;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Progresses;
use weighbridge_store::verbs::Intent;

use crate::chance;
use crate::engine::{Claim, Engine};
use crate::error::EngineError;
use crate::pipeline::{self, RunOutcome};

impl Engine {
    /// Runs a transfer, `CUSTOMER/TRANSFER` or `TENANT/CUSTOMER/TRANSFER`, until the run ends or the host drains. A run that
    /// was interrupted is gone on with.
    pub async fn run(&self, transfer: &str) -> Result<RunOutcome, EngineError> {
        let (scope, transfer) = self.find_transfer(transfer)?;
        self.run_transfer(scope, transfer, Cause::Manual, Some(ActorRef::OWNER)).await
    }

    pub(crate) async fn run_transfer(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        cause: Cause,
        by: Option<ActorRef>,
    ) -> Result<RunOutcome, EngineError> {
        let mut claim = self.host.claim(transfer).ok_or(EngineError::Running)?;
        self.run_claimed(&mut claim, scope, (transfer, cause, by)).await
    }

    /// Goes on with this run, and begins no other one where it ended meanwhile.
    pub(crate) async fn go_on(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        run: RunId,
    ) -> Result<(), EngineError> {
        let mut claim = self.host.claim(transfer).ok_or(EngineError::Running)?;
        let progress = self.host.store.read(|tx| tx.get::<Progresses>(&scope, &transfer))?;
        if progress.is_none_or(|progress| progress.run != Some(run)) {
            return Ok(());
        }
        self.run_claimed(&mut claim, scope, (transfer, Cause::Manual, None)).await.map(|_| ())
    }

    async fn run_claimed(
        &self,
        claim: &mut Claim,
        scope: CustomerScope,
        (transfer, cause, by): (TransferId, Cause, Option<ActorRef>),
    ) -> Result<RunOutcome, EngineError> {
        let run = RunId::new(self.host.now(), chance::bytes()?);
        let intent = Intent { transfer, cause, occurrence: None, run, by };
        pipeline::run(&self.host, scope, intent, &mut claim.urged).await
    }
}

//! From a wish to an intent. After this nothing asks who wanted it.

use std::collections::BTreeSet;

use weighbridge_model::access::ActorRef;
use weighbridge_model::id::{ConnectionId, RunId, TransferId};
use weighbridge_model::run::Cause;
use weighbridge_store::tables::{Endpoints, Errands, Progresses, Transfers};
use weighbridge_store::verbs::Intent;
use weighbridge_store::{CustomerScope, Tx, TxError};

use crate::chance;
use crate::engine::{Claim, Engine};
use crate::error::EngineError;
use crate::pipeline::{self, RunOutcome};
use crate::places::{Place, Wants};

impl Engine {
    /// Runs a transfer, `CUSTOMER/TRANSFER` or `TENANT/CUSTOMER/TRANSFER`, until the run ends or the host drains. A run that
    /// was interrupted is gone on with. So do the transfers that go along with it, one after the other, unless somebody else has
    /// begun them.
    pub async fn run(&self, transfer: &str) -> Result<RunOutcome, EngineError> {
        let (scope, transfer) = self.find_transfer(transfer)?;
        let outcome = self.run_transfer(scope, transfer, Cause::Manual, Some(ActorRef::OWNER)).await?;
        let row = self.host.store.read(|tx| tx.get::<Transfers>(&scope, &transfer))?;
        let mut along = Vec::new();
        for other in row.map(|row| row.along).unwrap_or_default() {
            match self.run_open(scope, other).await {
                Ok(ended) => along.extend(ended),
                Err(EngineError::Running) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(RunOutcome { along, ..outcome })
    }

    pub(crate) async fn run_transfer(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        cause: Cause,
        by: Option<ActorRef>,
    ) -> Result<RunOutcome, EngineError> {
        let _place = self.place(scope, transfer).await?;
        let mut claim = self.host.claim(transfer).ok_or(EngineError::Running)?;
        self.run_claimed(&mut claim, scope, (transfer, cause, by)).await
    }

    /// Waits until there is room for one more run, or until the host is about to stop.
    async fn place(&self, scope: CustomerScope, transfer: TransferId) -> Result<Place, EngineError> {
        let connections = self.host.store.read(|tx| connections_of(tx, scope, transfer))?;
        let (tenant, customer) = (scope.tenant_id(), scope.id());
        let mut drains = self.host.drains();
        let place = tokio::select! {
            biased;
            place = self.host.places.take(Wants { tenant, customer, connections, transfer }) => place,
            _ = drains.wait_for(|draining| *draining) => None,
        };
        place.ok_or(EngineError::Running)
    }

    /// Goes on with the run that has not ended, and begins no other one: it may have come to its end elsewhere while it waited
    /// for a place.
    pub(crate) async fn run_open(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
    ) -> Result<Option<RunOutcome>, EngineError> {
        let _place = self.place(scope, transfer).await?;
        let mut claim = self.host.claim(transfer).ok_or(EngineError::Running)?;
        let progress = self.host.store.read(|tx| tx.get::<Progresses>(&scope, &transfer))?;
        if progress.is_none_or(|progress| progress.run.is_none()) {
            return Ok(None);
        }
        self.run_claimed(&mut claim, scope, (transfer, Cause::Schedule, None)).await.map(Some)
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

    /// The same when there is a place for it: it is to move on, and not only to end.
    pub(crate) async fn go_on_moving(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        run: RunId,
    ) -> Result<(), EngineError> {
        let _place = self.place(scope, transfer).await?;
        self.go_on(scope, transfer, run).await
    }

    pub(crate) async fn run_claimed(
        &self,
        claim: &mut Claim,
        scope: CustomerScope,
        (transfer, cause, by): (TransferId, Cause, Option<ActorRef>),
    ) -> Result<RunOutcome, EngineError> {
        loop {
            let run = RunId::new(self.host.now(), chance::bytes()?);
            let intent = Intent { transfer, cause, occurrence: None, run, by };
            let outcome = pipeline::run(&self.host, scope, intent, &mut claim.urged).await?;
            // A run that waits may have been resumed or cancelled after it was looked what is wanted of it.
            if outcome.run.ended_at.is_some() || self.is_draining() || claim.leave() {
                return Ok(outcome);
            }
        }
    }
}

/// The connected systems that a transfer uses.
fn connections_of(tx: &Tx<'_>, scope: CustomerScope, transfer: TransferId) -> Result<BTreeSet<ConnectionId>, TxError> {
    let transfer = tx.get::<Errands>(&scope, &transfer)?.map_or(transfer, |errand| errand.transfer);
    let Some(row) = tx.get::<Transfers>(&scope, &transfer)? else { return Ok(BTreeSet::new()) };
    let mut connections = BTreeSet::new();
    for id in [row.source, row.destination] {
        let place = tx.get::<Endpoints>(&scope, &id)?.and_then(|endpoint| endpoint.place);
        connections.extend(place.map(|place| place.connection));
    }
    Ok(connections)
}

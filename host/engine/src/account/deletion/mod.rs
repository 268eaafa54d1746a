//! Delete a customer for good. What it used stays in sums, under a tombstone that says nothing of who it was.
//!
//! It goes in steps that are each done again where one was cut off, by whoever opens the data folder next: everything is
//! refused and comes to its end; platforms are left; the data key is destroyed, which is what deletion means; rows and blobs
//! are swept; a receipt is signed.

mod begin;
mod destroy;
mod leave;
mod receipt;
mod stop;
mod sweep;
mod view;

use std::time::Duration;

use weighbridge_model::access::{Action, Permission, kinds};
use weighbridge_model::deletion::{Deletion, DeletionStage};
use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{Customers, Deletions};
use weighbridge_store::{CustomerScope, HostScope};

use crate::engine::Engine;
use crate::error::EngineError;

pub use receipt::{CheckedReceipt, GivenReceipt};
pub use view::{DeletionView, FarewellView, SweptRows};

/// How long one call waits for what is under way; the rest is done by the next one.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is still answered about a customer that is being deleted or gone.
const ANSWERED: [Action; 4] =
    [Action::CustomerRead, Action::CustomerDelete, Action::CustomerAuditRead, Action::UsageRead];

/// Deletions that are looked at in one view of the store.
const STEP: usize = 500;

impl Engine {
    /// Deletes a customer: `name_typed` is its name, typed by whoever wants it gone. This cannot be undone. What cannot be
    /// done at once (a platform that does not answer) is tried again by a host that serves.
    pub async fn delete_customer(
        &self,
        may: &Permission<kinds::CustomerDelete>,
        name_typed: &str,
    ) -> Result<DeletionView, Problem> {
        self.begin_deletion(may, name_typed).await?;
        self.carry_deletion_on(CustomerScope::of(may)).await?;
        self.deletion(may)
    }

    /// Goes on with every deletion that is not over: once a minute, and at the start.
    pub async fn carry_deletions_on(&self) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let step = self.host.store.read(|tx| {
                let keys = tx.keys::<Deletions>(HostScope::new(), after.as_ref(), STEP)?;
                let rows = keys.iter().map(|(scope, id)| Ok((*scope, tx.need::<Deletions>(scope, id)?)));
                rows.collect::<Result<Vec<_>, weighbridge_store::TxError>>()
            })?;
            after = step.last().map(|(scope, row)| (*scope, row.customer));
            for (tenant, row) in step.iter().filter(|(_, row)| row.stage != DeletionStage::Done) {
                if let Err(error) = self.carry_deletion_on(tenant.customer(row.customer)).await {
                    tracing::warn!(%error, customer = %row.customer, "a deletion could not go on");
                }
            }
            if step.len() < STEP {
                return Ok(());
            }
        }
    }

    /// Goes on with one until it is over, or has to wait.
    async fn carry_deletion_on(&self, scope: CustomerScope) -> Result<(), EngineError> {
        let Ok(_one_at_a_time) = tokio::time::timeout(PATIENCE, self.host.deleting.lock()).await else {
            return Ok(());
        };
        loop {
            let before = self.deletion_row(scope)?.map(|row| row.stage);
            let after = self.step_of_deletion(scope).await?;
            if Some(after) == before || after == DeletionStage::Done {
                return Ok(());
            }
        }
    }

    /// One step of a deletion; answers where it stands then. A step that has to wait leaves it where it was.
    pub async fn step_of_deletion(&self, scope: CustomerScope) -> Result<DeletionStage, EngineError> {
        let Some(row) = self.deletion_row(scope)? else { return Ok(DeletionStage::Done) };
        match row.stage {
            DeletionStage::Stopping => self.stop_customer(scope, row).await,
            DeletionStage::Leaving => self.leave_platforms(scope, row).await,
            DeletionStage::Destroying => self.destroy_customer(scope, row).await,
            DeletionStage::Sweeping => self.sweep_customer(scope).await,
            DeletionStage::Done => Ok(DeletionStage::Done),
        }
    }

    /// Whether an action is still answered where it is done: of a customer that is being deleted, next to nothing is.
    pub fn admits(&self, action: Action, place: (Option<TenantId>, Option<CustomerId>)) -> Result<(), Problem> {
        let (Some(tenant), Some(customer)) = place else { return Ok(()) };
        if ANSWERED.contains(&action) {
            return Ok(());
        }
        let tenant = HostScope::new().tenant(tenant);
        let row = self.host.store.read(|tx| tx.get::<Customers>(&tenant, &customer)).map_err(EngineError::from)?;
        let is_leaving = row.is_some_and(|row| row.status.is_leaving());
        if is_leaving { Err(ProblemCode::CustomerDeleting.into()) } else { Ok(()) }
    }

    pub(super) fn deletion_row(&self, scope: CustomerScope) -> Result<Option<Deletion>, EngineError> {
        Ok(self.host.store.read(|tx| tx.get::<Deletions>(&scope.tenant(), &scope.id()))?)
    }

    /// Writes how far a deletion has come.
    async fn put_deletion(&self, scope: CustomerScope, row: Deletion) -> Result<DeletionStage, EngineError> {
        let stage = row.stage;
        self.host.store.write(move |tx| tx.put::<Deletions>(&scope.tenant(), &scope.id(), &row)).await?;
        Ok(stage)
    }
}

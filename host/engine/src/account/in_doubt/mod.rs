//! Batches in doubt: something of them may have arrived, and nobody is at work on them.

mod waits;
mod write_off;

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::batch::{Batch, BatchState};
use weighbridge_model::id::{BatchId, CustomerId, RunId, TenantId, TransferId};
use weighbridge_model::problem::Problem;
use weighbridge_store::tables::{Batches, Customers, Progresses, Pulls};
use weighbridge_store::verbs::is_open_trial;
use weighbridge_store::{CustomerScope, TenantScope, Tx, TxError};

use crate::account::{At, Page};
use crate::engine::Engine;
use crate::error::EngineError;

pub use waits::WaitsFor;
pub use write_off::{WriteOff, WrittenOff};

/// A batch in doubt, for a partner's staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoubtView {
    /// The batch.
    pub batch: BatchId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What that is called.
    pub customer_name: Option<String>,
    /// The transfer that it is of.
    pub transfer: Option<TransferId>,
    /// What that is called.
    pub transfer_name: Option<String>,
    /// The run that holds it.
    pub run: RunId,
    /// What it holds, and what it waits for.
    #[serde(flatten)]
    pub held: DoubtHeld,
}

/// A batch in doubt, for the host's operator: no name of a customer is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostDoubtView {
    /// The batch.
    pub batch: BatchId,
    /// The organisation that it is of.
    pub tenant: TenantId,
    /// What that is called.
    pub tenant_name: String,
    /// The transfer that it is of.
    pub transfer: Option<TransferId>,
    /// The run that holds it.
    pub run: RunId,
    /// What it holds, and what it waits for.
    #[serde(flatten)]
    pub held: DoubtHeld,
}

/// What a batch in doubt holds, and what it waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoubtHeld {
    /// Since when.
    pub since: At,
    /// Records on hold.
    pub records: u64,
    /// Bytes on hold.
    pub bytes: u64,
    /// Whether it was dispatched: its bytes are kept, and go out again as they were.
    pub dispatched: bool,
    /// What it waits for.
    pub waits_for: WaitsFor,
    /// The first no, where one stands in the way: its stable code.
    pub code: Option<String>,
    /// The same in a sentence.
    pub sentence: Option<String>,
    /// What can be done.
    pub next_step: Option<String>,
    /// When the answer changes by itself.
    pub until: Option<At>,
}

impl Engine {
    /// What is in doubt of one customer.
    pub fn in_doubt(&self, may: &Permission<kinds::TransfersRead>) -> Result<Page<DoubtView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let found = self.doubts(|of| of.tenant_id() == scope.tenant_id() && of.id() == scope.id())?;
        self.doubt_views(found)
    }

    /// What is in doubt of all customers of an organisation.
    pub fn in_doubt_of_all(&self, may: &Permission<kinds::RunsRead>) -> Result<Page<DoubtView>, Problem> {
        let tenant = TenantScope::of(may).id();
        let found = self.doubts(|of| of.tenant_id() == tenant)?;
        self.doubt_views(found)
    }

    /// What is in doubt on this host.
    pub fn in_doubt_on_host(&self, _may: &Permission<kinds::HostRead>) -> Result<Page<HostDoubtView>, Problem> {
        let view = |(scope, batch): (CustomerScope, Batch)| {
            Ok(HostDoubtView {
                batch: batch.id,
                tenant: scope.tenant_id(),
                tenant_name: self.tenant_name(scope.tenant())?,
                transfer: self.what_moved(scope, batch.transfer)?.transfer,
                run: batch.run,
                held: self.doubt_held(scope, &batch)?,
            })
        };
        let items = self.doubts(|_| true)?.into_iter().map(view).collect::<Result<_, EngineError>>()?;
        Ok(Page { items, next: None })
    }

    /// Batches on hold that nobody in this process is at work on, the oldest first. What is pulled is not among them, since
    /// nobody was answered; nor what a trial holds, since that is never sent.
    pub(in crate::account) fn doubts(
        &self,
        wanted: impl Fn(&CustomerScope) -> bool,
    ) -> Result<Vec<(CustomerScope, Batch)>, EngineError> {
        self.doubts_among(usize::MAX, wanted)
    }

    /// The same where at least so many unfinished transfers were looked at, or all of them.
    pub(crate) fn doubts_among(
        &self,
        enough: usize,
        wanted: impl Fn(&CustomerScope) -> bool,
    ) -> Result<Vec<(CustomerScope, Batch)>, EngineError> {
        let found =
            self.unfinished_among(enough, |tx, scope, id| Ok(wanted(scope) && is_in_doubt(tx, *scope, *id)?))?;
        let mut batches = Vec::new();
        for (scope, id) in found.into_iter().filter(|(_, id)| !self.is_active(*id)) {
            // It may have come to its end since it was found.
            let batch = self.host.store.read(|tx| {
                let open = tx.get::<Progresses>(&scope, &id)?.and_then(|progress| progress.open);
                open.map(|open| tx.get::<Batches>(&scope, &open)).transpose()
            })?;
            batches.extend(batch.flatten().map(|batch| (scope, batch)));
        }
        batches.sort_by_key(|(_, batch)| (batch.held_at, batch.id));
        Ok(batches)
    }

    fn doubt_views(&self, found: Vec<(CustomerScope, Batch)>) -> Result<Page<DoubtView>, Problem> {
        let view = |(scope, batch): (CustomerScope, Batch)| self.doubt_view(scope, &batch);
        Ok(Page { items: found.into_iter().map(view).collect::<Result<_, _>>()?, next: None })
    }

    fn doubt_view(&self, scope: CustomerScope, batch: &Batch) -> Result<DoubtView, EngineError> {
        let row = self.host.store.read(|tx| tx.get::<Customers>(&scope.tenant(), &scope.id()))?;
        let moved = self.what_moved(scope, batch.transfer)?;
        Ok(DoubtView {
            batch: batch.id,
            customer: scope.id(),
            customer_name: row.and_then(|row| self.customer_name(scope, &row).ok()),
            transfer: moved.transfer,
            transfer_name: moved.transfer_name,
            run: batch.run,
            held: self.doubt_held(scope, batch)?,
        })
    }

    fn doubt_held(&self, scope: CustomerScope, batch: &Batch) -> Result<DoubtHeld, EngineError> {
        let (hold, (waits_for, said)) = (batch.reservation.hold(), self.waits_for(scope, batch.transfer)?);
        let code = said.refusal.map(|refusal| refusal.code);
        Ok(DoubtHeld {
            since: At(batch.held_at),
            records: hold.records,
            bytes: hold.bytes,
            dispatched: batch.state == BatchState::Dispatched,
            waits_for,
            code: code.map(|code| code.as_str().to_owned()),
            sentence: code.map(|code| code.sentence().to_owned()),
            next_step: code.map(|code| code.next_step().to_owned()),
            until: said.changes_at.filter(|_| code.is_some()).map(At),
        })
    }
}

fn is_in_doubt(tx: &Tx<'_>, scope: CustomerScope, id: TransferId) -> Result<bool, TxError> {
    let is_open = tx.get::<Progresses>(&scope, &id)?.is_some_and(|progress| progress.open.is_some());
    Ok(is_open && tx.get::<Pulls>(&scope, &id)?.is_none() && !is_open_trial(tx, scope, id)?)
}

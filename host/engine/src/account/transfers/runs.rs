//! Runs: begin one, see the last ones, and the records that were rejected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::connection::Owner;
use weighbridge_model::id::{EndpointId, RunId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::{Cause, Counts, Run, RunState};
use weighbridge_store::tables::{Connections, Endpoints};
use weighbridge_store::verbs::run_of_customer;
use weighbridge_store::{CustomerScope, Tx};

use crate::account::{At, Page, is_of_customer};
use crate::dead_letters::RejectedRecord;
use crate::engine::Engine;
use crate::error::EngineError;

/// Which runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunList {
    /// How many, the newest first; 20 where it is left out, 1,000 at most.
    pub limit: Option<u32>,
}

/// A run, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunRow {
    /// Its id.
    pub id: RunId,
    /// Who or what wanted it.
    pub cause: String,
    /// Where it stands.
    pub state: String,
    /// When it was made.
    pub started_at: At,
    /// When it ended.
    pub ended_at: Option<At>,
    /// How often it was tried.
    pub attempts: u64,
    /// How many batches it settled.
    pub batches: u64,
    /// Records read.
    pub read: u64,
    /// Records delivered.
    pub delivered: u64,
    /// Records that a filter left out.
    pub filtered: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Bytes delivered.
    pub bytes: u64,
    /// Why it stopped or failed: the stable code.
    pub code: Option<String>,
    /// The same in words; what was said over a connection of the tenant's own is not shown to a customer's people.
    pub message: Option<String>,
}

/// Where a run stands, in the word that lists have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunStanding {
    /// It has not ended.
    Running,
    /// It moved all there was.
    Succeeded,
    /// The gate said no before it began.
    Refused,
    /// The gate said no before its first batch.
    NotStarted,
    /// The gate said no after it had begun.
    Stopped,
    /// It could not go on.
    Failed,
    /// A person lets it wait.
    Paused,
    /// A person ended it.
    Cancelled,
}

/// That a run begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Started {
    /// Always so: what does not begin is a problem.
    pub started: bool,
}

/// A record that was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RejectedView {
    /// When.
    pub at: At,
    /// The stable code.
    pub code: String,
    /// Why, in words.
    pub message: String,
    /// The record as it was read: JSON.
    pub record: String,
}

impl Engine {
    /// Begins a run in the host that serves; the list of runs shows what becomes of it.
    pub fn start_transfer(&self, may: &Permission<kinds::TransfersRun>, id: TransferId) -> Result<Started, Problem> {
        let scope = CustomerScope::of(may);
        self.kept_transfer(scope, id)?;
        if self.public_address().is_none() || self.is_draining() {
            let what = "no host serves here that could run it; run it with: weighbridge run";
            return Err(Problem::from(ProblemCode::Unavailable).at("", what));
        }
        if self.is_active(id) {
            return Err(ProblemCode::RunBusy.into());
        }
        let (engine, by) = (self.clone(), Some(may.by()));
        tokio::spawn(async move {
            match engine.run_transfer(scope, id, Cause::Manual, by).await {
                Ok(outcome) => tracing::info!(run = %outcome.run.id, transfer = %id, state = ?outcome.run.state, "ran"),
                Err(EngineError::Running) => {}
                Err(error) => tracing::error!(%error, transfer = %id, "a transfer could not be run"),
            }
        });
        Ok(Started { started: true })
    }

    /// The last runs of a transfer, the newest first.
    pub fn runs(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: TransferId,
        list: &RunList,
    ) -> Result<Page<RunRow>, Problem> {
        let scope = CustomerScope::of(may);
        let transfer = self.kept_transfer(scope, id)?;
        let endpoints = [transfer.source, transfer.destination];
        let tells = !is_of_customer(may.actor().role) || !self.are_over_tenants_own(scope, &endpoints)?;
        let limit = list.limit.unwrap_or(20).clamp(1, 1_000) as usize;
        let mut items = Vec::new();
        for (run, message) in self.newest_runs(scope, id, limit)? {
            items.push(row((run, message.filter(|_| tells))));
        }
        Ok(Page { items, next: None })
    }

    /// Whether any of these endpoints is on a connection of the tenant's own. What is said there is not for its customers.
    pub(in crate::account) fn are_over_tenants_own(
        &self,
        scope: CustomerScope,
        endpoints: &[EndpointId],
    ) -> Result<bool, EngineError> {
        let read = |tx: &Tx<'_>| {
            let mut owners = Vec::new();
            for id in endpoints {
                let place = tx.get::<Endpoints>(&scope, id)?.and_then(|endpoint| endpoint.place);
                let Some(place) = place else { continue };
                owners.extend(tx.get::<Connections>(&scope.tenant(), &place.connection)?.map(|row| row.owner));
            }
            Ok(owners.contains(&Owner::Tenant))
        };
        Ok(self.host.store.read(read)?)
    }

    /// Records of a transfer that were rejected.
    pub fn rejected(
        &self,
        may: &Permission<kinds::RecordsRead>,
        id: TransferId,
        list: &RunList,
    ) -> Result<Page<RejectedView>, Problem> {
        let scope = CustomerScope::of(may);
        self.kept_transfer(scope, id)?;
        let limit = list.limit.unwrap_or(100).clamp(1, 1_000) as usize;
        let found = self.rejected_of(scope, id, limit)?;
        Ok(Page { items: found.into_iter().map(RejectedView::from).collect(), next: None })
    }

    /// Records that were rejected in one run; those of a batch in doubt belong to the run that took it over.
    pub fn rejected_in_run(
        &self,
        may: &Permission<kinds::RecordsRead>,
        id: RunId,
        list: &RunList,
    ) -> Result<Page<RejectedView>, Problem> {
        let scope = CustomerScope::of(may);
        let run = self.host.store.read(|tx| run_of_customer(tx, scope, id)).map_err(EngineError::from)?;
        let run = run.ok_or(ProblemCode::NotThere)?;
        let limit = list.limit.unwrap_or(100).clamp(1, 1_000) as usize;
        let found = self.rejected_of_run(scope, &run, limit)?;
        Ok(Page { items: found.into_iter().map(RejectedView::from).collect(), next: None })
    }
}

impl From<RejectedRecord> for RejectedView {
    fn from(one: RejectedRecord) -> Self {
        Self { at: At(one.at), code: one.code.to_string(), message: one.message, record: one.record }
    }
}

impl RunStanding {
    pub(crate) const fn of(run: &Run) -> Self {
        match run.state {
            RunState::Running => Self::Running,
            RunState::Succeeded => Self::Succeeded,
            RunState::Refused => Self::Refused,
            // A run that the gate stopped before its first batch has not started.
            RunState::Stopped if run.batches == 0 => Self::NotStarted,
            RunState::Stopped => Self::Stopped,
            RunState::Failed => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
        }
    }

    pub(in crate::account) const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Refused => "refused",
            Self::NotStarted => "not_started",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a run stopped or failed.
pub(super) fn code_of(run: &Run) -> Option<String> {
    match (&run.refusal, &run.failure) {
        (Some(refusal), _) => Some(refusal.code.as_str().to_owned()),
        (None, Some(failure)) => Some(failure.code.to_string()),
        (None, None) => None,
    }
}

pub(in crate::account) fn row((run, message): (Run, Option<String>)) -> RunRow {
    let word = |text: String| text.to_lowercase();
    let Counts { read, delivered, filtered, dead_lettered, bytes, .. } = run.counts;
    let code = code_of(&run);
    let sentence = run.refusal.as_ref().map(|refusal| refusal.code.sentence().to_owned());
    let state = RunStanding::of(&run).word().to_owned();
    RunRow {
        id: run.id,
        cause: word(format!("{:?}", run.cause)),
        state,
        started_at: At(run.started_at),
        ended_at: run.ended_at.map(At),
        attempts: run.attempts,
        batches: run.batches,
        read,
        delivered,
        filtered,
        rejected: dead_lettered,
        bytes,
        code,
        message: sentence.or(message),
    }
}

//! Runs: begin one, and see the last ones.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::connection::Owner;
use weighbridge_model::id::{EndpointId, RunId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::{Cause, Counts, Run, RunState};
use weighbridge_store::tables::{Connections, Endpoints};
use weighbridge_store::verbs::{self, Intent};
use weighbridge_store::{CustomerScope, Tx};

use crate::account::{At, Page, is_of_customer};
use crate::chance;
use crate::counters;
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
    /// Records that did not fit what is accepted of the stream, or are gone at the source, and are left out by policy.
    pub discarded: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Bytes delivered.
    pub bytes: u64,
    /// How many records are left to read, as far as the connector says; none where it does not, or the run has ended.
    pub left: Option<u64>,
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
    /// Some of its records were rejected, and others moved.
    PartiallySucceeded,
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
    /// The run. It is kept before this is answered.
    pub run: Option<RunId>,
}

impl Engine {
    /// Begins a run in the host that serves; the list of runs shows what becomes of it.
    pub async fn start_transfer(
        &self,
        may: &Permission<kinds::TransfersRun>,
        id: TransferId,
    ) -> Result<Started, Problem> {
        let scope = CustomerScope::of(may);
        self.kept_transfer(scope, id)?;
        if self.public_address().is_none() || self.is_draining() {
            let what = "no host serves here that could run it; run it with: weighbridge run";
            return Err(Problem::from(ProblemCode::Unavailable).at("", what));
        }
        if self.is_active(id) {
            return Err(ProblemCode::RunBusy.into());
        }
        let (now, by) = (self.host.now(), Some(may.by()));
        let run = RunId::new(now, chance::bytes()?);
        let intent = Intent { transfer: id, cause: Cause::Manual, occurrence: None, run, by };
        let run = verbs::open_run(&self.host.store, scope, intent, now).await.map_err(EngineError::from)?.into_inner();
        let engine = self.clone();
        tokio::spawn(async move {
            match engine.run_open(scope, id).await {
                Ok(None) => {}
                Ok(Some(outcome)) => {
                    tracing::info!(run = %outcome.run.id, transfer = %id, state = counters::word(outcome.run.state), "ran")
                }
                Err(EngineError::Running) => {}
                Err(error) => tracing::error!(%error, transfer = %id, "a transfer could not be run"),
            }
        });
        Ok(Started { started: true, run: Some(run) })
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
}

impl RunStanding {
    pub(crate) const fn of(run: &Run) -> Self {
        match run.state {
            RunState::Running => Self::Running,
            RunState::Succeeded => Self::Succeeded,
            RunState::PartiallySucceeded => Self::PartiallySucceeded,
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
            Self::PartiallySucceeded => "partially_succeeded",
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
    let Counts { read, delivered, filtered, dead_lettered, discarded, bytes } = run.counts;
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
        discarded,
        rejected: dead_lettered,
        bytes,
        left: run.left.filter(|_| run.ended_at.is_none()),
        code,
        message: sentence.or(message),
    }
}

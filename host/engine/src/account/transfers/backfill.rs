//! Move a range of a stream once more, beside the transfer's own walk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::errand::{Errand, ErrandKind};
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::RunState;
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::tables::{Errands, Progresses};
use weighbridge_store::{CustomerScope, verbs};

use super::runs::{RunStanding, code_of};
use crate::account::{At, Page, inputs};
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;

/// A range that is to be moved once more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NewBackfill {
    /// What changed from this date or instant on; from the beginning where it is left out.
    pub since: Option<String>,
    /// And before this one; up to now where it is left out.
    pub until: Option<String>,
    /// That it was read what comes again.
    pub confirm: bool,
}

/// A range that is, or was, moved once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BackfillView {
    /// Its id.
    pub id: TransferId,
    /// The transfer whose range it is.
    pub transfer: TransferId,
    /// From when on.
    pub since: Option<At>,
    /// Until when.
    pub until: Option<At>,
    /// When it was wanted.
    pub at: At,
    /// Its newest run.
    pub run: Option<RunId>,
    /// Where that stands; none before it begins.
    pub state: Option<RunStanding>,
    /// Why it stopped or failed: the stable code.
    pub code: Option<String>,
    /// Records delivered in that run.
    pub delivered: u64,
}

/// The most backfills of a customer that are looked through.
const ERRANDS_MAX: usize = 10_000;

impl Engine {
    /// Begins to move a range once more.
    pub async fn begin_backfill(
        &self,
        may: &Permission<kinds::TransfersRun>,
        transfer: TransferId,
        new: &NewBackfill,
    ) -> Result<BackfillView, Problem> {
        let (scope, now) = (CustomerScope::of(may), self.host.now());
        let row = self.kept_transfer(scope, transfer)?;
        let (_, zone) = self.customer_and_zone(scope)?;
        let instant =
            |text: &Option<String>, at: &str| text.as_deref().map(|text| inputs::instant(&zone, text, at)).transpose();
        let (since, until) = (instant(&new.since, "since")?, instant(&new.until, "until")?);
        if since.zip(until).is_some_and(|(since, until)| until <= since) {
            return Err(Problem::invalid("until", "the range ends before it begins; exchange the two"));
        }
        if row.write == WriteMode::Overwrite {
            let what = "this transfer replaces all there is, and a range is not all; run it instead";
            return Err(Problem::from(ProblemCode::BackfillUnfit).at("", what));
        }
        let name = self.host.name_in(scope, transfer.as_bytes(), &row.name)?;
        if row.write == WriteMode::Append && !new.confirm {
            let what = format!("transfer {name}: its destination appends, so what comes again is there twice");
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]));
        }
        let id = TransferId::new(now, chance::bytes()?);
        let what = ErrandKind::Backfill { since, until };
        let errand = Errand { id, transfer, what, by: may.by(), at: now };
        self.edit(|edit| {
            edit.put::<Errands>(scope, id, errand.clone());
            let edge =
                |at: Option<weighbridge_model::time::Timestamp>| at.map_or_else(|| "…".into(), |at| at.to_string());
            let text = format!("{name}: {} to {}", edge(since), edge(until));
            edit.audit(self.audit_customer(scope, may.by(), "transfer.backfilled", text.as_str().into())?);
            Ok(())
        })
        .await?;
        self.carry_out(scope, (id, what), may.by()).await?;
        self.backfill_view(scope, &errand).map_err(Problem::from)
    }

    /// The backfills of a transfer, the newest first.
    pub fn backfills(
        &self,
        may: &Permission<kinds::TransfersRead>,
        transfer: TransferId,
    ) -> Result<Page<BackfillView>, Problem> {
        let scope = CustomerScope::of(may);
        self.kept_transfer(scope, transfer)?;
        let rows = self.errands_of(scope, transfer)?;
        let wanted = rows.iter().rev().filter(|row| matches!(row.what, ErrandKind::Backfill { .. }));
        let items = wanted.map(|row| self.backfill_view(scope, row)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: None })
    }

    /// Whether something of a transfer moves, or is in doubt, beside its own walk.
    pub(super) fn is_on_an_errand(&self, scope: CustomerScope, transfer: TransferId) -> Result<bool, EngineError> {
        let errands = self.errands_of(scope, transfer)?;
        Ok(self.host.store.read(|tx| {
            for errand in &errands {
                let progress = tx.get::<Progresses>(&scope, &errand.id)?.unwrap_or_default();
                if progress.run.is_some() || progress.open.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        })?)
    }

    /// Runs an errand: in the host that serves without waiting for it, and else to its end.
    pub(in crate::account) async fn carry_out(
        &self,
        scope: CustomerScope,
        (errand, what): (TransferId, ErrandKind),
        by: ActorRef,
    ) -> Result<(), Problem> {
        let engine = self.clone();
        let run = async move {
            // What was put in line while the last one was handed over has nobody else to begin it.
            while let Ok(true) = engine.run_errand(scope, (errand, what), by).await {}
        };
        if self.public_address().is_some() {
            tokio::spawn(run);
        } else {
            run.await;
        }
        Ok(())
    }

    /// One run of an errand; whether there is more for it to do.
    async fn run_errand(
        &self,
        scope: CustomerScope,
        (errand, what): (TransferId, ErrandKind),
        by: ActorRef,
    ) -> Result<bool, EngineError> {
        let outcome = match self.run_transfer(scope, errand, what.cause(), Some(by)).await {
            Ok(outcome) => outcome,
            Err(EngineError::Running) => return Ok(false),
            Err(error) => {
                tracing::error!(%error, %errand, "an errand could not be run");
                return Err(error);
            }
        };
        let did = matches!(outcome.run.state, RunState::Succeeded | RunState::PartiallySucceeded);
        let waits = self.host.store.read(|tx| verbs::waiting(tx, scope, errand, 1))?;
        Ok(did && outcome.run.failure.is_none() && !waits.is_empty())
    }

    fn errands_of(&self, scope: CustomerScope, transfer: TransferId) -> Result<Vec<Errand>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Errands>(&scope, None, ERRANDS_MAX))?;
        Ok(rows.into_iter().map(|(_, row)| row).filter(|row| row.transfer == transfer).collect())
    }

    fn backfill_view(&self, scope: CustomerScope, row: &Errand) -> Result<BackfillView, EngineError> {
        let newest = self.newest_runs(scope, row.id, 1)?.into_iter().next().map(|(run, _)| run);
        let (since, until) = match row.what {
            ErrandKind::Backfill { since, until } => (since, until),
            ErrandKind::Replay | ErrandKind::Trial | ErrandKind::Webhook => (None, None),
        };
        Ok(BackfillView {
            id: row.id,
            transfer: row.transfer,
            since: since.map(At),
            until: until.map(At),
            at: At(row.at),
            run: newest.as_ref().map(|run| run.id),
            state: newest.as_ref().map(RunStanding::of),
            code: newest.as_ref().and_then(code_of),
            delivered: newest.map_or(0, |run| run.counts.delivered),
        })
    }
}

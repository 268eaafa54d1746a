//! Try a transfer: read, shape and weigh what its next batch would be, and give everything back.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::errand::{Errand, ErrandKind};
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::meter::key;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::transfer::SyncMode;
use weighbridge_store::tables::{Progresses, Transfers};
use weighbridge_store::{CustomerScope, verbs};

use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::pipeline::{self, Tried};
use crate::texts::{Texts, customer_owner};

/// What the next batch of a transfer would be; nothing of it was delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DryRunView {
    /// Records that were read.
    pub read: u64,
    /// Records that would be handed over.
    pub delivered: u64,
    /// Records that a filter leaves out.
    pub filtered: u64,
    /// Records that the mapping rejects.
    pub rejected: u64,
    /// Records that are left out because they do not fit what is accepted of the stream, or that are gone at the source.
    pub discarded: u64,
    /// New fields, and fields with values of another type, that would be accepted.
    pub learns: Vec<String>,
    /// Fields that do not fit what is accepted of the stream, and were not found before.
    pub drifted: Vec<String>,
    /// Bytes that would be handed over.
    pub bytes: u64,
    /// Whether the source has more after it.
    pub more: bool,
    /// Requests that were made, which count.
    pub requests: u64,
    /// The first records as they would be handed over: JSON.
    pub records: Vec<String>,
    /// The first that the mapping rejects.
    pub rejections: Vec<WouldReject>,
}

/// A record that the mapping would reject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WouldReject {
    /// The stable code.
    pub code: String,
    /// Why, in words.
    pub message: String,
    /// The record as it was read: JSON.
    pub record: String,
}

impl Engine {
    /// Tries a transfer from where it stands. The gate is asked, and what is read is held for so long; then all is given back.
    pub async fn try_transfer(
        &self,
        may: &Permission<kinds::RecordsRead>,
        id: TransferId,
    ) -> Result<DryRunView, Problem> {
        let (scope, now) = (CustomerScope::of(may), self.host.now());
        self.kept_transfer(scope, id)?;
        let trial = Errand { id: key::trial(id), transfer: id, what: ErrandKind::Trial, by: may.by(), at: now };
        let _claim = self.host.claim(trial.id).ok_or(ProblemCode::RunBusy)?;
        let (trial_id, run, start) = (trial.id, RunId::new(now, chance::bytes()?), self.start_of_trial(scope, &trial)?);
        let held = verbs::begin_trial(&self.host.store, scope, trial, (run, start), now).await;
        let held = held.map_err(EngineError::from)?.map_err(|refusal| {
            let code = refusal.code;
            let what = format!("{}: {}", code.as_str(), code.sentence());
            Problem::from(ProblemCode::TryRefused).at("", what)
        })?;
        let mut requests = 0;
        let tried = pipeline::try_batch(&self.host, &held, &mut requests).await;
        let ended = verbs::end_trial(&self.host.store, scope, trial_id, Some((run, requests)), self.host.now()).await;
        ended.map_err(EngineError::from)?;
        Ok(DryRunView { requests, ..view(tried?) })
    }

    /// Gives back what trials held whose process is gone.
    pub(crate) async fn sweep_trials(&self) -> Result<(), EngineError> {
        for (scope, trial) in self.unfinished(|tx, scope, id| verbs::is_open_trial(tx, *scope, *id))? {
            if let Some(_claim) = self.host.claim(trial) {
                verbs::end_trial(&self.host.store, scope, trial, None, self.host.now()).await?;
            }
        }
        Ok(())
    }

    /// Where the transfer's next run begins, sealed for the trial: where it stands, or, where each run reads everything and
    /// none goes on, the beginning.
    fn start_of_trial(
        &self,
        scope: CustomerScope,
        trial: &Errand,
    ) -> Result<Option<weighbridge_model::sealed::Sealed>, EngineError> {
        let (row, progress) = self.host.store.read(|tx| {
            let progress = tx.get::<Progresses>(&scope, &trial.transfer)?.unwrap_or_default();
            Ok((tx.need::<Transfers>(&scope, &trial.transfer)?, progress))
        })?;
        let is_anew = row.sync == SyncMode::FullRefresh && progress.run.is_none();
        let Some(cursor) = progress.cursor.filter(|_| !is_anew) else { return Ok(None) };
        let (ring, owner) = (&self.host.ring, customer_owner(scope));
        let plain = Texts::new(ring, owner, trial.transfer.as_bytes()).open("cursor", &cursor)?;
        Texts::new(ring, owner, trial.id.as_bytes()).seal("cursor", &*plain).map(Some)
    }
}

/// So many records are shown.
const SHOWN_MAX: usize = 10;

fn view(tried: Tried) -> DryRunView {
    let lines = tried.write.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).take(SHOWN_MAX);
    let rejections = tried.rejected.into_iter().take(SHOWN_MAX);
    DryRunView {
        read: tried.counts.read,
        delivered: tried.counts.delivered,
        filtered: tried.counts.filtered,
        rejected: tried.counts.dead_lettered,
        discarded: tried.counts.discarded,
        learns: tried.fields.0,
        drifted: tried.fields.1,
        bytes: tried.counts.bytes,
        more: tried.more,
        requests: 0,
        records: lines.map(|line| String::from_utf8_lossy(line).into_owned()).collect(),
        rejections: rejections.map(|(code, message, record)| WouldReject { code, message, record }).collect(),
    }
}

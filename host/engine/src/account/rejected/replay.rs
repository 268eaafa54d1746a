//! Hand rejected records over again, shaped as their transfer shapes records now; or see what would become of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::errand::{Errand, ErrandKind};
use weighbridge_model::id::{DeadLetterId, TransferId};
use weighbridge_model::mapping::Rules;
use weighbridge_model::meter::key;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{DeadLetters, Mappings};
use weighbridge_store::{CustomerScope, verbs};

use super::filter::RejectedFilter;
use super::walk::Letter;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::preview::Previewed;
use crate::texts::{Texts, customer_owner};

/// Which rejected records are to be handed over again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReplayRejected {
    /// Only this one.
    pub rejected: Option<DeadLetterId>,
    /// Of all others those that fit.
    #[serde(flatten)]
    pub filter: RejectedFilter,
    /// Hand none over: only see what the mapping makes of them now.
    pub dry_run: bool,
}

/// What becomes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReplayView {
    /// Whether none was handed over.
    pub dry_run: bool,
    /// Records that are handed over, or would be.
    pub replayed: u64,
    /// Of a dry run: records that the mapping's filter leaves out now.
    pub filtered: u64,
    /// Of a dry run: records that the mapping rejects still.
    pub rejected: u64,
    /// Of a dry run: the codes with which it does, and how often.
    pub codes: BTreeMap<String, u64>,
}

/// So many are shaped at once.
const STEP: usize = 500;

impl Engine {
    /// Puts them in line, and begins a run for each transfer that they are of. Each is billed when it is delivered.
    pub async fn replay_rejected(
        &self,
        may: &Permission<kinds::RecordsDiscard>,
        asked: &ReplayRejected,
    ) -> Result<ReplayView, Problem> {
        let scope = CustomerScope::of(may);
        let mut by_transfer: BTreeMap<TransferId, Vec<DeadLetterId>> = BTreeMap::new();
        for (transfer, letter) in self.rejected_that_fit(scope, asked.rejected, &asked.filter)? {
            by_transfer.entry(transfer).or_default().push(letter);
        }
        let mut view = ReplayView { dry_run: asked.dry_run, ..ReplayView::default() };
        for (transfer, letters) in by_transfer {
            if asked.dry_run {
                self.try_replay(scope, transfer, &letters, &mut view).await?;
                continue;
            }
            self.kept_transfer(scope, transfer)?;
            view.replayed += letters.len() as u64;
            self.begin_replay(may, transfer, letters).await?;
        }
        Ok(view)
    }

    async fn begin_replay(
        &self,
        may: &Permission<kinds::RecordsDiscard>,
        transfer: TransferId,
        letters: Vec<DeadLetterId>,
    ) -> Result<(), Problem> {
        let (scope, what) = (CustomerScope::of(may), ErrandKind::Replay);
        let errand = Errand { id: key::replay(transfer), transfer, what, by: may.by(), at: self.host.now() };
        let (id, text) = (errand.id, format!("{} rejected records", letters.len()));
        verbs::line_up(&self.host.store, scope, errand, letters).await.map_err(EngineError::from)?;
        self.edit(|edit| {
            edit.audit(self.audit_customer(scope, may.by(), "rejected.replayed", text.as_str().into())?);
            Ok(())
        })
        .await?;
        self.carry_out(scope, (id, what), may.by()).await
    }

    /// What the present mapping makes of them. What it had made already is handed over as it is.
    async fn try_replay(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        letters: &[DeadLetterId],
        view: &mut ReplayView,
    ) -> Result<(), Problem> {
        let row = self.kept_transfer(scope, transfer)?;
        let rules = match row.mapping {
            Some(used) => Some(self.rules_of(scope, (used.id, used.version))?),
            None => None,
        };
        for step in letters.chunks(STEP) {
            let mut samples = Vec::new();
            for letter in step {
                match self.sample(scope, (transfer, *letter))? {
                    Some((_, true)) => view.replayed += 1,
                    Some((record, false)) => samples.push(record),
                    None => {}
                }
            }
            match &rules {
                Some(rules) => self.preview_all(scope, rules, &samples, view).await?,
                None => view.replayed += samples.len() as u64,
            }
        }
        Ok(())
    }

    async fn preview_all(
        &self,
        scope: CustomerScope,
        rules: &Rules,
        samples: &[String],
        view: &mut ReplayView,
    ) -> Result<(), Problem> {
        let previewed = self.preview_mapping(scope, rules, samples).await;
        let previewed = previewed.map_err(|error| Problem::from(ProblemCode::TryFailed).at("", error.to_string()))?;
        for one in previewed {
            match one {
                Previewed::Written(_) => view.replayed += 1,
                Previewed::Filtered(_) => view.filtered += 1,
                Previewed::Rejected { code, .. } => {
                    view.rejected += 1;
                    *view.codes.entry(code.to_owned()).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    /// The record, and whether it is handed over as it is: the mapping had made it, or it is a removal.
    fn sample(
        &self,
        scope: CustomerScope,
        (transfer, id): (TransferId, DeadLetterId),
    ) -> Result<Option<(String, bool)>, EngineError> {
        let row = self.host.store.read(|tx| tx.get::<DeadLetters>(&scope, &(transfer, id)))?;
        let Some(row) = row else { return Ok(None) };
        let as_it_is = row.as_sent || row.removal;
        let letter: Letter = (transfer, id, row);
        Ok(Some((self.rejected_text(scope, &letter)?, as_it_is)))
    }

    fn rules_of(
        &self,
        scope: CustomerScope,
        version: (weighbridge_model::id::MappingId, u32),
    ) -> Result<Rules, Problem> {
        let row = self.host.store.read(|tx| tx.need::<Mappings>(&scope, &version)).map_err(EngineError::from)?;
        let texts = Texts::new(&self.host.ring, customer_owner(scope), version.0.as_bytes());
        serde_json::from_slice(&texts.open("rules", &row.rules)?).map_err(Problem::fault)
    }
}

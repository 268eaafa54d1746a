//! Forget rejected records, after it was confirmed: one, or all that a filter finds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{DeadLetterId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::DeadLetters;

use super::filter::RejectedFilter;
use super::walk::Walk;
use crate::engine::Engine;

/// Which rejected records are to be forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DiscardRejected {
    /// Only this one.
    pub rejected: Option<DeadLetterId>,
    /// Of all others those that fit.
    #[serde(flatten)]
    pub filter: RejectedFilter,
    /// That it was read how many go.
    pub confirm: bool,
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Discarded {
    /// How many records.
    pub discarded: u64,
}

/// So many are forgotten in one transaction, which has one line of the audit log.
const STEP: usize = 500;

pub(super) type Key = (TransferId, DeadLetterId);

impl Engine {
    /// Forgets rejected records. Nothing brings them back but the source.
    pub async fn discard_rejected(
        &self,
        may: &Permission<kinds::RecordsDiscard>,
        asked: &DiscardRejected,
    ) -> Result<Discarded, Problem> {
        let scope = CustomerScope::of(may);
        let keys = self.rejected_that_fit(scope, asked.rejected, &asked.filter)?;
        if !asked.confirm && !keys.is_empty() {
            let what = format!("{} rejected records are forgotten; they can be seen and moved no more", keys.len());
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]));
        }
        for step in keys.chunks(STEP) {
            self.edit(|edit| {
                step.iter().for_each(|key| edit.remove::<DeadLetters>(scope, *key));
                let text = format!("{} rejected records", step.len());
                edit.audit(self.audit_customer(scope, may.by(), "rejected.discarded", text.as_str().into())?);
                Ok(())
            })
            .await?;
        }
        Ok(Discarded { discarded: keys.len() as u64 })
    }

    /// Where one of them stands, or all that a filter finds.
    pub(super) fn rejected_that_fit(
        &self,
        scope: CustomerScope,
        one: Option<DeadLetterId>,
        filter: &RejectedFilter,
    ) -> Result<Vec<Key>, Problem> {
        let (_, zone) = self.customer_and_zone(scope)?;
        if let Some(id) = one {
            let (transfer, id, _) = self.rejected_one(scope, id)?.ok_or(ProblemCode::NotThere)?;
            return Ok(vec![(transfer, id)]);
        }
        let wanted = filter.read(&zone)?;
        let mut walk = Walk::begin(self, scope, filter.transfer, None)?;
        let mut keys = Vec::new();
        while let Some(letter) = walk.next()? {
            let fits = wanted.fits(&letter.2)
                && (!wanted.asks_for_a_field() || wanted.fits_record(&self.rejected_text(scope, &letter)?));
            keys.extend(fits.then_some((letter.0, letter.1)));
        }
        Ok(keys)
    }
}

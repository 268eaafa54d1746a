//! All there is to say of one run: its attempts, its batches, and why it stands where it stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::batch::{Batch, BatchState};
use weighbridge_model::id::{BatchId, RunId};
use weighbridge_model::meter::key;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::{Counts, EndedAttempt, Run, RunFailure};
use weighbridge_store::tables::Batches;
use weighbridge_store::verbs::run_of_customer;
use weighbridge_store::{CustomerScope, Tx, TxError};

use super::line::{Lines, RunLine};
use crate::account::{At, Page};
use crate::engine::Engine;
use crate::error::EngineError;

/// Which batches of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BatchFilter {
    /// How many batches on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on among the batches: the `next` of the page before.
    pub cursor: Option<String>,
}

/// A run with its attempts and its batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunShown {
    /// The run.
    #[serde(flatten)]
    pub line: RunLine,
    /// What its failure means for what is done next: `config`, `auth`, `rate_limited` and so on.
    pub class: Option<String>,
    /// Why it stands where it stands, in a sentence that is always the same for its code or class.
    pub sentence: Option<String>,
    /// What can be done.
    pub next_step: Option<String>,
    /// When the answer that stopped it changes by itself.
    pub until: Option<At>,
    /// The scheduled instant that it was made for.
    pub occurrence: Option<At>,
    /// How its attempts ended, the last 20 of them.
    pub attempts_ended: Vec<AttemptView>,
    /// Its batches, the newest first.
    pub batches_shown: Page<BatchLine>,
}

/// An attempt that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AttemptView {
    /// Its number in the run, from 1.
    pub number: u64,
    /// When it ended.
    pub ended_at: At,
    /// How many requests it made at the platforms.
    pub requests: u64,
    /// What its failure means; none where it did not fail.
    pub class: Option<String>,
    /// The stable code of its failure.
    pub code: Option<String>,
    /// What the class means, in a sentence.
    pub sentence: Option<String>,
    /// The failure in words; what was said over a connection of the tenant's own is not shown to a customer's people.
    pub message: Option<String>,
}

/// The records between two checkpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BatchLine {
    /// Its id.
    pub id: BatchId,
    /// Its number in the run, from 1.
    pub number: u64,
    /// Where it stands: `held`, `dispatched`, `settled`, `released` or `written_off`.
    pub state: String,
    /// Records read; nothing is counted before it is settled.
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
    /// The most records that it may still deliver, on hold.
    pub records_held: u64,
    /// The most bytes that it may still deliver, on hold.
    pub bytes_held: u64,
    /// When it was first held.
    pub held_at: At,
    /// When it came to its end.
    pub ended_at: Option<At>,
}

impl Engine {
    /// One run of a customer's.
    pub fn run_shown(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: RunId,
        filter: &BatchFilter,
    ) -> Result<RunShown, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let run = self.host.store.read(|tx| run_of_customer(tx, scope, id)).map_err(EngineError::from)?;
        let run = run.ok_or(ProblemCode::NotThere)?;
        let batches_shown = self.batches_of(scope, &run, filter)?;
        let mut lines = Lines::new(self, scope.tenant(), may.actor());
        let tells = lines.tells(scope, &run)?;
        let attempts = run.ended_attempts.iter().map(|one| self.attempt(scope, &run, one, tells));
        let attempts_ended = attempts.collect::<Result<_, EngineError>>()?;
        let class = run.failure.as_ref().map(|failure| failure.class);
        let code = run.refusal.as_ref().map(|refusal| refusal.code);
        Ok(RunShown {
            class: class.map(|class| class.word().to_owned()),
            sentence: code.map(|code| code.sentence()).or(class.map(|class| class.sentence())).map(str::to_owned),
            next_step: code.map(|code| code.next_step()).or(class.map(|class| class.next_step())).map(str::to_owned),
            until: run.refusal.as_ref().and_then(|refusal| refusal.until).map(At),
            occurrence: run.occurrence.map(At),
            attempts_ended,
            batches_shown,
            line: lines.line(scope, run)?,
        })
    }

    fn attempt(
        &self,
        scope: CustomerScope,
        run: &Run,
        one: &EndedAttempt,
        tells: bool,
    ) -> Result<AttemptView, EngineError> {
        let failure: Option<&RunFailure> = one.failure.as_ref();
        let message = failure.filter(|_| tells).map(|failure| self.words_of_failure(scope, run.id, failure));
        Ok(AttemptView {
            number: one.number,
            ended_at: At(one.ended_at),
            requests: one.requests,
            class: failure.map(|failure| failure.class.word().to_owned()),
            code: failure.map(|failure| failure.code.to_string()),
            sentence: failure.map(|failure| failure.class.sentence().to_owned()),
            message: message.transpose()?.flatten(),
        })
    }

    /// The ids of a run's batches are derived from where it began to walk, so that none is searched for.
    fn batches_of(&self, scope: CustomerScope, run: &Run, filter: &BatchFilter) -> Result<Page<BatchLine>, Problem> {
        let limit = u64::from(filter.limit.unwrap_or(50).clamp(1, 1_000));
        let below = filter.cursor.as_deref().map(number).transpose()?.unwrap_or(u64::MAX);
        let Some(walk) = &run.walk else { return Ok(Page { items: Vec::new(), next: None }) };
        let numbered = |tx: &Tx<'_>, number: u64| {
            let id = key::batch(run.transfer, &walk.stream, walk.lineage, walk.first + number - 1);
            // A batch in doubt belongs to the run that took it over.
            Ok(tx.get::<Batches>(&scope, &id)?.filter(|batch| batch.run == run.id).map(|batch| (number, batch)))
        };
        let found = self.host.store.read(|tx| {
            // The one after those that are settled may be open.
            let open = numbered(tx, run.batches + 1)?.map_or(0, |_| 1);
            let top = (run.batches + open).min(below.saturating_sub(1));
            let bottom = top.saturating_sub(limit);
            let rows = (bottom + 1..=top).rev().map(|number| numbered(tx, number));
            Ok((bottom, rows.collect::<Result<Vec<_>, TxError>>()?))
        });
        let (bottom, rows) = found.map_err(EngineError::from)?;
        let items = rows.into_iter().flatten().map(|(number, batch)| batch_line(number, &batch));
        Ok(Page { items: items.collect(), next: (bottom > 0).then(|| (bottom + 1).to_string()) })
    }
}

fn batch_line(number: u64, batch: &Batch) -> BatchLine {
    let Counts { read, delivered, filtered, dead_lettered, discarded, bytes } = batch.counts.unwrap_or_default();
    let held = if batch.state.is_open() { *batch.reservation.hold() } else { Default::default() };
    BatchLine {
        id: batch.id,
        number,
        state: word(batch.state).to_owned(),
        read,
        delivered,
        filtered,
        discarded,
        rejected: dead_lettered,
        bytes,
        records_held: held.records,
        bytes_held: held.bytes,
        held_at: At(batch.held_at),
        ended_at: batch.ended_at.map(At),
    }
}

const fn word(state: BatchState) -> &'static str {
    match state {
        BatchState::Held => "held",
        BatchState::Dispatched => "dispatched",
        BatchState::Settled => "settled",
        BatchState::Released => "released",
        BatchState::WrittenOff => "written_off",
    }
}

fn number(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::invalid("cursor", "this is no cursor of these batches; begin without one"))
}

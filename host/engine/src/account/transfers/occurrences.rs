//! What became of the times of a schedule: the run that each made, or why it made none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{RunId, TransferId};
use weighbridge_model::problem::Problem;
use weighbridge_model::time::Timestamp;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Occurrence, Occurrences};

use crate::account::{At, Page};
use crate::engine::Engine;
use crate::error::EngineError;

/// Which times of a schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OccurrenceList {
    /// Only those that made no run.
    pub missed: bool,
    /// How many, the newest first; 20 where it is left out, 1,000 at most.
    pub limit: Option<u32>,
}

/// A time of a schedule that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OccurrenceView {
    /// The scheduled instant.
    pub at: At,
    /// The run it made.
    pub run: Option<RunId>,
    /// Why it made none: the stable code.
    pub reason: Option<String>,
    /// How many times it stands for: those right before it made none for the same reason.
    pub count: u64,
}

const HOUR_MS: i64 = 3_600_000;
/// So far back is looked at most: four years.
const BACK_MS_MAX: i64 = 4 * 365 * 24 * HOUR_MS;
const STEP: usize = 1_000;

impl Engine {
    /// The last times of a transfer's schedule, the newest first.
    pub fn occurrences(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: TransferId,
        list: &OccurrenceList,
    ) -> Result<Page<OccurrenceView>, Problem> {
        let scope = CustomerScope::of(may);
        self.kept_transfer(scope, id)?;
        let limit = list.limit.unwrap_or(20).clamp(1, 1_000) as usize;
        // Rows are found in the order of time, and the last ones are wanted: the look back doubles until there are enough.
        let (now, mut back) = (self.host.now(), HOUR_MS);
        loop {
            let rows = self.occurrences_since((scope, id), now.plus_millis(-back))?;
            let wanted = rows.iter().rev().filter(|(_, row)| !list.missed || row.run.is_none()).take(limit);
            let items: Vec<_> = wanted.map(|(at, row)| view(*at, row)).collect();
            if items.len() == limit || back > BACK_MS_MAX {
                return Ok(Page { items, next: None });
            }
            back *= 4;
        }
    }

    fn occurrences_since(
        &self,
        (scope, id): (CustomerScope, TransferId),
        since: Timestamp,
    ) -> Result<Vec<(Timestamp, Occurrence)>, EngineError> {
        let (mut found, mut after) = (Vec::new(), (id, since));
        loop {
            let rows = self.host.store.read(|tx| tx.scan::<Occurrences>(&scope, Some(&after), STEP))?;
            let count = rows.len();
            let own = rows.into_iter().take_while(|((transfer, _), _)| *transfer == id);
            found.extend(own.map(|((_, at), row)| (at, row)));
            match found.last() {
                Some((at, _)) if count == STEP && after != (id, *at) => after = (id, *at),
                _ => return Ok(found),
            }
        }
    }
}

fn view(at: Timestamp, row: &Occurrence) -> OccurrenceView {
    OccurrenceView { at: At(at), run: row.run, reason: row.reason.as_ref().map(ToString::to_string), count: row.count }
}

//! When a transfer runs by itself, and when a schedule that is being written would run it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::Problem;
use weighbridge_model::schedule::Overlap;
use weighbridge_model::time::Timestamp;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::ScheduleRow;

use crate::account::{At, inputs};
use crate::apply::written_schedule;
use crate::document::ScheduleDocument;
use crate::engine::Engine;

/// When a transfer runs by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScheduleView {
    /// Whether it stands still.
    pub paused: bool,
    /// When it runs next.
    pub next: Option<At>,
    /// Five POSIX fields, or six with seconds before them; either this or `every`.
    pub cron: Option<String>,
    /// An interval such as `15m`.
    pub every: Option<String>,
    /// The zone in which `cron` and `hours` are read.
    pub zone: Option<String>,
    /// It does not run before.
    pub not_before: Option<At>,
    /// It does not run after.
    pub not_after: Option<At>,
    /// Civil times in which it may run: `08:00-18:00`.
    pub hours: Vec<String>,
    /// It is started up to so many milliseconds later.
    pub jitter_ms: u32,
    /// Days on which it does not run.
    pub blackout: Vec<String>,
    /// Until when it stands still.
    pub paused_until: Option<At>,
    /// What happens to a time while the run before still goes on.
    pub overlap: Overlap,
    /// What happens to times that nobody was there for, as in a document.
    pub catch_up: Value,
}

/// A schedule that is being written.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrySchedule {
    /// As in a document: `cron` or `every`, `zone`, `hours`, `paused`…
    pub schedule: Map<String, Value>,
    /// From this date or instant on; from now on where it is left out.
    #[serde(default)]
    pub after: Option<String>,
    /// How many times are wanted; 5 where it is left out, 100 at most.
    #[serde(default)]
    pub count: Option<u32>,
}

/// When a schedule fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fires {
    /// The zone in which it is read.
    pub zone: String,
    /// Whether it stands still, and fires at none of these times.
    pub paused: bool,
    /// The next times, whatever else may then say no.
    pub fires: Vec<At>,
}

impl ScheduleView {
    pub(super) fn new(row: &ScheduleRow) -> Self {
        let wording = row.schedule.wording();
        Self {
            paused: row.paused,
            next: next(row).map(At),
            cron: wording.cron.clone(),
            every: wording.every.clone(),
            zone: wording.zone.clone(),
            not_before: wording.not_before.map(At),
            not_after: wording.not_after.map(At),
            hours: wording.hours.clone(),
            jitter_ms: wording.jitter_ms,
            blackout: wording.blackout.clone(),
            paused_until: row.paused_until.map(At),
            overlap: wording.overlap,
            catch_up: serde_json::to_value(wording.catch_up).unwrap_or_default(),
        }
    }
}

/// Where a pause ends at an instant, the first occurrence from then on.
fn next(row: &ScheduleRow) -> Option<Timestamp> {
    let paused_until = row.paused_until.filter(|until| row.due_at.is_some_and(|due| due < *until));
    paused_until.map_or(row.due_at, |until| row.schedule.next_after(until.plus_millis(-1)))
}

impl Engine {
    /// When a schedule would fire; nothing is written.
    pub fn try_schedule(&self, may: &Permission<kinds::TransfersRead>, asked: &TrySchedule) -> Result<Fires, Problem> {
        let (_, zone) = self.customer_and_zone(CustomerScope::of(may))?;
        let document = document(&asked.schedule)?;
        let schedule = written_schedule(&document, &zone)?;
        let after = asked.after.as_deref().map(|text| inputs::instant(&zone, text, "after")).transpose()?;
        let count = asked.count.unwrap_or(5).clamp(1, 100) as usize;
        let fires = schedule.occurrences(after.unwrap_or_else(|| self.host.now())).take(count).map(At);
        Ok(Fires {
            zone: schedule.wording().zone.clone().unwrap_or_default(),
            paused: document.paused,
            fires: fires.collect(),
        })
    }
}

/// A schedule as it was typed; what does not parse is named by its field.
pub(super) fn document(schedule: &Map<String, Value>) -> Result<ScheduleDocument, Problem> {
    serde_path_to_error::deserialize(Value::Object(schedule.clone()))
        .map_err(|error| Problem::invalid(format!("schedule.{}", error.path()), error.inner().to_string()))
}

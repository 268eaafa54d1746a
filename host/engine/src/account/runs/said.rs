//! What connectors said in a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::RunId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run_log::{LogLevel, LogLine};
use weighbridge_store::CustomerScope;
use weighbridge_store::verbs::run_of_customer;

use super::line::Lines;
use crate::account::At;
use crate::engine::Engine;
use crate::error::EngineError;

/// Which lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogFilter {
    /// Only those that matter so much, or more.
    pub level: Option<LogLevel>,
    /// Only of this attempt, from 1.
    pub attempt: Option<u64>,
}

/// What connectors said in a run, the oldest line first: of the last 20 attempts, of each the last 200 lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunLogView {
    /// The lines.
    pub items: Vec<LogLineView>,
    /// How many were not kept, because there were too many.
    pub dropped: u64,
    /// Whether they are of a connected system of your organisation's own, and told to its people only.
    pub withheld: bool,
}

/// One thing that a connector said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LogLineView {
    /// When.
    pub at: At,
    /// The number of the attempt in the run, from 1.
    pub attempt: u64,
    /// How much it matters.
    pub level: LogLevel,
    /// The connector's name.
    pub connector: String,
    /// In its words, without secrets.
    pub text: String,
}

impl Engine {
    /// What connectors said in a run; while it goes on, up to now.
    pub fn run_log(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: RunId,
        filter: &LogFilter,
    ) -> Result<RunLogView, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let run = self.host.store.read(|tx| run_of_customer(tx, scope, id)).map_err(EngineError::from)?;
        let run = run.ok_or(ProblemCode::NotThere)?;
        if !Lines::new(self, scope.tenant(), may.actor()).tells(scope, &run)? {
            return Ok(RunLogView { withheld: true, ..RunLogView::default() });
        }
        let mut view = RunLogView::default();
        for (attempt, log) in self.host.said_in(scope, &run)? {
            if filter.attempt.is_some_and(|wanted| wanted != attempt) {
                continue;
            }
            view.dropped += log.dropped();
            let lines = log.lines().filter(|line| filter.level.is_none_or(|least| line.level >= least));
            view.items.extend(lines.map(|line| told(attempt, line)));
        }
        Ok(view)
    }
}

fn told(attempt: u64, line: &LogLine) -> LogLineView {
    let LogLine { at, level, connector, text } = line.clone();
    LogLineView { at: At(at), attempt, level, connector, text }
}

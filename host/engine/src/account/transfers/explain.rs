//! Why is this (not) running? For whoever asks over the API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::endpoint::Direction;
use weighbridge_model::gate::{Answer, Level, LevelAnswer, Place};
use weighbridge_model::id::TransferId;
use weighbridge_model::problem::Problem;
use weighbridge_model::transfer::Transfer;
use weighbridge_store::CustomerScope;

use crate::account::At;
use crate::engine::Engine;
use crate::error::EngineError;

/// For when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExplainAt {
    /// As of another date or instant.
    pub at: Option<String>,
}

/// What all levels say of the next batch of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedView {
    /// For when.
    pub at: At,
    /// Whether it may run.
    pub allowed: bool,
    /// The first no: its stable code.
    pub code: Option<String>,
    /// The same in a sentence.
    pub sentence: Option<String>,
    /// What can be done.
    pub next_step: Option<String>,
    /// Whom a customer's people ask: `you`, `partner` or `operator`.
    pub ask: Option<String>,
    /// When the answer changes by itself.
    pub changes_at: Option<At>,
    /// Every level, from the outside in.
    pub levels: Vec<LevelView>,
}

/// What one level says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LevelView {
    /// The level, and for which side.
    pub level: String,
    /// Whether it lets the batch through.
    pub allowed: bool,
    /// Its no.
    pub code: Option<String>,
    /// When its answer changes by itself.
    pub until: Option<At>,
}

impl Engine {
    /// Asks every level, as of now or of another instant.
    pub fn explain_transfer(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: TransferId,
        at: Option<&str>,
    ) -> Result<ExplainedView, Problem> {
        let scope = CustomerScope::of(may);
        let transfer = self.kept_transfer(scope, id)?;
        let explained = self.explain_of(scope, id, at)?;
        let explanation = explained.explanation;
        let code = explanation.refusal.as_ref().map(|refusal| refusal.code);
        let ask = explanation.refusal.as_ref().map(|refusal| self.whom_to_ask(scope, &transfer, refusal.place));
        Ok(ExplainedView {
            at: At(explained.at),
            allowed: code.is_none(),
            code: code.map(|code| code.as_str().to_owned()),
            sentence: code.map(|code| code.sentence().to_owned()),
            next_step: code.map(|code| code.next_step().to_owned()),
            ask: ask.transpose()?.map(str::to_owned),
            changes_at: explanation.changes_at.map(At),
            levels: explanation.levels.iter().map(level_view).collect(),
        })
    }

    /// Who can mend what a level says no for. What a customer connected is its own people's to mend.
    fn whom_to_ask(&self, scope: CustomerScope, of: &Transfer, at: Place) -> Result<&'static str, EngineError> {
        let endpoint = if at.side == Some(Direction::Destination) { of.destination } else { of.source };
        match at.level {
            Level::Host | Level::Tenant | Level::Connector => Ok("operator"),
            Level::Connection | Level::Capability if !self.are_over_tenants_own(scope, &[endpoint])? => Ok("you"),
            _ => Ok("partner"),
        }
    }
}

pub(in crate::account) fn level_view(level: &LevelAnswer) -> LevelView {
    let code = match level.answer {
        Answer::Yes(_) => None,
        Answer::No(code, _) => Some(code.as_str().to_owned()),
    };
    LevelView { level: level.place.to_string(), allowed: code.is_none(), code, until: level.answer.until().map(At) }
}

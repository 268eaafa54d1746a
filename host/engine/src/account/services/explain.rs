//! Why a third party gets records of an endpoint, or why it does not, as people see it.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::gate::{Answer, Explanation, LevelAnswer};

use crate::account::At;

/// What every level says of a third party's next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccessExplained {
    /// Whether it would get one.
    pub allowed: bool,
    /// The first no, by its stable code.
    pub refusal: Option<String>,
    /// What that means.
    pub sentence: Option<String>,
    /// What can be done.
    pub next_step: Option<String>,
    /// When the answer changes by itself.
    pub changes_at: Option<At>,
    /// Every level, from the outside in.
    pub levels: Vec<LevelExplained>,
}

/// What one level says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LevelExplained {
    /// Which.
    pub level: String,
    /// Whether it lets the page through.
    pub allowed: bool,
    /// Why not, by its stable code.
    pub code: Option<String>,
    /// When that changes by itself.
    pub until: Option<At>,
}

impl From<Explanation> for AccessExplained {
    fn from(explanation: Explanation) -> Self {
        let code = explanation.refusal.as_ref().map(|refusal| refusal.code);
        Self {
            allowed: code.is_none(),
            refusal: code.map(|code| code.as_str().to_owned()),
            sentence: code.map(|code| code.sentence().to_owned()),
            next_step: code.map(|code| code.next_step().to_owned()),
            changes_at: explanation.changes_at.map(At),
            levels: explanation.levels.iter().map(level).collect(),
        }
    }
}

fn level(said: &LevelAnswer) -> LevelExplained {
    let code = match said.answer {
        Answer::Yes(_) => None,
        Answer::No(code, _) => Some(code.as_str().to_owned()),
    };
    LevelExplained { level: said.place.to_string(), allowed: code.is_none(), code, until: said.answer.until().map(At) }
}

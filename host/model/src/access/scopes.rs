//! What a token is limited to: patterns over the codes of actions.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::action::Action;

/// The pattern fits no action.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no scope: write `*`, `*.read`, `customers.*` or one action such as `customers.read`")]
pub struct MalformedScope(pub String);

/// Patterns such as `*`, `*.read`, `customers.*` and `customers.read`; none of them permits anything that the role does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Option<BTreeSet<String>>);

impl Scopes {
    /// Everything that the role permits.
    pub const ALL: Self = Self(None);

    /// Reads patterns, each of which must fit an action.
    pub fn parse(patterns: &[String]) -> Result<Self, MalformedScope> {
        if let Some(stranger) = patterns.iter().find(|one| !Action::ALL.iter().any(|action| fits(one, *action))) {
            return Err(MalformedScope(stranger.clone()));
        }
        let patterns: BTreeSet<String> = patterns.iter().cloned().collect();
        Ok(Self((!patterns.contains("*")).then_some(patterns)))
    }

    /// Whether they permit an action.
    pub fn permit(&self, action: Action) -> bool {
        self.0.as_ref().is_none_or(|patterns| patterns.iter().any(|pattern| fits(pattern, action)))
    }

    /// Whether they permit nothing that others do not.
    pub fn are_within(&self, others: &Self) -> bool {
        Action::ALL.iter().all(|action| !self.permit(*action) || others.permit(*action))
    }

    /// The patterns.
    pub fn patterns(&self) -> Vec<String> {
        self.0.as_ref().map_or_else(|| vec!["*".to_owned()], |patterns| patterns.iter().cloned().collect())
    }
}

fn fits(pattern: &str, action: Action) -> bool {
    let Some((noun, verb)) = pattern.split_once('.') else { return pattern == "*" };
    let (own_noun, own_verb) = action.code().split_once('.').unwrap_or((action.code(), ""));
    (noun == "*" || noun == own_noun) && (verb == "*" || verb == own_verb)
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.patterns().join(" "))
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.patterns().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Vec::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

//! What the doctor finds on a host that serves: asked now, or kept for a minute.

use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::Problem;
use weighbridge_model::time::Timestamp;

use crate::account::At;
use crate::doctor::Finding;
use crate::engine::Engine;

/// What was looked at, and how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostFindings {
    /// When.
    pub looked_at: At,
    /// How it all is: the worst of it, `ok`, `warning` or `failed`.
    pub health: String,
    /// Each thing that was looked at, the worst first.
    pub items: Vec<FindingRow>,
    /// What else can be looked at, and how.
    pub next_step: String,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingRow {
    /// How it is: `ok`, `warning` or `failed`.
    pub health: String,
    /// The stable code.
    pub code: String,
    /// What was looked at.
    pub about: String,
    /// What was found.
    pub sentence: String,
    /// What to do, where anything is to be done.
    pub next_step: Option<String>,
}

/// The doctor's last look, with when it was.
#[derive(Debug, Default)]
pub(crate) struct LastLook(Mutex<Option<(Timestamp, Vec<Finding>)>>);

impl LastLook {
    /// What was found is so no longer: it is looked for again when somebody asks.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// So long a look is good, in milliseconds: platforms are asked for it.
const GOOD_MS: i64 = 60_000;
const OUTSIDE: &str =
    "What only its files and its configuration show is found by `weighbridge doctor` beside this host.";

impl Engine {
    /// Looks at keys, offers and the platforms' addresses; what was found within the last minute is not looked for again.
    pub async fn host_findings(&self, _may: &Permission<kinds::HostRead>) -> Result<HostFindings, Problem> {
        let (at, mut findings) = self.last_look().await;
        findings.sort_by_key(|one| std::cmp::Reverse(one.health));
        Ok(HostFindings {
            looked_at: At(at),
            health: findings.first().map_or("ok", |worst| worst.health.word()).to_owned(),
            items: findings.into_iter().map(row).collect(),
            next_step: OUTSIDE.to_owned(),
        })
    }

    /// What the doctor found within the last minute, or finds now.
    pub(crate) async fn last_look(&self) -> (Timestamp, Vec<Finding>) {
        let _one_at_a_time = self.host.looking.lock().await;
        let (now, last) = (self.host.now(), &self.host.last_look.0);
        let kept = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept.filter(|(at, _)| *at <= now && now < at.plus_millis(GOOD_MS)) {
            Some(kept) => kept,
            None => {
                let found = (now, self.examine().await);
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
                found
            }
        }
    }
}

fn row(one: Finding) -> FindingRow {
    FindingRow {
        health: one.health.word().to_owned(),
        code: one.code.to_owned(),
        about: one.about,
        sentence: one.sentence,
        next_step: one.next_step,
    }
}

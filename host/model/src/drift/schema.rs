//! What is kept of an endpoint's stream: what is accepted, and what was found beyond it.

use serde::{Deserialize, Serialize};

use super::accepted::{Accepted, AcceptedField, Learnt};
use crate::time::Timestamp;

/// What is kept of an endpoint's stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamSchema {
    /// What is accepted.
    pub accepted: Accepted,
    /// What was found and is not accepted.
    #[serde(default)]
    pub found: Accepted,
}

impl StreamSchema {
    /// Accepts what was found; answers those fields.
    pub fn accept_found(&mut self, at: Timestamp) -> Vec<AcceptedField> {
        let found: Vec<AcceptedField> = std::mem::take(&mut self.found).into();
        for field in &found {
            let learnt = field.learnt.map(|learnt| Learnt { at, ..learnt });
            for found in field.types.iter() {
                self.accepted.learn(&field.name, found, learnt);
            }
        }
        found
    }

    /// Forgets what was found of fields that fit meanwhile.
    pub fn forget_accepted(&mut self) {
        let found: Vec<AcceptedField> = std::mem::take(&mut self.found).into();
        let is_open = |field: &AcceptedField| {
            let accepted = self.accepted.get(&field.name).map(|one| one.types);
            !accepted.is_some_and(|types| field.types.iter().all(|found| types.fit(found)))
        };
        self.found = found.into_iter().filter(is_open).collect::<Vec<_>>().into();
    }
}

//! Verify the audit log: each chain from its first line to its last, against its head, and against what was signed before.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::Problem;
use weighbridge_store::TenantScope;

use super::checkpoint::ChainMark;
use super::walk;
use crate::audit::host_chain;
use crate::engine::Engine;
use crate::error::EngineError;

/// Against what the log is verified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VerifyAudit {
    /// A checkpoint of before, as it was given: without one, a cut-off end that took its head along does not show.
    pub checkpoint: Option<Value>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditVerified {
    /// Whether all chains are as they were written.
    pub sound: bool,
    /// Each chain: the host's, and one for each tenant.
    pub chains: Vec<ChainView>,
}

/// One chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChainView {
    /// Whose: `host`, or a tenant's id.
    pub chain: String,
    /// How many lines were read and are sound.
    pub lines: u64,
    /// The first line that is not as it was written.
    pub broken_line: Option<u64>,
    /// What is wrong.
    pub what: Option<String>,
}

impl Engine {
    /// Verifies every chain of the host.
    pub fn verify_audit(
        &self,
        _may: &Permission<kinds::HostAuditRead>,
        against: &VerifyAudit,
    ) -> Result<AuditVerified, Problem> {
        let marks = match &against.checkpoint {
            Some(checkpoint) => self.marks_of(checkpoint)?,
            None => BTreeMap::new(),
        };
        let mut chains = Vec::new();
        for scope in self.chains(marks.keys().copied())? {
            chains.push(self.verify_chain(scope, marks.get(&scope))?);
        }
        Ok(AuditVerified { sound: chains.iter().all(|chain| chain.what.is_none()), chains })
    }

    /// The host's chain, every tenant's, and what else is known to have been one.
    pub(super) fn chains(&self, known: impl Iterator<Item = TenantScope>) -> Result<Vec<TenantScope>, EngineError> {
        Ok(walk::chains(&self.host.store, known)?)
    }

    fn verify_chain(&self, scope: TenantScope, mark: Option<&ChainMark>) -> Result<ChainView, EngineError> {
        let chain = if scope == host_chain() { "host".to_owned() } else { scope.id().to_string() };
        let (lines, broken) = walk::chain(&self.host.store, scope, mark)?;
        let (broken_line, what) = broken.map_or((None, None), |(line, what)| (Some(line), Some(what.to_owned())));
        Ok(ChainView { chain, lines, broken_line, what })
    }
}

//! A checkpoint: how far every chain has come, signed, so that it can be kept where nobody of this host changes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::digest::Digest;
use weighbridge_model::id::TenantId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::statement::Statement;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::AuditHeads;
use weighbridge_store::{HostScope, TenantScope};

use crate::engine::Engine;
use crate::error::EngineError;

/// How far every chain had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditCheckpoint {
    /// When.
    pub at: Timestamp,
    /// Every chain; the host's stands under an id of zeros.
    pub chains: Vec<ChainMark>,
}

/// How far one chain had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainMark {
    /// Whose.
    pub tenant: TenantId,
    /// How many lines it had.
    pub lines: u64,
    /// The last line's hash.
    pub hash: Digest,
}

/// The kind of statement that it is.
const KIND: &str = "audit checkpoint";

impl Engine {
    /// Signs how far every chain has come.
    pub fn audit_checkpoint(&self, _may: &Permission<kinds::HostAuditRead>) -> Result<Value, Problem> {
        let mut chains = Vec::new();
        for scope in self.chains(std::iter::empty())? {
            let head = self.host.store.read(|tx| tx.get::<AuditHeads>(&scope, &())).map_err(EngineError::from)?;
            let head = head.unwrap_or_default();
            chains.push(ChainMark { tenant: scope.id(), lines: head.count, hash: head.hash });
        }
        let checkpoint = AuditCheckpoint { at: self.host.now(), chains };
        let signed = Statement::new(KIND, checkpoint, &*self.statement_key()?);
        serde_json::to_value(signed).map_err(Problem::fault)
    }

    /// How far a checkpoint says that every chain had come, if this host signed it.
    pub(super) fn marks_of(&self, checkpoint: &Value) -> Result<BTreeMap<TenantScope, ChainMark>, Problem> {
        let invalid = |what: String| Problem::from(ProblemCode::Invalid).at("checkpoint", what);
        let signed: Statement<AuditCheckpoint> =
            serde_json::from_value(checkpoint.clone()).map_err(|error| invalid(error.to_string()))?;
        if !signed.is_by(KIND, &self.statement_public_key()?) {
            return Err(invalid("this host did not sign it, or it was changed since".into()));
        }
        let marks = signed.said.chains.into_iter();
        Ok(marks.map(|mark| (HostScope::new().tenant(mark.tenant), mark)).collect())
    }
}

//! Verify the audit log: each chain from its first line to its last, against its head, and against what was signed before.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::audit::{CHAIN_START, ChainHead};
use weighbridge_model::digest::Digest;
use weighbridge_model::problem::Problem;
use weighbridge_store::tables::{Audit, AuditHeads};
use weighbridge_store::{HostScope, TenantScope};

use super::checkpoint::ChainMark;
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

/// How often the walk asks the store.
const STEP: usize = 1_000;
const TENANTS_MAX: usize = 1_000_000;

/// A line that is not as it was written, and what is wrong.
type Broken = (u64, &'static str);

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
        let mut scopes = vec![host_chain()];
        let heads = self.host.store.read(|tx| tx.keys::<AuditHeads>(HostScope::new(), None, TENANTS_MAX))?;
        let tenants = self
            .host
            .store
            .read(|tx| tx.keys::<weighbridge_store::tables::Tenants>(HostScope::new(), None, TENANTS_MAX))?;
        scopes.extend(heads.into_iter().chain(tenants).map(|(scope, ())| scope).chain(known));
        scopes.sort_unstable();
        scopes.dedup();
        Ok(scopes)
    }

    fn verify_chain(&self, scope: TenantScope, mark: Option<&ChainMark>) -> Result<ChainView, EngineError> {
        let chain = if scope == host_chain() { "host".to_owned() } else { scope.id().to_string() };
        let (lines, broken) = self.walk_chain(scope, mark)?;
        let (broken_line, what) = broken.map_or((None, None), |(line, what)| (Some(line), Some(what.to_owned())));
        Ok(ChainView { chain, lines, broken_line, what })
    }

    fn walk_chain(&self, scope: TenantScope, mark: Option<&ChainMark>) -> Result<(u64, Option<Broken>), EngineError> {
        let (mut previous, mut lines) = (CHAIN_START, 0_u64);
        loop {
            let after = (lines > 0).then_some(lines);
            let rows = self.host.store.read(|tx| tx.scan::<Audit>(&scope, after.as_ref(), STEP))?;
            for (number, row) in &rows {
                let next = lines + 1;
                if *number != next {
                    return Ok((lines, Some((next, "this line is missing"))));
                }
                if !row.follows(previous) {
                    return Ok((lines, Some((next, "this line was changed, or moved"))));
                }
                if mark.is_some_and(|mark| mark.lines == next && mark.hash != row.hash) {
                    return Ok((lines, Some((next, "the checkpoint has another line here: the log was written anew"))));
                }
                (previous, lines) = (row.hash, next);
            }
            if rows.len() < STEP {
                return Ok((lines, self.end_of(scope, mark, lines, previous)?));
            }
        }
    }

    /// What is wrong with where a chain ends, if anything is.
    fn end_of(
        &self,
        scope: TenantScope,
        mark: Option<&ChainMark>,
        lines: u64,
        last: Digest,
    ) -> Result<Option<Broken>, EngineError> {
        let head = self.host.store.read(|tx| tx.get::<AuditHeads>(&scope, &()))?.unwrap_or_default();
        if mark.is_some_and(|mark| mark.lines > lines) {
            return Ok(Some((
                lines + 1,
                "the checkpoint has more lines: the end was cut off, or an older file brought back",
            )));
        }
        let differs = head != ChainHead { count: lines, hash: last };
        Ok(differs.then_some((lines + 1, "the head of the chain is another one: the end was cut off, or added to")))
    }
}

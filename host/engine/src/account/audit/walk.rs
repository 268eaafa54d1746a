//! Walk the chains of an audit log. No key is needed: what is sealed stands in them as its digest.

use weighbridge_model::audit::{CHAIN_START, ChainHead};
use weighbridge_model::digest::Digest;
use weighbridge_store::tables::{Audit, AuditHeads, Tenants};
use weighbridge_store::{HostScope, ReadError, Store, TenantScope};

use super::checkpoint::ChainMark;
use crate::audit::host_chain;

/// How often the walk asks the store.
const STEP: usize = 1_000;
const TENANTS_MAX: usize = 1_000_000;

/// A line that is not as it was written, and what is wrong.
pub(crate) type Broken = (u64, &'static str);

/// The host's chain, every tenant's, and what else is known to have been one.
pub(crate) fn chains(store: &Store, known: impl Iterator<Item = TenantScope>) -> Result<Vec<TenantScope>, ReadError> {
    let mut scopes = vec![host_chain()];
    let heads = store.read(|tx| tx.keys::<AuditHeads>(HostScope::new(), None, TENANTS_MAX))?;
    let tenants = store.read(|tx| tx.keys::<Tenants>(HostScope::new(), None, TENANTS_MAX))?;
    scopes.extend(heads.into_iter().chain(tenants).map(|(scope, ())| scope).chain(known));
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

/// How many lines of a chain are sound, and the first that is not.
pub(crate) fn chain(
    store: &Store,
    scope: TenantScope,
    mark: Option<&ChainMark>,
) -> Result<(u64, Option<Broken>), ReadError> {
    let (mut previous, mut lines) = (CHAIN_START, 0_u64);
    loop {
        let after = (lines > 0).then_some(lines);
        let rows = store.read(|tx| tx.scan::<Audit>(&scope, after.as_ref(), STEP))?;
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
            return Ok((lines, end_of(store, scope, mark, lines, previous)?));
        }
    }
}

/// What is wrong with where a chain ends, if anything is.
fn end_of(
    store: &Store,
    scope: TenantScope,
    mark: Option<&ChainMark>,
    lines: u64,
    last: Digest,
) -> Result<Option<Broken>, ReadError> {
    let head = store.read(|tx| tx.get::<AuditHeads>(&scope, &()))?.unwrap_or_default();
    if mark.is_some_and(|mark| mark.lines > lines) {
        return Ok(Some((
            lines + 1,
            "the checkpoint has more lines: the end was cut off, or an older file brought back",
        )));
    }
    let differs = head != ChainHead { count: lines, hash: last };
    Ok(differs.then_some((lines + 1, "the head of the chain is another one: the end was cut off, or added to")))
}

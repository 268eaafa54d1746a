//! The mappings of a document.

use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::{EndpointId, MappingId};
use weighbridge_model::mapping::Mapping;
use weighbridge_sandbox::ExpressionFailure;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{CustomerIndex, Endpoints, Kind, MappingRow, Mappings, Named};

use super::error::ApplyError;
use super::named::{check_name, random};
use super::plan::{ChangeKind, Plan};
use crate::document::MappingDocument;
use crate::texts::{Texts, customer_owner};

pub(crate) fn plan(
    plan: &mut Plan<'_>,
    scope: CustomerScope,
    document: &MappingDocument,
    at: &str,
) -> Result<(), ApplyError> {
    check_name(&document.name, at)?;
    let rules = document.rules();
    let mapping = Mapping::compile(&rules).map_err(|error| ApplyError::at(format!("{at}{}", error.at), error.what))?;
    check_asked(plan, scope, &mapping, at)?;
    let id = match plan.customer_thing(scope, Kind::Mapping, &document.name)? {
        Some(id) => MappingId::from_bytes(id),
        None => MappingId::new(plan.host.now(), random()?),
    };
    let last = last_version(plan, scope, id)?;
    let json = serde_json::to_vec(&rules).map_err(|error| ApplyError::at(at, error.to_string()))?;
    let digest = Digest::of(&json);
    if last.as_ref().is_some_and(|(_, row)| row.digest == digest) {
        plan.note("mapping", &document.name, (ChangeKind::Unchanged, Vec::new()));
        return Ok(());
    }
    let kind = if last.is_some() { ChangeKind::Changed } else { ChangeKind::Created };
    let version = last.map_or(1, |(version, _)| version + 1);
    let texts = Texts::new(&plan.host.ring, customer_owner(scope), id.as_bytes());
    let row = MappingRow {
        name: texts.seal("name", &document.name)?,
        rules: texts.seal("rules", &json)?,
        digest,
        created_at: plan.host.now(),
    };
    let fields = if kind == ChangeKind::Changed { vec!["rules".to_owned()] } else { Vec::new() };
    plan.note("mapping", &document.name, (kind, fields));
    let hash = plan.customer_hash(scope, Kind::Mapping, &document.name)?;
    plan.put::<CustomerIndex>(scope, (Kind::Mapping.number(), hash), Named { id: *id.as_bytes() })?;
    plan.put::<Mappings>(scope, (id, version), row)
}

/// What the rules look up has to be there, and expressions need a place where they are run.
fn check_asked(plan: &Plan<'_>, scope: CustomerScope, mapping: &Mapping, at: &str) -> Result<(), ApplyError> {
    if !mapping.expressions().is_empty() && !plan.host.expressions.are_run() {
        return Err(ApplyError::at(at, ExpressionFailure::Nowhere.to_string()));
    }
    for name in mapping.endpoints() {
        let found = plan.customer_thing(scope, Kind::Endpoint, name)?.map(EndpointId::from_bytes);
        let endpoint = found.map(|id| plan.get::<Endpoints>(scope, id)).transpose()?.flatten();
        if endpoint.is_none_or(|endpoint| endpoint.direction != Direction::Destination) {
            let what = format!("there is no destination endpoint `{name}` whose records could be looked up");
            return Err(ApplyError::at(format!("{at}.rules"), what));
        }
    }
    Ok(())
}

/// The newest version of a mapping, and its number.
pub(crate) fn last_version(
    plan: &Plan<'_>,
    scope: CustomerScope,
    id: MappingId,
) -> Result<Option<(u32, MappingRow)>, ApplyError> {
    let mut last = None;
    for version in 1.. {
        match plan.get::<Mappings>(scope, (id, version))? {
            Some(row) => last = Some((version, row)),
            None => break,
        }
    }
    Ok(last)
}

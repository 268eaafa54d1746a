//! A workflow for a customer: what its template says, as parts of a document.

use std::collections::BTreeMap;

use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::id::{ConnectionId, WorkflowId};
use weighbridge_store::tables::{Connections, Kind};
use weighbridge_store::{CustomerScope, TenantScope};

use super::error::ApplyError;
use super::plan::Plan;
use super::{endpoint, mapping, transfer};
use crate::document::{EndpointDocument, WorkflowDocument, WorkflowEndpoint};
use crate::texts::{Texts, connection_owner};

/// Plans all parts of a template; what it answers are endpoints that wait for a system.
pub(crate) async fn plan(
    plan: &mut Plan<'_>,
    scope: CustomerScope,
    template: &WorkflowDocument,
    at: &str,
) -> Result<Vec<String>, ApplyError> {
    let mut waiting = Vec::new();
    for (index, one) in template.endpoints.iter().enumerate() {
        let connection = match (&one.integration, &one.connection) {
            (Some(offer), _) => connected_by(plan, scope, offer)?,
            (None, own) => own.clone(),
        };
        if connection.is_none() {
            waiting.push(format!("endpoint {}", one.name));
        }
        endpoint::plan(plan, scope, &endpoint_at(one, connection), &format!("{at}endpoint[{index}]")).await?;
    }
    for (index, one) in template.mappings.iter().enumerate() {
        mapping::plan(plan, scope, one, &format!("{at}mapping[{index}]"))?;
    }
    for (index, one) in template.transfers.iter().enumerate() {
        transfer::plan(plan, scope, one, &format!("{at}transfer[{index}]")).await?;
    }
    Ok(waiting)
}

/// The workflow of this name in its newest version, and that version's number.
pub(super) fn find(
    plan: &Plan<'_>,
    scope: TenantScope,
    name: &str,
    at: &str,
) -> Result<(WorkflowId, u32, WorkflowDocument), ApplyError> {
    let missing = || {
        let what = format!("there is no workflow `{name}`; make it by: weighbridge workflow set --name {name}");
        ApplyError::at(format!("{at}.workflow"), what)
    };
    let id = WorkflowId::from_bytes(plan.tenant_thing(scope, Kind::Workflow, name)?.ok_or_else(missing)?);
    let (version, row) = plan.host.newest_workflow(scope, id)?.ok_or_else(missing)?;
    plan.saw("workflow", format!("{id} {version}"), row.digest.as_bytes());
    let template = plan.host.template_of(scope, id, version).map_err(|problem| ApplyError::of(at, &problem))?;
    Ok((id, version, template.ok_or_else(missing)?))
}

/// The label of what a customer connected by an offer, or is to: the first, where there are several.
fn connected_by(plan: &Plan<'_>, scope: CustomerScope, offer: &str) -> Result<Option<String>, ApplyError> {
    let tenant = plan.tenant_scope(scope);
    let Some(offered) = plan.tenant_thing(tenant, Kind::Integration, offer)? else {
        return Err(ApplyError::at("template.endpoint", format!("there is no offer `{offer}`")));
    };
    let connections = connections(plan, scope)?;
    let Some(row) = connections.values().find(|row| *row.integration.as_bytes() == offered) else { return Ok(None) };
    let texts = Texts::new(&plan.host.ring, connection_owner(row), row.id.as_bytes());
    Ok(Some(texts.open_text("label", &row.label)?))
}

/// What serves a customer, stored or planned, the oldest first.
fn connections(plan: &Plan<'_>, scope: CustomerScope) -> Result<BTreeMap<ConnectionId, Connection>, ApplyError> {
    let tenant = plan.tenant_scope(scope);
    let mut found = BTreeMap::new();
    for id in plan.host.connections_of(scope)? {
        found.extend(plan.get::<Connections>(tenant, id)?.map(|row| (id, row)));
    }
    let planned = plan.planned_rows::<Connections>(tenant)?.into_iter();
    found.extend(planned.filter(|row| row.owner == Owner::Customer(scope.id())).map(|row| (row.id, row)));
    Ok(found)
}

fn endpoint_at(one: &WorkflowEndpoint, connection: Option<String>) -> EndpointDocument {
    EndpointDocument {
        name: one.name.clone(),
        description: Some(one.description.clone()),
        direction: Some(one.direction),
        stream: connection.as_ref().map(|_| one.stream.clone()),
        connection,
        partition: None,
        switch: one.switch,
        window: None,
        drift: one.drift,
    }
}

//! The transfers of a document.

use weighbridge_model::endpoint::{Direction, Endpoint};
use weighbridge_model::failing::FAILURES_MAX;
use weighbridge_model::id::{EndpointId, MappingId, TransferId};
use weighbridge_model::package::{Manifest, Mode};
use weighbridge_model::transfer::{BatchLimit, MappingVersion, Rejections, SyncMode, Transfer, WriteMode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Connections, CustomerIndex, Endpoints, Integrations, Kind, Named, Transfers};

use super::connection::manifest_of;
use super::error::ApplyError;
use super::fields;
use super::mapping::last_version;
use super::named::{check_name, kind_of, random, seal_changed};
use super::plan::{ChangeKind, Plan};
use super::schedule;
use crate::document::TransferDocument;
use crate::texts::{Texts, customer_owner};

pub(crate) async fn plan(
    plan: &mut Plan<'_>,
    scope: CustomerScope,
    document: &TransferDocument,
    at: &str,
) -> Result<(), ApplyError> {
    check_name(&document.name, at)?;
    let id = match plan.customer_thing(scope, Kind::Transfer, &document.name)? {
        Some(id) => TransferId::from_bytes(id),
        None => TransferId::new(plan.host.now(), random()?),
    };
    let before = plan.get::<Transfers>(scope, id)?;
    let texts = Texts::new(&plan.host.ring, customer_owner(scope), id.as_bytes());
    let old = before.as_ref();
    let ends = [Direction::Source, Direction::Destination];
    let [source, destination] = ends.map(|direction| endpoint(plan, scope, (old, direction), document, at));
    let transfer = Transfer {
        id,
        customer: scope.id(),
        name: seal_changed(&texts, "name", old.map(|one| &one.name), document.name.as_bytes())?,
        source: source?,
        destination: destination?,
        mapping: mapping(plan, scope, old, document, at)?,
        sync: document.sync.or(old.map(|one| one.sync)).unwrap_or_default(),
        write: document.write.or(old.map(|one| one.write)).unwrap_or_default(),
        limit: limit(document.limit.or(old.map(|one| one.limit)), at)?,
        rejections: rejections(document.rejections.or(old.map(|one| one.rejections)), at)?,
        removals: document.removals.or(old.map(|one| one.removals)).unwrap_or_default(),
        failures_max: failures_max(document.failures_max.or(old.map(|one| one.failures_max)), at)?,
        along: along(plan, scope, (id, old), document, at)?,
        switch: document.switch.or(old.map(|one| one.switch)).unwrap_or_default(),
        suspended: old.is_some_and(|one| one.suspended),
        removed_at: None,
    };
    check_modes(plan, scope, &transfer, at).await?;
    let row = kind_of(old, &transfer);
    let rescheduled = match &document.schedule {
        Some(schedule) => schedule::plan(plan, scope, id, schedule, at)?,
        None => false,
    };
    let kind = if rescheduled && row == ChangeKind::Unchanged { ChangeKind::Changed } else { row };
    let mut fields = if row == ChangeKind::Changed { fields::that_differ(old, &transfer) } else { Vec::new() };
    fields.extend((rescheduled && kind == ChangeKind::Changed).then(|| "schedule".to_owned()));
    plan.note("transfer", &document.name, (kind, fields));
    if kind != ChangeKind::Unchanged {
        let hash = plan.customer_hash(scope, Kind::Transfer, &document.name)?;
        plan.put::<CustomerIndex>(scope, (Kind::Transfer.number(), hash), Named { id: *id.as_bytes() })?;
        plan.put::<Transfers>(scope, id, transfer)?;
    }
    Ok(())
}

fn limit(limit: Option<BatchLimit>, at: &str) -> Result<BatchLimit, ApplyError> {
    let limit = limit.unwrap_or_default();
    if limit.records == 0 || limit.bytes == 0 || limit.records > 1_000_000 || limit.bytes > 64 << 20 {
        let what = "a batch holds 1 to 1,000,000 records and 1 byte to 64 MiB";
        return Err(ApplyError::at(format!("{at}.limit"), what));
    }
    Ok(limit)
}

fn rejections(rejections: Option<Rejections>, at: &str) -> Result<Rejections, ApplyError> {
    let rejections = rejections.unwrap_or_default();
    if rejections.share > 1_000 {
        let what = "the share is of a thousand records: 0 to 1,000";
        return Err(ApplyError::at(format!("{at}.rejections.share"), what));
    }
    Ok(rejections)
}

fn failures_max(failures_max: Option<u32>, at: &str) -> Result<u32, ApplyError> {
    let failures_max = failures_max.unwrap_or(FAILURES_MAX);
    if failures_max == 0 {
        return Err(ApplyError::at(
            format!("{at}.failures_max"),
            "at least one run may fail before it is suspended; write 1",
        ));
    }
    Ok(failures_max)
}

/// What goes along begins with this one only, and nothing goes along with that.
fn along(
    plan: &Plan<'_>,
    scope: CustomerScope,
    (id, before): (TransferId, Option<&Transfer>),
    document: &TransferDocument,
    at: &str,
) -> Result<Vec<TransferId>, ApplyError> {
    let Some(names) = &document.along else { return Ok(before.map(|one| one.along.clone()).unwrap_or_default()) };
    let at = format!("{at}.along");
    let mut along = Vec::new();
    for name in names {
        let missing =
            || ApplyError::at(&at, format!("the customer has no transfer `{name}`; let it stand before this one"));
        let other = TransferId::from_bytes(plan.customer_thing(scope, Kind::Transfer, name)?.ok_or_else(missing)?);
        let row = plan.get::<Transfers>(scope, other)?.ok_or_else(missing)?;
        if other == id || !row.along.is_empty() {
            let what = format!("`{name}` cannot go along: it is this transfer itself, or others go along with it");
            return Err(ApplyError::at(&at, what));
        }
        if !along.contains(&other) {
            along.push(other);
        }
    }
    Ok(along)
}

fn endpoint(
    plan: &Plan<'_>,
    scope: CustomerScope,
    (before, direction): (Option<&Transfer>, Direction),
    document: &TransferDocument,
    at: &str,
) -> Result<EndpointId, ApplyError> {
    let (field, name, before) = match direction {
        Direction::Source => ("source", &document.source, before.map(|one| one.source)),
        Direction::Destination => ("destination", &document.destination, before.map(|one| one.destination)),
    };
    let at = format!("{at}.{field}");
    let Some(name) = name else {
        return before.ok_or_else(|| ApplyError::at(at, "name an endpoint of this customer"));
    };
    let missing = || ApplyError::at(&at, format!("the customer has no endpoint `{name}`; add it to the document"));
    let id = plan.customer_thing(scope, Kind::Endpoint, name)?.ok_or_else(missing)?;
    let endpoint = plan.get::<Endpoints>(scope, EndpointId::from_bytes(id))?.ok_or_else(missing)?;
    if endpoint.direction != direction {
        return Err(ApplyError::at(&at, format!("the endpoint `{name}` is for the other direction")));
    }
    Ok(endpoint.id)
}

fn mapping(
    plan: &Plan<'_>,
    scope: CustomerScope,
    before: Option<&Transfer>,
    document: &TransferDocument,
    at: &str,
) -> Result<Option<MappingVersion>, ApplyError> {
    let id = match (&document.mapping, before.and_then(|one| one.mapping)) {
        (Some(name), _) => {
            let missing = || {
                let what = format!("the customer has no mapping `{name}`; add it to the document");
                ApplyError::at(format!("{at}.mapping"), what)
            };
            MappingId::from_bytes(plan.customer_thing(scope, Kind::Mapping, name)?.ok_or_else(missing)?)
        }
        (None, Some(before)) => before.id,
        (None, None) => return Ok(None),
    };
    Ok(last_version(plan, scope, id)?.map(|(version, _)| MappingVersion { id, version }))
}

/// Whether both connectors can do what the transfer wants; an endpoint that is not configured yet is asked later.
async fn check_modes(plan: &Plan<'_>, scope: CustomerScope, transfer: &Transfer, at: &str) -> Result<(), ApplyError> {
    let sync = match transfer.sync {
        SyncMode::FullRefresh => Mode::FullRefresh,
        SyncMode::Incremental => Mode::Incremental,
    };
    let write = match transfer.write {
        WriteMode::Append => Mode::Append,
        WriteMode::Overwrite => Mode::Overwrite,
        WriteMode::Upsert => Mode::Upsert,
    };
    for (id, mode, field) in [(transfer.source, sync, "sync"), (transfer.destination, write, "write")] {
        let Some(endpoint) = plan.get::<Endpoints>(scope, id)? else { continue };
        let Some(manifest) = manifest(plan, scope, &endpoint).await? else { continue };
        let stream = endpoint.place.as_ref().map(|place| place.stream.as_str()).unwrap_or_default();
        let modes = manifest.capability(stream, endpoint.direction).map(|one| one.modes.clone()).unwrap_or_default();
        if !modes.contains(&mode) {
            let known = modes.iter().map(|mode| format!("{mode:?}")).collect::<Vec<_>>().join(", ");
            let what = format!("{} cannot do that with `{stream}`; it can: {known}", manifest.name);
            return Err(ApplyError::at(format!("{at}.{field}"), what));
        }
    }
    Ok(())
}

async fn manifest(
    plan: &Plan<'_>,
    scope: CustomerScope,
    endpoint: &Endpoint,
) -> Result<Option<std::sync::Arc<Manifest>>, ApplyError> {
    let tenant = plan.tenant_scope(scope);
    let Some(place) = &endpoint.place else { return Ok(None) };
    let Some(connection) = plan.get::<Connections>(tenant, place.connection)? else { return Ok(None) };
    let Some(integration) = plan.get::<Integrations>(tenant, connection.integration)? else { return Ok(None) };
    manifest_of(plan, &integration).await.map(Some)
}

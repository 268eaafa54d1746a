//! The endpoints of a document.

use weighbridge_model::drift::DriftPolicy;
use weighbridge_model::endpoint::{Direction, Endpoint, Place};
use weighbridge_model::id::{ConnectionId, EndpointId};
use weighbridge_model::time::Zone;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Connections, CustomerIndex, Endpoints, Integrations, Kind, Named, Tenants};

use super::connection::manifest_of;
use super::error::ApplyError;
use super::named::{check_name, check_text, random, seal_changed, window};
use super::plan::{ChangeKind, Plan};
use crate::document::EndpointDocument;
use crate::texts::{Texts, customer_owner};

pub(crate) async fn plan(
    plan: &mut Plan<'_>,
    scope: CustomerScope,
    document: &EndpointDocument,
    at: &str,
) -> Result<(), ApplyError> {
    check_name(&document.name, at)?;
    check_text(document.partition.as_deref().unwrap_or_default(), format!("{at}.partition"))?;
    let id = match plan.customer_thing(scope, Kind::Endpoint, &document.name)? {
        Some(id) => EndpointId::from_bytes(id),
        None => EndpointId::new(plan.host.now(), random()?),
    };
    let before = plan.get::<Endpoints>(scope, id)?;
    if before.is_none() && plan.customer_thing(scope, Kind::Endpoint, &document.name)?.is_some() {
        let what = "an endpoint of this name was deleted, and history names it; choose another name";
        return Err(ApplyError::at(format!("{at}.name"), what));
    }
    let texts = Texts::new(&plan.host.ring, customer_owner(scope), id.as_bytes());
    let direction = direction(before.as_ref(), document, at)?;
    let description = match (&document.description, &before) {
        (Some(text), _) if text.trim().is_empty() => {
            return Err(ApplyError::at(format!("{at}.description"), "say what the endpoint is for"));
        }
        (Some(text), before) => {
            check_text(text, format!("{at}.description"))?;
            seal_changed(&texts, "description", before.as_ref().map(|one| &one.description), text.as_bytes())?
        }
        (None, Some(before)) => before.description.clone(),
        (None, None) => return Err(ApplyError::at(format!("{at}.description"), "say what the endpoint is for")),
    };
    let zone = plan.get::<Tenants>(plan.tenant_scope(scope), ())?.map_or(Zone::UTC, |tenant| tenant.zone);
    let endpoint = Endpoint {
        id,
        customer: scope.id(),
        name: seal_changed(&texts, "name", before.as_ref().map(|one| &one.name), document.name.as_bytes())?,
        description,
        direction,
        place: place(plan, scope, &texts, (before.as_ref(), direction), document, at).await?,
        switch: document.switch.or(before.as_ref().map(|one| one.switch)).unwrap_or_default(),
        window: match &document.window {
            Some(document) => window(document, &zone, at)?,
            None => before.as_ref().map(|one| one.window).unwrap_or_default(),
        },
        drift: drift(before.as_ref(), direction, document, at)?,
    };
    let kind = plan.note_row("endpoint", &document.name, (before.as_ref(), &endpoint));
    if kind != ChangeKind::Unchanged {
        let hash = plan.customer_hash(scope, Kind::Endpoint, &document.name)?;
        plan.put::<CustomerIndex>(scope, (Kind::Endpoint.number(), hash), Named { id: *id.as_bytes() })?;
        plan.put::<Endpoints>(scope, id, endpoint)?;
    }
    Ok(())
}

/// Only what comes can be another than it was.
fn drift(
    before: Option<&Endpoint>,
    direction: Direction,
    document: &EndpointDocument,
    at: &str,
) -> Result<DriftPolicy, ApplyError> {
    match document.drift {
        Some(_) if direction == Direction::Destination => {
            Err(ApplyError::at(format!("{at}.drift"), "records come from a source only; leave this out"))
        }
        Some(policy) => Ok(policy),
        None => Ok(before.map(|one| one.drift).unwrap_or_default()),
    }
}

fn direction(before: Option<&Endpoint>, document: &EndpointDocument, at: &str) -> Result<Direction, ApplyError> {
    match (document.direction, before) {
        (Some(wanted), Some(before)) if wanted != before.direction => {
            let what = "an endpoint's direction does not change; make another endpoint";
            Err(ApplyError::at(format!("{at}.direction"), what))
        }
        (Some(direction), _) => Ok(direction),
        (None, Some(before)) => Ok(before.direction),
        (None, None) => Err(ApplyError::at(format!("{at}.direction"), "write `source` or `destination`")),
    }
}

/// The customer's own connection of that name, else the tenant's.
fn find_connection(plan: &Plan<'_>, scope: CustomerScope, name: &str, at: &str) -> Result<ConnectionId, ApplyError> {
    let own = plan.customer_thing(scope, Kind::Connection, name)?;
    let found = match own {
        Some(id) => Some(id),
        None => plan.tenant_thing(plan.tenant_scope(scope), Kind::Connection, name)?,
    };
    found.map(ConnectionId::from_bytes).ok_or_else(|| {
        let what = format!("there is no connection `{name}` of this customer or the tenant; add it to the document");
        ApplyError::at(format!("{at}.connection"), what)
    })
}

async fn place(
    plan: &Plan<'_>,
    scope: CustomerScope,
    texts: &Texts<'_>,
    (before, direction): (Option<&Endpoint>, Direction),
    document: &EndpointDocument,
    at: &str,
) -> Result<Option<Place>, ApplyError> {
    let before = before.and_then(|one| one.place.as_ref());
    let (Some(name), Some(stream)) = (&document.connection, &document.stream) else {
        return match (&document.connection, &document.stream) {
            (None, None) => Ok(before.cloned()),
            (Some(_), _) => Err(ApplyError::at(format!("{at}.stream"), "name the stream of the connection")),
            (None, _) => Err(ApplyError::at(format!("{at}.connection"), "name the connection that has the stream")),
        };
    };
    let connection = find_connection(plan, scope, name, at)?;
    let tenant = plan.tenant_scope(scope);
    let row = plan.get::<Connections>(tenant, connection)?;
    let integration = match &row {
        Some(row) => plan.get::<Integrations>(tenant, row.integration)?,
        None => None,
    };
    if let Some(integration) = integration {
        let manifest = manifest_of(plan, &integration).await?;
        if manifest.capability(stream, direction).is_none() {
            let streams: Vec<_> = manifest.capabilities.iter().filter(|one| one.direction == direction).collect();
            let streams = streams.iter().map(|one| one.stream.as_str()).collect::<Vec<_>>().join(", ");
            let what = format!("{} has no such stream in this direction; it has: {streams}", manifest.name);
            return Err(ApplyError::at(format!("{at}.stream"), what));
        }
    }
    let partition = match (&document.partition, before.and_then(|one| one.partition.as_ref())) {
        // An empty number takes away the one that was there.
        (Some(text), _) if text.is_empty() => None,
        (Some(text), sealed) => Some(seal_changed(texts, "partition", sealed, text.as_bytes())?),
        (None, sealed) => sealed.cloned(),
    };
    let stream = stream.parse().map_err(|error| ApplyError::at(format!("{at}.stream"), format!("{error}")))?;
    Ok(Some(Place { connection, stream, partition }))
}

//! The connections of a document, the tenant's own and its customers'.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};
use weighbridge_model::access::Who;
use weighbridge_model::connection::{CapabilityKey, Connection, ConnectionState, Owner};
use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::{ConnectionId, IntegrationId};
use weighbridge_model::integration::Integration;
use weighbridge_model::name::SchemeName;
use weighbridge_model::package::{AuthMethod, Manifest, OAuthFlow};
use weighbridge_model::sealed::Sealed;
use weighbridge_store::tables::{
    Connections, CustomerIndex, Integrations, Kind, Named, Packages, TenantIndex, Tenants,
};
use weighbridge_store::{CustomerScope, HostScope, TenantScope};

use super::error::ApplyError;
use super::named::{check_name, random, seal_changed, seal_json, window};
use super::plan::{ChangeKind, Plan};
use super::secret_files::SecretFiles;
use crate::document::{ConnectionDocument, SecretDocument};
use crate::texts::Texts;

/// Whose connection it is: the tenant's own, or one customer's.
pub(crate) type Whose = (TenantScope, Option<CustomerScope>);

pub(crate) async fn plan(
    plan: &mut Plan<'_>,
    whose: Whose,
    document: &ConnectionDocument,
    files: &SecretFiles,
    at: &str,
) -> Result<(), ApplyError> {
    check_name(&document.name, at)?;
    let (scope, customer) = whose;
    let integration = integration(plan, scope, document, at)?;
    let manifest = manifest_of(plan, &integration).await?;
    let found = find(plan, whose, &document.name)?;
    let id = found.map_or_else(|| Ok::<_, ApplyError>(ConnectionId::new(plan.host.now(), random()?)), Ok)?;
    let before = plan.get::<Connections>(scope, id)?;
    if document.secrets.is_some() && before.as_ref().is_some_and(|one| !may_replace(one, plan.by.map(|by| by.who))) {
        let what = "a person entered this credential and alone may replace it; ask them, or make another connection";
        return Err(ApplyError::at(format!("{at}.secrets"), what));
    }
    let owner = customer.map_or(Owner::Tenant, |customer| Owner::Customer(customer.id()));
    let vault_owner = customer.map_or(weighbridge_vault::Owner::Tenant(scope.id()), crate::texts::customer_owner);
    let texts = Texts::new(&plan.host.ring, vault_owner, id.as_bytes());
    let defaults = defaults_of(plan, &integration)?;
    refuse_fixed(plan, customer, document, &defaults, at)?;
    let configuration = configuration(&texts, before.as_ref(), document, &manifest, &defaults, at)?;
    let (scheme, secrets) = secrets(plan, &texts, before.as_ref(), document, (&manifest, files), at)?;
    let zone = plan.get::<Tenants>(scope, ())?.map_or(weighbridge_model::time::Zone::UTC, |tenant| tenant.zone);
    let connection = Connection {
        id,
        tenant: scope.id(),
        owner,
        integration: integration.id,
        switch: document.switch.or(before.as_ref().map(|one| one.switch)).unwrap_or_default(),
        state: state(before.as_ref(), scheme.as_ref(), secrets.as_ref(), &manifest),
        window: match &document.window {
            Some(document) => window(document, &zone, at)?,
            None => before.as_ref().map(|one| one.window).unwrap_or_default(),
        },
        label: seal_changed(&texts, "label", before.as_ref().map(|one| &one.label), document.name.as_bytes())?,
        configuration,
        scheme,
        secrets,
        made_by: before.as_ref().map_or(plan.by, |one| one.made_by),
        made_at: before.as_ref().map_or_else(|| Some(plan.host.now()), |one| one.made_at),
        entered_by: match (&document.secrets, &before) {
            (Some(_), _) => plan.by,
            (None, before) => before.as_ref().and_then(|before| before.entered_by),
        },
        capabilities_off: off(before.as_ref(), document, &manifest, at)?,
    };
    write(plan, whose, document, before.as_ref(), connection)
}

/// Whether somebody may replace a connection's credential: who entered it alone may, and a document what a document entered.
pub(crate) fn may_replace(connection: &Connection, by: Option<Who>) -> bool {
    let has_one = connection.secrets.is_some() || connection.entered_by.is_some();
    !has_one || connection.entered_by.map(|one| one.who) == by
}

fn write(
    plan: &mut Plan<'_>,
    (scope, customer): Whose,
    document: &ConnectionDocument,
    before: Option<&Connection>,
    connection: Connection,
) -> Result<(), ApplyError> {
    if plan.note_row("connection", &document.name, (before, &connection)) == ChangeKind::Unchanged {
        return Ok(());
    }
    let named = Named { id: *connection.id.as_bytes() };
    match customer {
        Some(customer) => {
            let hash = plan.customer_hash(customer, Kind::Connection, &document.name)?;
            plan.put::<CustomerIndex>(customer, (Kind::Connection.number(), hash), named)?;
        }
        None => {
            let hash = plan.tenant_hash(scope.id(), Kind::Connection, &document.name)?;
            plan.put::<TenantIndex>(scope, (Kind::Connection.number(), hash), named)?;
        }
    }
    plan.put::<Connections>(scope, connection.id, connection)
}

pub(crate) fn find(plan: &Plan<'_>, (scope, customer): Whose, name: &str) -> Result<Option<ConnectionId>, ApplyError> {
    let found = match customer {
        Some(customer) => plan.customer_thing(customer, Kind::Connection, name)?,
        None => plan.tenant_thing(scope, Kind::Connection, name)?,
    };
    Ok(found.map(ConnectionId::from_bytes))
}

fn integration(
    plan: &Plan<'_>,
    scope: TenantScope,
    document: &ConnectionDocument,
    at: &str,
) -> Result<Integration, ApplyError> {
    let missing = || {
        let what = format!("there is no integration `{}`; add it to the document", document.integration);
        ApplyError::at(format!("{at}.integration"), what)
    };
    let id = plan.tenant_thing(scope, Kind::Integration, &document.integration)?.ok_or_else(missing)?;
    plan.get::<Integrations>(scope, IntegrationId::from_bytes(id))?.ok_or_else(missing)
}

/// The manifest of the connector that an integration offers.
pub(crate) async fn manifest_of(plan: &Plan<'_>, integration: &Integration) -> Result<Arc<Manifest>, ApplyError> {
    let host = HostScope::new();
    let name = integration.connector.clone();
    let package = plan.get::<Packages>(host, name.clone())?;
    let package = package.ok_or_else(|| ApplyError::at("integration", format!("`{name}` is not installed")))?;
    let trust = plan.host.trust()?;
    let manifest = plan.host.packages.manifest(name.as_str(), &package, &trust).await;
    manifest.map_err(|error| ApplyError::at("integration", format!("`{name}`: {error}")))
}

fn configuration(
    texts: &Texts<'_>,
    before: Option<&Connection>,
    document: &ConnectionDocument,
    manifest: &Manifest,
    defaults: &Map<String, Value>,
    at: &str,
) -> Result<Sealed, ApplyError> {
    let configuration: Map<String, Value> = match (&document.configuration, before) {
        (Some(configuration), _) => {
            let mut whole = defaults.clone();
            whole.extend(configuration.clone());
            name_scheme(&mut whole, document, before, manifest);
            manifest.with_defaults(&whole)
        }
        (None, Some(before)) => return Ok(before.configuration.clone()),
        (None, None) => {
            let mut whole = defaults.clone();
            name_scheme(&mut whole, document, before, manifest);
            manifest.with_defaults(&whole)
        }
    };
    let value = Value::Object(configuration);
    let schema = jsonschema::validator_for(&manifest.configuration)
        .map_err(|error| ApplyError::at(format!("{at}.integration"), format!("the connector's schema: {error}")))?;
    if let Some(error) = schema.iter_errors(&value).next() {
        let place = format!("{at}.configuration{}", error.instance_path());
        return Err(ApplyError::at(place, error.to_string()));
    }
    seal_json(texts, "configuration", before.map(|one| &one.configuration), &value)
}

/// What an offer begins with is not a customer's to change: it says where the tenant's own client proves itself.
fn refuse_fixed(
    plan: &Plan<'_>,
    customer: Option<CustomerScope>,
    document: &ConnectionDocument,
    defaults: &Map<String, Value>,
    at: &str,
) -> Result<(), ApplyError> {
    let is_customers = plan.by.and_then(|by| by.role).is_some_and(crate::account::is_of_customer);
    let given = document.configuration.iter().flatten();
    let mut fixed = given.filter(|(name, value)| defaults.get(*name).is_some_and(|fixed| fixed != *value));
    match fixed.next() {
        Some((name, _)) if is_customers && customer.is_some() => {
            Err(ApplyError::at(format!("{at}.configuration.{name}"), "your partner has set this; leave it out"))
        }
        _ => Ok(()),
    }
}

/// A connector that wants to be told the auth scheme among its settings is told the one that the connection has.
fn name_scheme(
    settings: &mut Map<String, Value>,
    document: &ConnectionDocument,
    before: Option<&Connection>,
    manifest: &Manifest,
) {
    let scheme = document.scheme.as_deref().or_else(|| before?.scheme.as_ref().map(SchemeName::as_str));
    if let Some(scheme) = scheme.filter(|scheme| manifest.tells_scheme(scheme)) {
        settings.entry("auth").or_insert_with(|| scheme.into());
    }
}

/// What the integration says that settings begin with.
fn defaults_of(plan: &Plan<'_>, integration: &Integration) -> Result<Map<String, Value>, ApplyError> {
    let Some(sealed) = &integration.defaults else { return Ok(Map::new()) };
    let texts = crate::connector::integration_texts(&plan.host.ring, integration);
    Ok(serde_json::from_slice(&texts.open("defaults", sealed)?).unwrap_or_default())
}

/// What a connection that brings its own OAuth 2 client gives.
const OAUTH_CLIENT: [&str; 2] = ["client_id", "client_secret"];

type Secrets = (Option<SchemeName>, Option<Sealed>);

fn secrets(
    plan: &Plan<'_>,
    texts: &Texts<'_>,
    before: Option<&Connection>,
    document: &ConnectionDocument,
    (manifest, files): (&Manifest, &SecretFiles),
    at: &str,
) -> Result<Secrets, ApplyError> {
    let Some(name) = &document.scheme else {
        return match &document.secrets {
            Some(_) => Err(ApplyError::at(format!("{at}.scheme"), "secrets need the auth scheme that they are for")),
            None => Ok((before.and_then(|one| one.scheme.clone()), before.and_then(|one| one.secrets.clone()))),
        };
    };
    let scheme = manifest.scheme(name).ok_or_else(|| {
        let known = manifest.auth.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
        ApplyError::at(format!("{at}.scheme"), format!("the connector has no auth scheme `{name}`; it has: {known}"))
    })?;
    let mut values = BTreeMap::new();
    for (key, secret) in document.secrets.iter().flatten() {
        values.insert(key.clone(), read_secret(plan, secret, files, &format!("{at}.secrets.{key}"))?);
    }
    let name = name.parse().map_err(|error| ApplyError::at(format!("{at}.scheme"), format!("{error}")))?;
    if matches!(scheme.apply, AuthMethod::Oauth2(_)) && values.is_empty() {
        // The client is the integration's.
        return Ok((Some(name), None));
    }
    let wanted = match scheme.apply {
        AuthMethod::Oauth2(_) => OAUTH_CLIENT
            .map(String::from)
            .into_iter()
            .filter(|name| name == "client_id" || values.contains_key(name))
            .collect(),
        _ => scheme.secret_names(),
    };
    if let Some(missing) = wanted.iter().find(|wanted| !values.contains_key(*wanted)) {
        return Err(ApplyError::at(format!("{at}.secrets"), format!("`{missing}` is missing; the scheme needs it")));
    }
    if let Some(stranger) = values.keys().find(|key| !wanted.contains(key)) {
        return Err(ApplyError::at(format!("{at}.secrets.{stranger}"), "the scheme has no secret of this name"));
    }
    // After a refused sign-in the same secrets are sealed anew, so that they are tried once more.
    let kept = before.filter(|one| one.state != ConnectionState::NeedsSignIn).and_then(|one| one.secrets.as_ref());
    let sealed = seal_json(texts, "secrets", kept, &values)?;
    Ok((Some(name), Some(sealed)))
}

/// Secrets that were applied are a new sign-in; a grant is given by a person, who has to go to the platform.
fn state(
    before: Option<&Connection>,
    scheme: Option<&SchemeName>,
    secrets: Option<&Sealed>,
    manifest: &Manifest,
) -> ConnectionState {
    let method = scheme.and_then(|name| manifest.scheme(name.as_str())).map(|scheme| &scheme.apply);
    if let Some(AuthMethod::Oauth2(oauth2)) = method
        && oauth2.flow == OAuthFlow::AuthorizationCode
    {
        let kept = before.filter(|one| one.scheme.as_ref() == scheme).map(|one| one.state);
        return kept.unwrap_or(ConnectionState::NeedsSignIn);
    }
    match before {
        None => ConnectionState::Ready,
        Some(one) if one.state == ConnectionState::NeedsSignIn && one.secrets.as_ref() != secrets => {
            ConnectionState::Ready
        }
        Some(one) => one.state,
    }
}

pub(crate) fn read_secret(
    plan: &Plan<'_>,
    secret: &SecretDocument,
    files: &SecretFiles,
    at: &str,
) -> Result<String, ApplyError> {
    match secret {
        SecretDocument::Text(text) => Ok(text.clone()),
        SecretDocument::File { file } => {
            let text = files.read(file).map_err(|error| ApplyError::at(at, error.to_string()))?;
            plan.saw("file", file.clone(), text.as_bytes());
            Ok(text.trim_end_matches(['\n', '\r']).to_owned())
        }
    }
}

fn off(
    before: Option<&Connection>,
    document: &ConnectionDocument,
    manifest: &Manifest,
    at: &str,
) -> Result<BTreeSet<CapabilityKey>, ApplyError> {
    let Some(listed) = &document.off else {
        return Ok(before.map(|one| one.capabilities_off.clone()).unwrap_or_default());
    };
    let parse = |text: &String| {
        let (direction, stream) = text.split_once(':')?;
        let direction = match direction {
            "source" => Direction::Source,
            "destination" => Direction::Destination,
            _ => return None,
        };
        manifest.capability(stream, direction)?;
        Some(CapabilityKey { stream: stream.parse().ok()?, direction })
    };
    let parsed = listed.iter().enumerate().map(|(index, text)| {
        parse(text).ok_or_else(|| {
            let what = format!("`{text}` is no capability of the connector; write source:STREAM or destination:STREAM");
            ApplyError::at(format!("{at}.off[{index}]"), what)
        })
    });
    parsed.collect()
}

//! The integrations of a document.

use std::collections::BTreeMap;

use weighbridge_model::id::IntegrationId;
use weighbridge_model::integration::{EgressGrant, Integration};
use weighbridge_model::name::ConnectorName;
use weighbridge_model::sealed::Sealed;
use weighbridge_store::tables::{Integrations, Kind, Named, TenantIndex};
use weighbridge_store::{TenantScope, tables};
use weighbridge_vault::Owner;

use super::connection::read_secret;
use super::error::ApplyError;
use super::named::{check_name, check_text, random, seal_changed, seal_json};
use super::outward;
use super::plan::{ChangeKind, Plan};
use super::secret_files::SecretFiles;
use crate::document::IntegrationDocument;
use crate::texts::Texts;

pub(crate) async fn plan(
    plan: &mut Plan<'_>,
    scope: TenantScope,
    document: &IntegrationDocument,
    files: &SecretFiles,
    at: &str,
) -> Result<(), ApplyError> {
    check_name(&document.name, at)?;
    let connector: ConnectorName =
        document.connector.parse().map_err(|error| ApplyError::at(format!("{at}.connector"), format!("{error}")))?;
    if plan.get::<tables::Packages>(weighbridge_store::HostScope::new(), connector.clone())?.is_none() {
        let what = format!("`{connector}` is not installed; run: weighbridge connector install FILE");
        return Err(ApplyError::at(format!("{at}.connector"), what));
    }
    let found = plan.tenant_thing(scope, Kind::Integration, &document.name)?;
    let id = match found {
        Some(id) => IntegrationId::from_bytes(id),
        None => IntegrationId::new(plan.host.now(), random()?),
    };
    let before = plan.get::<Integrations>(scope, id)?;
    let texts = Texts::new(&plan.host.ring, Owner::Tenant(scope.id()), id.as_bytes());
    let grant = grant(&texts, before.as_ref(), document, at)?;
    let integration = Integration {
        id,
        tenant: scope.id(),
        connector,
        switch: document.switch.or(before.as_ref().map(|one| one.switch)).unwrap_or_default(),
        name: seal_changed(&texts, "name", before.as_ref().map(|one| &one.name), document.name.as_bytes())?,
        grant: seal_json(&texts, "grant", before.as_ref().map(|one| &one.grant), &grant)?,
        oauth_client: oauth_client(plan, &texts, before.as_ref(), document, (files, at))?,
        authorities: {
            let (ca, at) = (document.ca.as_ref(), format!("{at}.ca"));
            outward::authorities(plan, &texts, before.as_ref(), ca, (files, &at))?
        },
        client_certificate: {
            let (shown, at) = (document.client_certificate.as_ref(), format!("{at}.client_certificate"));
            outward::certificate(plan, &texts, before.as_ref(), shown, (files, &at))?
        },
        self_managed: document.self_managed.or(before.as_ref().map(|one| one.self_managed)).unwrap_or_default(),
        price: match (document.price.as_deref(), before.as_ref().and_then(|one| one.price.as_ref())) {
            (None, kept) => kept.cloned(),
            (Some(""), _) => None,
            (Some(text), kept) => {
                check_text(text, format!("{at}.price"))?;
                Some(seal_changed(&texts, "price", kept, text.as_bytes())?)
            }
        },
        defaults: match (&document.defaults, before.as_ref().and_then(|one| one.defaults.as_ref())) {
            (None, kept) => kept.cloned(),
            (Some(defaults), kept) => Some(seal_json(&texts, "defaults", kept, defaults)?),
        },
        proxy: document.proxy.or(before.as_ref().map(|one| one.proxy)).unwrap_or_default(),
    };
    let kind = plan.note_row("integration", &document.name, (before.as_ref(), &integration));
    if kind != ChangeKind::Unchanged {
        if let Some(detail) = outward::difference(&plan.host.ring, &document.name, before.as_ref(), &integration)? {
            plan.audit("integration.egress_changed", detail);
        }
        let hash = plan.tenant_hash(scope.id(), Kind::Integration, &document.name)?;
        plan.put::<TenantIndex>(scope, (Kind::Integration.number(), hash), Named { id: *id.as_bytes() })?;
        plan.put::<Integrations>(scope, id, integration)?;
    }
    Ok(())
}

fn oauth_client(
    plan: &Plan<'_>,
    texts: &Texts<'_>,
    before: Option<&Integration>,
    document: &IntegrationDocument,
    (files, at): (&SecretFiles, &str),
) -> Result<Option<Sealed>, ApplyError> {
    let before = before.and_then(|one| one.oauth_client.as_ref());
    let Some(client) = &document.oauth_client else { return Ok(before.cloned()) };
    let mut values =
        BTreeMap::from([("id".to_owned(), read_secret(plan, &client.id, files, &format!("{at}.oauth_client.id"))?)]);
    if let Some(secret) = &client.secret {
        values.insert("secret".to_owned(), read_secret(plan, secret, files, &format!("{at}.oauth_client.secret"))?);
    }
    seal_json(texts, "oauth_client", before, &values).map(Some)
}

fn grant(
    texts: &Texts<'_>,
    before: Option<&Integration>,
    document: &IntegrationDocument,
    at: &str,
) -> Result<EgressGrant, ApplyError> {
    let mut grant = match before {
        Some(before) => serde_json::from_slice(&texts.open("grant", &before.grant)?).unwrap_or_default(),
        None => EgressGrant::default(),
    };
    if let Some(hosts) = &document.hosts {
        for (index, host) in hosts.iter().enumerate() {
            weighbridge_model::package::HostPattern::parse(host)
                .map_err(|error| ApplyError::at(format!("{at}.hosts[{index}]"), error.to_string()))?;
        }
        grant.hosts.clone_from(hosts);
    }
    if let Some(networks) = &document.networks {
        for (index, network) in networks.iter().enumerate() {
            crate::connector::network(network)
                .map_err(|what| ApplyError::at(format!("{at}.networks[{index}]"), what))?;
        }
        grant.networks.clone_from(networks);
    }
    if let Some(folders) = &document.folders {
        crate::connector::check_folders(folders)
            .map_err(|(index, what)| ApplyError::at(format!("{at}.folders[{index}]"), what))?;
        grant.folders.clone_from(folders);
    }
    Ok(grant)
}
